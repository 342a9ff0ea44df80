#include "selftest.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace fake_test {
namespace {

using Clock = std::chrono::steady_clock;

// The controls are read once per process: each test that needs its own runs this statement in a child.
#define IN_CHILD(statement)                          \
  EXPECT_EXIT(                                       \
      {                                              \
        statement;                                   \
        exit(::testing::Test::HasFailure() ? 1 : 0); \
      },                                             \
      ::testing::ExitedWithCode(0), "")

// A mistake must end the process with a report that matches.
#define EXPECT_MISUSE(statement, report) EXPECT_EXIT(statement, ::testing::KilledBySignal(SIGABRT), report)

class Fake : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
using FakeTable = Fake;
using FakeControls = Fake;
using FakeRuns = Fake;
using FakeMisuse = Fake;

void CheckMinor(int minor, size_t slots) {
  const PJRT_Api *api = LoadWith("minor=" + std::to_string(minor));
  EXPECT_EQ(api->struct_size, pje::abi::kHeaderSize + slots * sizeof(void *));
  EXPECT_EQ(api->pjrt_api_version.minor_version, minor);
  Session session(api);
  PJRT_Buffer *buffer = session.UploadFloats({1, 2});
  EXPECT_EQ(session.DownloadFloats(buffer), (std::vector<float>{1, 2}));
  session.Destroy(buffer);
}

TEST_F(FakeTable, IsCutToWhatTheMinorHad) {
  IN_CHILD(CheckMinor(57, 101));
  IN_CHILD(CheckMinor(81, 118));
  IN_CHILD(CheckMinor(106, 136));
  IN_CHILD(CheckMinor(112, 138));
  IN_CHILD(CheckMinor(116, 138));
  IN_CHILD(CheckMinor(117, 139));
}

void CheckFutureSlot() {
  const PJRT_Api *api = LoadWith("minor=117");
  void *slot = nullptr;
  memcpy(&slot, reinterpret_cast<const char *>(api) + sizeof(PJRT_Api), sizeof slot);
  auto call = reinterpret_cast<PJRT_Error *(*)(void *)>(slot);
  EXPECT_EQ(Take(api, call(nullptr)).code, PJRT_Error_Code_UNIMPLEMENTED);
}

TEST_F(FakeTable, AppendsSlotsPastTheNewestMinor) { IN_CHILD(CheckFutureSlot()); }

void CheckHoles() {
  const PJRT_Api *api = LoadWith("null=PJRT_Buffer_Bitcast;cut=PJRT_TopologyDescription_Fingerprint");
  EXPECT_EQ(api->PJRT_Buffer_Bitcast, nullptr);
  EXPECT_NE(api->PJRT_Error_ForEachPayload, nullptr);
  EXPECT_EQ(api->struct_size, offsetof(PJRT_Api, PJRT_TopologyDescription_Fingerprint));
}

TEST_F(FakeTable, HasTheHolesAskedFor) { IN_CHILD(CheckHoles()); }

TEST_F(FakeTable, AnswersEverySlotWithAnErrorForSizeZero) {
  const PJRT_Api *api = Load();
#define PJE_FUNCTION(name, since, returns)                                                               \
  if constexpr (std::is_same_v<decltype(api->PJRT_##name(nullptr)), PJRT_Error *>) {                     \
    auto args = Make<PJRT_##name##_Args>();                                                              \
    args.struct_size = 0;                                                                                \
    Outcome outcome = Do(api, &args);                                                                    \
    EXPECT_EQ(outcome.code, PJRT_Error_Code_INVALID_ARGUMENT) << #name;                                  \
    EXPECT_NE(outcome.message.find("Unexpected PJRT_" #name "_Args size: expected"), std::string::npos); \
  }
#include "abi/functions.def"
#undef PJE_FUNCTION
}

TEST_F(FakeTable, TakesTheSizesThatRealPluginsTake) {
  Session session(Load());
  auto stats = Make<PJRT_Device_MemoryStats_Args>();
  stats.device = session.devices[0];
  stats.struct_size = 185;
  stats.peak_allocated_bytes = -7;
  EXPECT_CALL_OK(Do(session.api, &stats));
  EXPECT_TRUE(stats.bytes_limit_is_set);
  EXPECT_EQ(stats.peak_allocated_bytes, -7);
  auto too_small = Make<PJRT_Device_MemoryStats_Args>();
  too_small.struct_size = 184;
  EXPECT_EQ(Do(session.api, &too_small).message,
            "Unexpected PJRT_Device_MemoryStats_Args size: expected 185, got 184");
}

TEST_F(FakeRuns, TakeOptionsAsShortAsRealPluginsDo) {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  ASSERT_TRUE(session.Compile(kAddOne, kOneDevice, &executable).ok());
  PJRT_Buffer *input = session.UploadFloats({1, 2, 3, 4});
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  session.execute_options_size = 111;
  EXPECT_EQ(session.Execute(executable, {{input}}, &outputs).message,
            "Unexpected PJRT_ExecuteOptions size: expected 112, got 111");
  session.execute_options_size = 112;
  EXPECT_CALL_OK(session.Execute(executable, {{input}}, &outputs));
  EXPECT_EQ(session.DownloadFloats(outputs[0][0]), (std::vector<float>{2, 3, 4, 5}));
  session.Destroy(outputs[0][0]);
  session.Destroy(input);
  session.Destroy(executable);
}

void CheckMalformed() {
  const PJRT_Api *api = LoadWith("devices=4;colour=red");
  auto args = Make<PJRT_Plugin_Initialize_Args>();
  Outcome outcome = Do(api, &args);
  EXPECT_EQ(outcome.code, PJRT_Error_Code_INVALID_ARGUMENT);
  EXPECT_NE(outcome.message.find("colour"), std::string::npos);
}

TEST_F(FakeControls, NameTheMalformedKey) { IN_CHILD(CheckMalformed()); }

void CheckFailNth() {
  const PJRT_Api *api =
      LoadWith("fail=PJRT_Client_PlatformName:2:DATA_LOSS:gone;fail=PJRT_Client_ProcessIndex:2+:14");
  Session session(api);
  std::vector<uint32_t> names;
  std::vector<uint32_t> indices;
  for (int i = 0; i < 4; ++i) {
    auto name = Make<PJRT_Client_PlatformName_Args>();
    name.client = session.client;
    Outcome outcome = Do(api, &name);
    names.push_back(outcome.code);
    EXPECT_EQ(outcome.message, i == 1 ? "gone" : "");
    auto index = Make<PJRT_Client_ProcessIndex_Args>();
    index.client = session.client;
    indices.push_back(Do(api, &index).code);
  }
  EXPECT_EQ(names, (std::vector<uint32_t>{0, 15, 0, 0}));
  EXPECT_EQ(indices, (std::vector<uint32_t>{0, 14, 14, 14}));
}

TEST_F(FakeControls, FailTheNthCall) { IN_CHILD(CheckFailNth()); }

void CheckDelay() {
  Session session(LoadWith("delay=PJRT_Client_PlatformName:30ms;delay=PJRT_Buffer_ToHostBuffer:400ms"));
  auto name = Make<PJRT_Client_PlatformName_Args>();
  name.client = session.client;
  Clock::time_point start = Clock::now();
  EXPECT_CALL_OK(Do(session.api, &name));
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(30));
  PJRT_Buffer *buffer = session.UploadFloats({1});
  float value = 0;
  auto args = Make<PJRT_Buffer_ToHostBuffer_Args>();
  args.src = buffer;
  args.dst = &value;
  args.dst_size = sizeof value;
  start = Clock::now();
  EXPECT_CALL_OK(Do(session.api, &args));
  EXPECT_LT(Clock::now() - start, std::chrono::milliseconds(400));
  EXPECT_CALL_OK(session.Await(args.event));
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(400));
  session.Destroy(args.event);
  session.Destroy(buffer);
}

TEST_F(FakeControls, DelayCallsAndCompletions) { IN_CHILD(CheckDelay()); }

bool ReadyAtOnce(const char *controls) {
  Session session(LoadWith(controls));
  PJRT_Buffer *buffer = session.UploadFloats({1});
  auto event = Make<PJRT_Buffer_ReadyEvent_Args>();
  event.buffer = buffer;
  EXPECT_CALL_OK(Do(session.api, &event));
  auto ready = Make<PJRT_Event_IsReady_Args>();
  ready.event = event.event;
  EXPECT_CALL_OK(Do(session.api, &ready));
  session.Destroy(event.event);
  session.Destroy(buffer);
  return ready.is_ready;
}

TEST_F(FakeControls, CompleteInsideOrNever) {
  IN_CHILD(EXPECT_TRUE(ReadyAtOnce("complete=inside")));
  IN_CHILD(EXPECT_FALSE(ReadyAtOnce("complete=never")));
  IN_CHILD(EXPECT_FALSE(ReadyAtOnce("delay=PJRT_Client_BufferFromHostBuffer:400ms")));
}

void CheckExactSizes() {
  Session session(LoadWith("sizes=exact;minor=57"));
  auto right = Make<PJRT_Plugin_Attributes_Args>();
  EXPECT_CALL_OK(Do(session.api, &right));
  auto larger = Make<PJRT_Plugin_Attributes_Args>();
  larger.struct_size += 8;
  EXPECT_EQ(Do(session.api, &larger).message,
            "Unexpected PJRT_Plugin_Attributes_Args size: expected 32, got 40");
  auto newest = Make<PJRT_Executable_DeserializeAndLoad_Args>();
  EXPECT_EQ(Do(session.api, &newest).message,
            "Unexpected PJRT_Executable_DeserializeAndLoad_Args size: expected 48, got 72");
}

void CheckExactSessions() {
  const PJRT_Api *api = LoadWith("sizes=exact;minor=116");
  Session session(api);
}

TEST_F(FakeControls, DemandExactSizes) {
  IN_CHILD(CheckExactSessions());
  // The client is created with the newest size, which minor 57 does not know.
  EXPECT_EXIT(CheckExactSizes(), ::testing::KilledBySignal(SIGABRT), "NULL where a client is required");
}

void CheckLog(const std::string &path) {
  remove(path.c_str());
  const PJRT_Api *api = LoadWith("log=" + path);
  { Session session(api); }
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line.substr(0, line.find(" tid=")));
  EXPECT_EQ(lines, (std::vector<std::string>{"PJRT_Client_Create ok", "PJRT_Client_AddressableDevices ok",
                                             "LIVE clients=0 buffers=0 events=0 executables=0 errors=0 "
                                             "loaded_executables=0 contexts=0 transfer_managers=0 others=0",
                                             "PJRT_Client_Destroy ok"}));
}

TEST_F(FakeControls, LogEveryCall) {
  std::string path = ::testing::TempDir() + "fake_selftest.log";
  IN_CHILD(CheckLog(path));
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) last = line;
  EXPECT_EQ(last.rfind("LIVE clients=0 buffers=0 events=0", 0), 0U) << last;
}

