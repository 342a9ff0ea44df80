#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

#include "selftest.hpp"

namespace fake_test {

const char kAddOne[] = R"(module @add_one {
  func.func public @main(%arg0: tensor<4xf32>) -> (tensor<4xf32> {jax.result_info = "result"}) {
    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>
    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>
    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>
    return %1 : tensor<4xf32>
  }
}
)";

const PJRT_Api *Load() {
  static void *library = dlopen(FAKE_PLUGIN_PATH, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  auto get = reinterpret_cast<const PJRT_Api *(*)()>(dlsym(library, "GetPjrtApi"));
  return get();
}

const PJRT_Api *LoadWith(const std::string &controls) {
  setenv("PJRT_FAKE", controls.c_str(), 1);
  return Load();
}

Outcome Take(const PJRT_Api *api, PJRT_Error *error) {
  if (error == nullptr) return {};
  auto code = Make<PJRT_Error_GetCode_Args>();
  code.error = error;
  api->PJRT_Error_GetCode(&code);
  auto message = Make<PJRT_Error_Message_Args>();
  message.error = error;
  api->PJRT_Error_Message(&message);
  Outcome outcome{code.code,
                  std::string(message.message == nullptr ? "" : message.message, message.message_size)};
  auto destroy = Make<PJRT_Error_Destroy_Args>();
  destroy.error = error;
  api->PJRT_Error_Destroy(&destroy);
  return outcome;
}

std::string ReplicaOptions(int replicas) {
  std::string options = kOneDevice;
  options[3] = static_cast<char>(replicas);
  return options;
}

std::string Donating(const char *attribute) {
  std::string text = kAddOne;
  std::string parameter = "%arg0: tensor<4xf32>";
  return text.replace(text.find(parameter), parameter.size(), parameter + " {" + attribute + "}");
}

Session::Session(const PJRT_Api *api_) : api(api_) {
  auto create = Make<PJRT_Client_Create_Args>();
  EXPECT_CALL_OK(Do(api, &create));
  client = create.client;
  auto list = Make<PJRT_Client_AddressableDevices_Args>();
  list.client = client;
  EXPECT_CALL_OK(Do(api, &list));
  devices = list.addressable_devices;
  num_devices = list.num_addressable_devices;
}

Session::~Session() {
  auto destroy = Make<PJRT_Client_Destroy_Args>();
  destroy.client = client;
  EXPECT_CALL_OK(Do(api, &destroy));
}

PJRT_Buffer *Session::Upload(PJRT_Buffer_Type type, const std::vector<int64_t> &dims, const void *data,
                             PJRT_Device *device) {
  auto args = Make<PJRT_Client_BufferFromHostBuffer_Args>();
  args.client = client;
  args.data = data;
  args.type = type;
  args.dims = dims.data();
  args.num_dims = dims.size();
  args.device = device;
  EXPECT_CALL_OK(Do(api, &args));
  Destroy(args.done_with_host_buffer);
  return args.buffer;
}

PJRT_Buffer *Session::UploadFloats(const std::vector<float> &data) {
  return Upload(PJRT_Buffer_Type_F32, {static_cast<int64_t>(data.size())}, data.data());
}

Outcome Session::Compile(const std::string &text, const std::string &options,
                         PJRT_LoadedExecutable **executable) {
  auto program = Make<PJRT_Program>();
  std::string code = text;
  program.code = code.data();
  program.code_size = code.size();
  program.format = "mlir";
  program.format_size = 4;
  auto args = Make<PJRT_Client_Compile_Args>();
  args.client = client;
  args.program = &program;
  args.compile_options = options.data();
  args.compile_options_size = options.size();
  Outcome outcome = Do(api, &args);
  *executable = args.executable;
  return outcome;
}

Outcome Session::Execute(PJRT_LoadedExecutable *executable,
                         const std::vector<std::vector<PJRT_Buffer *>> &arguments,
                         std::vector<std::vector<PJRT_Buffer *>> *outputs, const std::vector<int64_t> &keep) {
  auto options = Make<PJRT_ExecuteOptions>();
  options.struct_size = execute_options_size;
  options.non_donatable_input_indices = keep.data();
  options.num_non_donatable_input_indices = keep.size();
  std::vector<PJRT_Buffer *const *> lists;
  std::vector<PJRT_Buffer **> output_lists;
  outputs->assign(arguments.size(), std::vector<PJRT_Buffer *>(NumOutputs(executable)));
  for (const auto &list : arguments) lists.push_back(list.data());
  for (auto &list : *outputs) output_lists.push_back(list.data());
  auto args = Make<PJRT_LoadedExecutable_Execute_Args>();
  args.executable = executable;
  args.options = &options;
  args.argument_lists = lists.data();
  args.num_devices = arguments.size();
  args.num_args = arguments.empty() ? 0 : arguments[0].size();
  args.output_lists = output_lists.data();
  return Do(api, &args);
}

Outcome Session::Download(PJRT_Buffer *buffer, std::string *bytes) {
  auto args = Make<PJRT_Buffer_ToHostBuffer_Args>();
  args.src = buffer;
  Outcome outcome = Do(api, &args);
  if (!outcome.ok()) return outcome;
  bytes->assign(args.dst_size, '\0');
  args.dst = bytes->data();
  outcome = Do(api, &args);
  if (!outcome.ok()) return outcome;
  outcome = Await(args.event);
  Destroy(args.event);
  return outcome;
}

std::vector<float> Session::DownloadFloats(PJRT_Buffer *buffer) {
  std::string bytes;
  EXPECT_CALL_OK(Download(buffer, &bytes));
  std::vector<float> floats(bytes.size() / sizeof(float));
  memcpy(floats.data(), bytes.data(), bytes.size());
  return floats;
}

Outcome Session::Await(PJRT_Event *event) {
  auto args = Make<PJRT_Event_Await_Args>();
  args.event = event;
  return Do(api, &args);
}

bool Session::IsDeleted(PJRT_Buffer *buffer) {
  auto args = Make<PJRT_Buffer_IsDeleted_Args>();
  args.buffer = buffer;
  EXPECT_CALL_OK(Do(api, &args));
  return args.is_deleted;
}

void Session::Destroy(PJRT_Buffer *buffer) {
  auto args = Make<PJRT_Buffer_Destroy_Args>();
  args.buffer = buffer;
  EXPECT_CALL_OK(Do(api, &args));
}

void Session::Destroy(PJRT_LoadedExecutable *executable) {
  auto args = Make<PJRT_LoadedExecutable_Destroy_Args>();
  args.executable = executable;
  EXPECT_CALL_OK(Do(api, &args));
}

void Session::Destroy(PJRT_Event *event) {
  auto args = Make<PJRT_Event_Destroy_Args>();
  args.event = event;
  EXPECT_CALL_OK(Do(api, &args));
}

size_t Session::NumOutputs(PJRT_LoadedExecutable *executable) {
  auto get = Make<PJRT_LoadedExecutable_GetExecutable_Args>();
  get.loaded_executable = executable;
  EXPECT_CALL_OK(Do(api, &get));
  auto count = Make<PJRT_Executable_NumOutputs_Args>();
  count.executable = get.executable;
  EXPECT_CALL_OK(Do(api, &count));
  auto destroy = Make<PJRT_Executable_Destroy_Args>();
  destroy.executable = get.executable;
  EXPECT_CALL_OK(Do(api, &destroy));
  return count.num_outputs;
}

}  // namespace fake_test
