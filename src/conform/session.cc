#include "conform/session.hpp"

#include <dlfcn.h>

namespace pje::conform {

const char kAddOne[] =
    "func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>\n"
    "  %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "  %1 = stablehlo.add %arg0, %0 : tensor<4xf32>\n"
    "  return %1 : tensor<4xf32>\n"
    "}\n";

const char kTwoOutputs[] =
    "func.func public @main(%arg0: tensor<4xf32>, %arg1: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {\n"
    "  %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>\n"
    "  %1 = stablehlo.subtract %arg0, %arg1 : tensor<4xf32>\n"
    "  return %0, %1 : tensor<4xf32>, tensor<4xf32>\n"
    "}\n";

const char kConstant[] =
    "func.func public @main() -> tensor<4xf32> {\n"
    "  %0 = stablehlo.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : "
    "tensor<4xf32>\n"
    "  return %0 : tensor<4xf32>\n"
    "}\n";

const char kDonates[] =
    "func.func public @main(%arg0: tensor<4xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<4xf32>) -> "
    "tensor<4xf32> {\n"
    "  %0 = stablehlo.add %arg0, %arg1 : tensor<4xf32>\n"
    "  return %0 : tensor<4xf32>\n"
    "}\n";

const char kReplicaSum[] =
    "func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %0 = \"stablehlo.all_reduce\"(%arg0) ({\n"
    "  ^bb0(%a: tensor<f32>, %b: tensor<f32>):\n"
    "    %s = stablehlo.add %a, %b : tensor<f32>\n"
    "    stablehlo.return %s : tensor<f32>\n"
    "  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>\n"
    "  return %0 : tensor<4xf32>\n"
    "}\n";

// CompileOptionsProto: executable_build_options (3) with num_replicas (4) and num_partitions (5).
std::string options_for(int replicas) {
  return {'\x1a', '\x04', '\x20', static_cast<char>(replicas), '\x28', '\x01'};
}

Session::Session(const Target &target) : target_(target) {
  void *library = dlopen(target.path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) fail(concat("cannot be loaded: ", dlerror()));
  auto get = reinterpret_cast<const PJRT_Api *(*)()>(dlsym(library, "GetPjrtApi"));
  if (get == nullptr) fail("exports no GetPjrtApi");
  api_ = get();
  expect(api_ != nullptr, "GetPjrtApi answered NULL");
  expect(api_->struct_size >= abi::kHeaderSize, "the table's struct_size is ", api_->struct_size,
         ", less than its header of ", abi::kHeaderSize);
  call(PJRT_Plugin_Initialize_Args{});
}

void Session::judge_error(const char *function, const Answer &answer) {
  std::string text = concat(function, " answered error ", answer.code, ": ", answer.message);
  if (answer.code == PJRT_Error_Code_UNIMPLEMENTED) throw Unsupported{text};
  fail(text);
}

Answer Session::take(PJRT_Error *error) {
  Answer answer;
  if (error == nullptr) return answer;
  answer.ok = false;
  PJRT_Error_GetCode_Args code{};
  code.struct_size = abi::struct_size<PJRT_Error_GetCode_Args>;
  code.error = error;
  expect(call_raw(code) == nullptr, "PJRT_Error_GetCode failed");
  answer.code = static_cast<int>(code.code);
  PJRT_Error_Message_Args message{};
  message.struct_size = abi::struct_size<PJRT_Error_Message_Args>;
  message.error = error;
  call_raw(message);
  answer.message = printable(utf8_from(message.message, message.message_size));
  PJRT_Error_Destroy_Args destroy{};
  destroy.struct_size = abi::struct_size<PJRT_Error_Destroy_Args>;
  destroy.error = error;
  call_raw(destroy);
  return answer;
}

PJRT_Client *Session::new_client() {
  std::vector<PJRT_NamedValue> values;
  for (const auto &[name, number] : target_.options) {
    PJRT_NamedValue value{};
    value.struct_size = abi::struct_size<PJRT_NamedValue>;
    value.name = name.c_str();
    value.name_size = name.size();
    value.type = PJRT_NamedValue_kInt64;
    value.int64_value = number;
    value.value_size = 1;
    values.push_back(value);
  }
  auto made = call(PJRT_Client_Create_Args{.create_options = values.data(), .num_options = values.size()});
  expect(made.client != nullptr, "PJRT_Client_Create answered OK without a client");
  return made.client;
}

PJRT_Client *Session::client() {
  if (client_ == nullptr) client_ = new_client();
  return client_;
}

std::span<PJRT_Device *const> Session::devices() {
  auto all = call(PJRT_Client_Devices_Args{.client = client()});
  return {all.devices, all.num_devices};
}

std::span<PJRT_Device *const> Session::addressable_devices() {
  auto all = call(PJRT_Client_AddressableDevices_Args{.client = client()});
  return {all.addressable_devices, all.num_addressable_devices};
}

PJRT_Device *Session::device(size_t index) {
  auto all = addressable_devices();
  if (index >= all.size())
    throw Unsupported{
        concat("the client has ", all.size(), " addressable devices, the check takes ", index + 1)};
  return all[index];
}

PJRT_DeviceDescription *Session::description(PJRT_Device *device) {
  auto got = call(PJRT_Device_GetDescription_Args{.device = device});
  expect(got.device_description != nullptr, "a device without a description");
  return got.device_description;
}

int Session::device_id(PJRT_Device *device) {
  return call(PJRT_DeviceDescription_Id_Args{.device_description = description(device)}).id;
}

Answer Session::wait(PJRT_Event *event) {
  if (event == nullptr) return {};
  PJRT_Event_Await_Args await{};
  await.event = event;
  Answer answer = try_call(await);
  call(PJRT_Event_Destroy_Args{.event = event});
  return answer;
}

void Session::must_wait(PJRT_Event *event, const char *what) {
  Answer answer = wait(event);
  expect(answer.ok, what, " ended with error ", answer.code, ": ", answer.message);
}

PJRT_Buffer *Session::upload(PJRT_Buffer_Type type, const Dims &dims, const void *data, PJRT_Device *on) {
  auto made = call(PJRT_Client_BufferFromHostBuffer_Args{
      .client = client(),
      .data = data,
      .type = type,
      .dims = dims.data(),
      .num_dims = dims.size(),
      .host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall,
      .device = on == nullptr ? device() : on});
  expect(made.buffer != nullptr, "PJRT_Client_BufferFromHostBuffer answered OK without a buffer");
  must_wait(made.done_with_host_buffer, "the event that host memory is free");
  return made.buffer;
}

PJRT_Buffer *Session::upload(const std::vector<float> &values, PJRT_Device *on) {
  return upload(PJRT_Buffer_Type_F32, {static_cast<int64_t>(values.size())}, values.data(), on);
}

Bytes Session::download(PJRT_Buffer *buffer) {
  std::vector<int64_t> order(dims(buffer).size());
  PJRT_Buffer_MemoryLayout layout = row_major(order);
  auto size = call(PJRT_Buffer_ToHostBuffer_Args{.src = buffer, .host_layout = &layout});
  Bytes bytes(size.dst_size);
  auto read = call(PJRT_Buffer_ToHostBuffer_Args{
      .src = buffer, .host_layout = &layout, .dst = bytes.data(), .dst_size = bytes.size()});
  if (!bytes.empty()) expect(read.event != nullptr, "PJRT_Buffer_ToHostBuffer gave no event");
  must_wait(read.event, "the read-back");
  return bytes;
}

std::vector<float> Session::floats(PJRT_Buffer *buffer) {
  Bytes bytes = download(buffer);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  return values;
}

void Session::expect_floats(PJRT_Buffer *buffer, const std::vector<float> &want, const char *what) {
  std::vector<float> got = floats(buffer);
  expect(got.size() == want.size(), what, " has ", got.size(), " values, expected ", want.size());
  for (size_t i = 0; i < want.size(); ++i)
    expect(got[i] == want[i], what, ": value ", i, " is ", std::to_string(got[i]), ", expected ",
           std::to_string(want[i]));
}

Dims Session::dims(PJRT_Buffer *buffer) {
  auto got = call(PJRT_Buffer_Dimensions_Args{.buffer = buffer});
  return {got.dims, got.dims + got.num_dims};
}

Answer Session::try_compile(const std::string &text, const std::string &options,
                            PJRT_LoadedExecutable **out) {
  static constexpr std::string_view kFormat = "mlir";
  std::string code = text;
  PJRT_Program program{
      .code = code.data(), .code_size = code.size(), .format = kFormat.data(), .format_size = 4};
  program.struct_size = abi::struct_size<PJRT_Program>;
  PJRT_Client_Compile_Args args{.client = client(),
                                .program = &program,
                                .compile_options = options.data(),
                                .compile_options_size = options.size()};
  Answer answer = try_call(args);
  *out = args.executable;
  return answer;
}

PJRT_LoadedExecutable *Session::compile(const char *text, int replicas) {
  PJRT_LoadedExecutable *loaded = nullptr;
  Answer answer = try_compile(text, options_for(replicas), &loaded);
  if (!answer.ok) judge_error("PJRT_Client_Compile", answer);
  expect(loaded != nullptr, "PJRT_Client_Compile answered OK without an executable");
  return loaded;
}

PJRT_Executable *Session::executable(PJRT_LoadedExecutable *loaded) {
  auto got = call(PJRT_LoadedExecutable_GetExecutable_Args{.loaded_executable = loaded});
  expect(got.executable != nullptr, "PJRT_LoadedExecutable_GetExecutable answered OK without an executable");
  return got.executable;
}

Session::Run Session::try_run(PJRT_LoadedExecutable *executable, const std::vector<PJRT_Buffer *> &args,
                              size_t num_outputs, const std::vector<int64_t> &keep, PJRT_Device *on) {
  Run run;
  run.outputs.resize(num_outputs);
  PJRT_ExecuteOptions options{.non_donatable_input_indices = keep.data(),
                              .num_non_donatable_input_indices = keep.size(),
                              .use_major_to_minor_data_layout_for_callbacks = true};
  options.struct_size = abi::struct_size<PJRT_ExecuteOptions>;
  PJRT_Buffer *const *arguments = args.data();
  PJRT_Buffer **outputs = run.outputs.data();
  PJRT_LoadedExecutable_Execute_Args execute{.executable = executable,
                                             .options = &options,
                                             .argument_lists = &arguments,
                                             .num_devices = 1,
                                             .num_args = args.size(),
                                             .output_lists = &outputs,
                                             .device_complete_events = &run.done,
                                             .execute_device = on};
  run.answer = try_call(execute);
  return run;
}

std::vector<PJRT_Buffer *> Session::run(PJRT_LoadedExecutable *executable,
                                        const std::vector<PJRT_Buffer *> &args, size_t num_outputs,
                                        const std::vector<int64_t> &keep) {
  Run run = try_run(executable, args, num_outputs, keep);
  if (!run.answer.ok) judge_error("PJRT_LoadedExecutable_Execute", run.answer);
  expect(run.done != nullptr, "PJRT_LoadedExecutable_Execute gave no completion event");
  must_wait(run.done, "the run");
  for (PJRT_Buffer *output : run.outputs)
    expect(output != nullptr, "a run that succeeded left an output empty");
  return run.outputs;
}

}  // namespace pje::conform