void CheckOptions() {
  const PJRT_Api *api = Load();
  auto option = Make<PJRT_NamedValue>();
  option.name = "devices";
  option.name_size = 7;
  option.type = PJRT_NamedValue_kInt64;
  option.int64_value = 7;
  option.value_size = 1;
  auto create = Make<PJRT_Client_Create_Args>();
  create.create_options = &option;
  create.num_options = 1;
  EXPECT_CALL_OK(Do(api, &create));
  auto list = Make<PJRT_Client_Devices_Args>();
  list.client = create.client;
  EXPECT_CALL_OK(Do(api, &list));
  EXPECT_EQ(list.num_devices, 7U);
  auto destroy = Make<PJRT_Client_Destroy_Args>();
  destroy.client = create.client;
  EXPECT_CALL_OK(Do(api, &destroy));
  option.name = "colours";
  auto refused = Make<PJRT_Client_Create_Args>();
  refused.create_options = &option;
  refused.num_options = 1;
  Outcome outcome = Do(api, &refused);
  EXPECT_EQ(outcome.code, PJRT_Error_Code_INVALID_ARGUMENT);
  EXPECT_NE(outcome.message.find("colours"), std::string::npos);
  EXPECT_EQ(Session(api).num_devices, 4U);
}

TEST_F(FakeControls, ComeAsCreateOptionsToo) { CheckOptions(); }

