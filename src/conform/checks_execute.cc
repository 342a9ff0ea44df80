// Runs: arguments, outputs, donation, several devices.
#include <thread>

#include "base/dtype.hpp"
#include "conform/checks.hpp"

namespace pje::conform {
namespace {

const std::vector<float> kFour = {1, 2, 3, 4};
const std::vector<float> kFive = {2, 3, 4, 5};

bool is_deleted(Session &s, PJRT_Buffer *buffer) {
  return s.call(PJRT_Buffer_IsDeleted_Args{.buffer = buffer}).is_deleted;
}

void add_one(Session &s) {
  s.expect_floats(s.run(s.compile(kAddOne), {s.upload(kFour)}, 1)[0], kFive, "x + 1");
}

void again(Session &s) {
  PJRT_LoadedExecutable *executable = s.compile(kAddOne);
  PJRT_Buffer *argument = s.upload(kFour);
  for (int i = 0; i < 20; ++i)
    s.expect_floats(s.run(executable, {argument}, 1)[0], kFive, "x + 1, once more,");
  s.expect_floats(argument, kFour, "an argument after runs");
}

void no_arguments(Session &s) { s.expect_floats(s.run(s.compile(kConstant), {}, 1)[0], kFour, "a constant"); }

void order(Session &s) {
  auto outputs = s.run(s.compile(kTwoOutputs), {s.upload({10, 20, 30, 40}), s.upload(kFour)}, 2);
  s.expect_floats(outputs[0], {11, 22, 33, 44}, "x + y");
  s.expect_floats(outputs[1], {9, 18, 27, 36}, "x - y");
}

void same_argument_twice(Session &s) {
  PJRT_Buffer *argument = s.upload(kFour);
  s.expect_floats(s.run(s.compile(kTwoOutputs), {argument, argument}, 2)[1], {0, 0, 0, 0}, "x - x");
}

void chained(Session &s) {
  PJRT_LoadedExecutable *executable = s.compile(kAddOne);
  PJRT_Buffer *value = s.upload(kFour);
  for (int i = 0; i < 100; ++i) {
    auto run = s.try_run(executable, {value}, 1);
    expect(run.answer.ok, "run ", i, " of a chain failed: ", run.answer.message);
    value = run.outputs[0];
  }
  s.expect_floats(value, {101, 102, 103, 104}, "x + 1 a hundred times, without waiting,");
}

void output_shape(Session &s) {
  PJRT_Buffer *output = s.run(s.compile(kAddOne), {s.upload(kFour)}, 1)[0];
  expect(s.dims(output) == Dims({4}), "an output has dimensions ", dims_text(s.dims(output)),
         ", expected [4]");
  auto type = s.call(PJRT_Buffer_ElementType_Args{.buffer = output}).type;
  expect(type == PJRT_Buffer_Type_F32, "an output has type ", static_cast<int>(type));
  expect(s.call(PJRT_Buffer_Device_Args{.buffer = output}).device == s.device(),
         "an output is on another device");
}

void without_event(Session &s) {
  PJRT_ExecuteOptions options{.use_major_to_minor_data_layout_for_callbacks = true};
  options.struct_size = abi::struct_size<PJRT_ExecuteOptions>;
  PJRT_Buffer *argument = s.upload(kFour), *output = nullptr;
  PJRT_Buffer *const *arguments = &argument;
  PJRT_Buffer **outputs = &output;
  s.call(PJRT_LoadedExecutable_Execute_Args{.executable = s.compile(kAddOne),
                                            .options = &options,
                                            .argument_lists = &arguments,
                                            .num_devices = 1,
                                            .num_args = 1,
                                            .output_lists = &outputs});
  s.expect_floats(output, kFive, "x + 1, no event asked for,");
}

void wrong_count(Session &s, size_t count) {
  std::vector<PJRT_Buffer *> args(count, s.upload(kFour));
  auto run = s.try_run(s.compile(kAddOne), args, 1);
  expect(!run.answer.ok, "a program of one argument was run with ", count);
}

void wrong_size(Session &s) {
  auto run = s.try_run(s.compile(kAddOne), {s.upload({1, 2, 3, 4, 5, 6, 7, 8})}, 1);
  Answer answer = run.answer;
  if (answer.ok) answer = s.wait(run.done);
  expect(!answer.ok, "an argument of 32 bytes was taken for one of 16");
}

void deleted_argument(Session &s) {
  PJRT_Buffer *argument = s.upload(kFour);
  s.call(PJRT_Buffer_Delete_Args{.buffer = argument});
  auto run = s.try_run(s.compile(kAddOne), {argument}, 1);
  Answer answer = run.answer;
  if (answer.ok) answer = s.wait(run.done);
  expect(!answer.ok, "a deleted buffer was taken as an argument");
}

void donated(Session &s) {
  PJRT_Buffer *argument = s.upload(kFour);
  s.expect_floats(s.run(s.compile(kDonates), {argument, s.upload(kFour)}, 1)[0], {2, 4, 6, 8}, "x + y");
  expect(is_deleted(s, argument), "a donated argument is not deleted");
}

void not_donated(Session &s) {
  PJRT_Buffer *argument = s.upload(kFour);
  s.expect_floats(s.run(s.compile(kDonates), {argument, s.upload(kFour)}, 1, {0})[0], {2, 4, 6, 8}, "x + y");
  expect(!is_deleted(s, argument), "an argument that must not be donated is deleted");
  s.expect_floats(argument, kFour, "an argument that must not be donated");
}

void second_kept(Session &s) {
  PJRT_Buffer *second = s.upload(kFour);
  s.run(s.compile(kDonates), {s.upload(kFour), second}, 1);
  expect(!is_deleted(s, second), "an argument that is not donated is deleted");
  s.expect_floats(second, kFour, "an argument that is not donated");
}

PJRT_Buffer *error_buffer(Session &s) {
  Dims dims = {4};
  std::vector<int64_t> order(1);
  PJRT_Buffer_MemoryLayout layout = row_major(order);
  return s
      .call(PJRT_Client_CreateErrorBuffer_Args{
          .client = s.client(),
          .error_code = PJRT_Error_Code_DATA_LOSS,
          .error_message = "made to fail",
          .error_message_size = 12,
          .shape_dims = dims.data(),
          .shape_num_dims = 1,
          .shape_element_type = PJRT_Buffer_Type_F32,
          .shape_layout = &layout,
          .memory = s.call(PJRT_Device_DefaultMemory_Args{.device = s.device()}).memory})
      .buffer;
}

void error_buffer_fails(Session &s) {
  Answer answer = s.wait(s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = error_buffer(s)}).event);
  expect(!answer.ok, "a buffer made with an error is ready without one");
  expect(answer.code == PJRT_Error_Code_DATA_LOSS, "a buffer made with code 15 has code ", answer.code);
  expect(answer.message.find("made to fail") != std::string::npos,
         "the error's text is lost: ", answer.message);
}