TEST_F(FakeRuns, AddOne) {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  ASSERT_TRUE(session.Compile(kAddOne, kOneDevice, &executable).ok());
  PJRT_Buffer *input = session.UploadFloats({1, 2, 3, 4});
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  EXPECT_CALL_OK(session.Execute(executable, {{input}}, &outputs));
  EXPECT_EQ(session.DownloadFloats(outputs[0][0]), (std::vector<float>{2, 3, 4, 5}));
  EXPECT_FALSE(session.IsDeleted(input));
  session.Destroy(outputs[0][0]);
  session.Destroy(input);
  session.Destroy(executable);
}

TEST_F(FakeRuns, ReportsProgramErrorsWithTheirLine) {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  Outcome outcome =
      session.Compile("module {\n  func.func @main() {\n    %0 = nodialect.nop : tensor<f32>\n return } }",
                      kOneDevice, &executable);
  EXPECT_EQ(outcome.code, PJRT_Error_Code_UNKNOWN);
  EXPECT_EQ(outcome.message, "line 3: unknown operation 'nodialect.nop'");
  EXPECT_EQ(session.Compile("ML\xefR....", kOneDevice, &executable).code, PJRT_Error_Code_UNIMPLEMENTED);
}

void CheckDonation(const char *attribute, bool keep) {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  ASSERT_TRUE(session.Compile(Donating(attribute), kOneDevice, &executable).ok());
  PJRT_Buffer *input = session.UploadFloats({1, 2, 3, 4});
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  EXPECT_CALL_OK(session.Execute(executable, {{input}}, &outputs,
                                 keep ? std::vector<int64_t>{0} : std::vector<int64_t>{}));
  EXPECT_EQ(session.IsDeleted(input), !keep);
  EXPECT_EQ(session.DownloadFloats(outputs[0][0]), (std::vector<float>{2, 3, 4, 5}));
  std::vector<std::vector<PJRT_Buffer *>> again;
  Outcome second = session.Execute(executable, {{input}}, &again);
  EXPECT_EQ(second.code, keep ? 0U : static_cast<uint32_t>(PJRT_Error_Code_INVALID_ARGUMENT));
  if (second.ok()) session.Destroy(again[0][0]);
  session.Destroy(outputs[0][0]);
  session.Destroy(input);
  session.Destroy(executable);
}

TEST_F(FakeRuns, DonateWhatTheProgramMarks) {
  CheckDonation("tf.aliasing_output = 0 : i32", false);
  CheckDonation("jax.buffer_donor = true", false);
  CheckDonation("tf.aliasing_output = 0 : i32", true);
}

TEST_F(FakeRuns, Noop) {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  ASSERT_TRUE(session.Compile("fake.noop 1 3", kOneDevice, &executable).ok());
  float value = 5;
  PJRT_Buffer *input = session.Upload(PJRT_Buffer_Type_F32, {}, &value);
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  EXPECT_CALL_OK(session.Execute(executable, {{input}}, &outputs));
  ASSERT_EQ(outputs[0].size(), 3U);
  for (PJRT_Buffer *output : outputs[0]) session.Destroy(output);
  session.Destroy(input);
  session.Destroy(executable);
}

void UseAfterDestroy() {
  Session session(Load());
  PJRT_Buffer *buffer = session.UploadFloats({1});
  session.Destroy(buffer);
  session.IsDeleted(buffer);
}

void DestroyTwice() {
  Session session(Load());
  PJRT_Buffer *buffer = session.UploadFloats({1});
  session.Destroy(buffer);
  session.Destroy(buffer);
}

void WrongKind() {
  Session session(Load());
  session.Destroy(reinterpret_cast<PJRT_Buffer *>(session.client));
}