void error_passes_on(Session &s) {
  auto run = s.try_run(s.compile(kAddOne), {error_buffer(s)}, 1);
  Answer answer = run.answer;
  if (answer.ok) answer = s.wait(s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = run.outputs[0]}).event);
  expect(!answer.ok, "the output of a run on a failed argument is ready without an error");
  expect(answer.message.find("made to fail") != std::string::npos,
         "the argument's error is lost: ", answer.message);
}

void from_threads(Session &s) {
  PJRT_LoadedExecutable *executable = s.compile(kAddOne);
  PJRT_Buffer *argument = s.upload(kFour);
  std::vector<std::string> wrong(8);
  std::vector<std::thread> threads;
  threads.reserve(wrong.size());
  for (std::string &text : wrong) {
    threads.emplace_back([&s, &text, executable, argument] {
      try {
        for (int i = 0; i < 50; ++i)
          s.expect_floats(s.run(executable, {argument}, 1)[0], kFive, "x + 1 on a thread");
      } catch (const Failed &failed) {
        text = failed.text;
      } catch (const Unsupported &unsupported) {
        text = unsupported.text;
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  for (const std::string &text : wrong) expect(text.empty(), text);
}

void two_replicas(Session &s) {
  PJRT_LoadedExecutable *executable = s.compile(kReplicaSum, 2);
  auto on = s.call(PJRT_LoadedExecutable_AddressableDevices_Args{.executable = executable});
  expect(on.num_addressable_devices == 2, "two replicas run on ", on.num_addressable_devices, " devices");
  PJRT_Buffer *given[2] = {s.upload(kFour, on.addressable_devices[0]),
                           s.upload({10, 20, 30, 40}, on.addressable_devices[1])};
  PJRT_Buffer *got[2] = {};
  PJRT_Buffer *const *arguments[2] = {&given[0], &given[1]};
  PJRT_Buffer **outputs[2] = {&got[0], &got[1]};
  PJRT_Event *done[2] = {};
  PJRT_ExecuteOptions options{.use_major_to_minor_data_layout_for_callbacks = true};
  options.struct_size = abi::struct_size<PJRT_ExecuteOptions>;
  s.call(PJRT_LoadedExecutable_Execute_Args{.executable = executable,
                                            .options = &options,
                                            .argument_lists = arguments,
                                            .num_devices = 2,
                                            .num_args = 1,
                                            .output_lists = outputs,
                                            .device_complete_events = done});
  for (int i = 0; i < 2; ++i) {
    s.must_wait(done[i], "a replica");
    s.expect_floats(got[i], {11, 22, 33, 44}, "the sum over two replicas");
    expect(s.call(PJRT_Buffer_Device_Args{.buffer = got[i]}).device == on.addressable_devices[i],
           "a replica's output is on another device");
  }
}

// A transposition, whose result some plugins leave column-major on the device.
void output_row_major(Session &s) {
  static constexpr char kTranspose[] =
      "func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<3x2xf32> {\n"
      "  %0 = stablehlo.transpose %arg0, dims = [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>\n"
      "  return %0 : tensor<3x2xf32>\n"
      "}\n";
  const float given[6] = {1, 2, 3, 4, 5, 6};
  PJRT_Buffer *argument = s.upload(PJRT_Buffer_Type_F32, {2, 3}, given);
  s.expect_floats(s.run(s.compile(kTranspose), {argument}, 1)[0], {1, 4, 2, 5, 3, 6},
                  "a transposition, read row-major,");
}

void context(Session &s) {
  auto made = s.call(PJRT_ExecuteContext_Create_Args{});
  s.call(PJRT_ExecuteContext_Destroy_Args{.context = made.context});
}

void adds(Session &s, const DtypeInfo &info, const char *element) {
  if (info.since_minor > s.minor()) throw Unsupported{concat(info.name, " came with 0.", info.since_minor)};
  std::string type = concat("tensor<4x", element, ">");
  std::string text =
      concat("func.func public @main(%arg0: ", type, ") -> ", type,
             " {\n  %0 = stablehlo.add %arg0, %arg0 : ", type, "\n  return %0 : ", type, "\n}\n");
  Bytes zero(4UL * info.host_size);
  PJRT_Buffer *argument = s.upload(static_cast<PJRT_Buffer_Type>(info.dtype), {4}, zero.data());
  PJRT_Buffer *output = s.run(s.compile(text.c_str()), {argument}, 1)[0];
  auto got = s.call(PJRT_Buffer_ElementType_Args{.buffer = output}).type;
  expect(got == static_cast<PJRT_Buffer_Type>(info.dtype), "a sum of ", info.name, " has type ",
         static_cast<int>(got));
  expect(s.download(output) == zero, "0 + 0 in ", info.name, " is not 0");
}

std::vector<Check> type_checks() {
  static constexpr std::pair<pje_dtype, const char *> kTypes[] = {
      {PJE_S8, "i8"},
      {PJE_S16, "i16"},
      {PJE_S32, "i32"},
      {PJE_S64, "i64"},
      {PJE_U8, "ui8"},
      {PJE_U16, "ui16"},
      {PJE_U32, "ui32"},
      {PJE_U64, "ui64"},
      {PJE_F16, "f16"},
      {PJE_BF16, "bf16"},
      {PJE_F32, "f32"},
      {PJE_F64, "f64"},
      {PJE_C64, "complex<f32>"},
      {PJE_C128, "complex<f64>"},
      {PJE_PRED, "i1"},
  };
  std::vector<Check> checks;
  for (const auto &[dtype, element] : kTypes) {
    const DtypeInfo *info = dtype_info(dtype);
    checks.push_back({concat("execute.add_", info->name), concat("sums of ", info->name, " run"),
                      [info, element = element](Session &s) { adds(s, *info, element); }});
  }
  return checks;
}

}  // namespace

std::vector<Check> execute_checks() {
  std::vector<Check> checks = {
      {"execute.add_one", "x + 1 is right", add_one},
      {"execute.again", "an executable can be run again", again},
      {"execute.no_arguments", "a program without arguments runs", no_arguments},
      {"execute.order", "arguments and outputs are in order", order},
      {"execute.same_argument_twice", "a buffer can be two arguments", same_argument_twice},
      {"execute.chained", "a run takes outputs that are not ready", chained},
      {"execute.output_shape", "an output has its type, dimensions and device", output_shape},
      {"execute.without_event", "a run needs no completion event", without_event},
      {"execute.too_few_refused", "an argument too few is an error", [](Session &s) { wrong_count(s, 0); }},
      {"execute.too_many_refused", "an argument too many is an error", [](Session &s) { wrong_count(s, 2); }},
      {"execute.wrong_size_refused", "an argument of another size is an error", wrong_size},
      {"execute.deleted_refused", "a deleted argument is an error", deleted_argument},
      {"execute.donated", "a donated argument is deleted", donated},
      {"execute.not_donated", "an argument listed as not donatable stays", not_donated},
      {"execute.others_kept", "an argument that is not donated stays", second_kept},
      {"execute.error_buffer", "a buffer made with an error has it", error_buffer_fails},
      {"execute.error_passes_on", "the error of an argument comes out of the output", error_passes_on},
      {"execute.from_threads", "eight threads run one executable", from_threads},
      {"execute.two_replicas", "two replicas sum", two_replicas},
      {"execute.output_row_major", "a row-major read of an output is row-major", output_row_major},
      {"execute.context", "an execute context can be made and ended", context},
  };
  std::vector<Check> types = type_checks();
  checks.insert(checks.end(), types.begin(), types.end());
  return checks;
}

}  // namespace pje::conform