void LiveChild() {
  Session session(Load());
  session.UploadFloats({1});
}

void SetTwice() {
  const PJRT_Api *api = Load();
  auto create = Make<PJRT_Event_Create_Args>();
  Do(api, &create);
  for (int i = 0; i < 2; ++i) {
    auto set = Make<PJRT_Event_Set_Args>();
    set.event = create.event;
    Do(api, &set);
  }
}

void DestroyClientTopology() {
  Session session(Load());
  auto get = Make<PJRT_Client_TopologyDescription_Args>();
  get.client = session.client;
  Do(session.api, &get);
  auto destroy = Make<PJRT_TopologyDescription_Destroy_Args>();
  destroy.topology = get.topology;
  Do(session.api, &destroy);
}

void NullArgument() {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  session.Compile(kAddOne, kOneDevice, &executable);
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  session.Execute(executable, {{nullptr}}, &outputs);
}

void ChangeTooEarly() {
  Session session(LoadWith("delay=PJRT_Client_BufferFromHostBuffer:50ms"));
  float data[2] = {1, 2};
  int64_t dims[1] = {2};
  auto args = Make<PJRT_Client_BufferFromHostBuffer_Args>();
  args.client = session.client;
  args.data = data;
  args.type = PJRT_Buffer_Type_F32;
  args.dims = dims;
  args.num_dims = 1;
  args.host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes;
  Do(session.api, &args);
  data[1] = 3;
  session.Await(args.done_with_host_buffer);
}

void NotZeroed() {
  const PJRT_Api *api = Load();
  auto args = Make<PJRT_Event_Create_Args>();
  args.event = reinterpret_cast<PJRT_Event *>(uintptr_t{0x5a5a5a5a});
  Do(api, &args);
}

void NoReplicas() {
  Session session(Load());
  PJRT_LoadedExecutable *executable = nullptr;
  session.Compile(kAddOne, "", &executable);
}

TEST_F(FakeMisuse, EndsTheProcessWithAReport) {
  EXPECT_MISUSE(UseAfterDestroy(), "PJRT_Buffer_IsDeleted: buffer .* is used after it was destroyed");
  EXPECT_MISUSE(DestroyTwice(), "PJRT_Buffer_Destroy: buffer .* is used after it was destroyed");
  EXPECT_MISUSE(WrongKind(), "is a client, a buffer is required");
  EXPECT_MISUSE(LiveChild(), "destroyed before its children: 1 buffer");
  EXPECT_MISUSE(SetTwice(), "set a second time");
  EXPECT_MISUSE(DestroyClientTopology(), "belongs to its client");
  EXPECT_MISUSE(NullArgument(), "argument 0 is NULL");
  EXPECT_MISUSE(ChangeTooEarly(), "changed or freed before its event");
  EXPECT_MISUSE(NotZeroed(), "not zeroed");
  EXPECT_MISUSE(NoReplicas(), "num_replicas 0");
}

void Leak() {
  const PJRT_Api *api = LoadWith("leaks=abort");
  auto create = Make<PJRT_Event_Create_Args>();
  Do(api, &create);
  exit(0);
}

TEST_F(FakeMisuse, LeaksEndTheProcessOnDemand) { EXPECT_MISUSE(Leak(), "still live at exit: .*events=1"); }

}  // namespace
}  // namespace fake_test
