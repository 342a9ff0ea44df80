// The plugin's own pointers, given to its functions without the library in between.
#include "support.hpp"

namespace real {
namespace {

// Argument structs begin alike: the object, then what is answered.
struct Args {
  size_t struct_size = 0;
  void *extension = nullptr;
  void *object = nullptr;
  union {
    int32_t number;
    bool flag;
    const char *text;
    const int64_t *dims;
  } answer{};
  uint64_t more[29] = {};
};

void *function_of(Plugin &plugin, const std::string &name, Args &args) {
  size_t index = 0;
  while (index < pje_num_functions() && pje_function_name(index) != name) ++index;
  args.struct_size = pje_function_args_size(index);
  demand(args.struct_size > 0 && args.struct_size <= sizeof args, "no arguments of " + name);
  void *function = nullptr;
  const auto *table = static_cast<const char *>(pje_plugin_api(pje_client_plugin(plugin.client())));
  std::memcpy(&function, table + pje_function_offset(index), sizeof function);
  return function;
}

// Answers the code of the error, or PJE_OK.
int32_t try_call(Plugin &plugin, const std::string &name, void *object, Args *args) {
  demand(object != nullptr, name + ": no pointer");
  args->object = object;
  auto *function = reinterpret_cast<void *(*)(Args *)>(function_of(plugin, name, *args));
  void *error = function(args);
  if (error == nullptr) return PJE_OK;
  Args code, gone;
  code.object = gone.object = error;
  auto *ask = reinterpret_cast<void *(*)(Args *)>(function_of(plugin, "PJRT_Error_GetCode", code));
  demand(ask(&code) == nullptr, "an error of the error");
  reinterpret_cast<void (*)(Args *)>(function_of(plugin, "PJRT_Error_Destroy", gone))(&gone);
  return code.answer.number;
}

Args call(Plugin &plugin, const std::string &name, void *object) {
  Args args;
  demand(try_call(plugin, name, object, &args) == PJE_OK, name + " failed");
  return args;
}

void of_client(Plugin &plugin) {
  pje_client *client = plugin.client();
  pje_device *second = plugin.device(1);
  pje_memory *memory = pje_device_default_memory(second);
  pje_topology *topology = nullptr;
  ok(pje_client_topology(client, &topology));
  demand(call(plugin, "PJRT_Client_ProcessIndex", pje_client_raw(client)).answer.number == 0, "process");
  demand(call(plugin, "PJRT_Device_LocalHardwareId", pje_device_raw(second)).answer.number == 1, "device");
  demand(call(plugin, "PJRT_Memory_Id", pje_memory_raw(memory)).answer.number == pje_memory_id(memory),
         "memory");
  auto *description = pje_device_get_description(second);
  demand(
      call(plugin, "PJRT_DeviceDescription_Id", pje_device_description_raw(description)).answer.number == 1,
      "description");
  Args platform = call(plugin, "PJRT_TopologyDescription_PlatformName", pje_topology_raw(topology));
  demand(std::string(platform.answer.text, platform.more[0]) == "cpu", "topology");
}

void of_buffer(Plugin &plugin) {
  const int16_t data[6] = {};
  BufferHandle buffer = plugin.upload(data, sizeof data, PJE_S16, {2, 3});
  void *raw = pje_buffer_raw(buffer.get());
  demand(call(plugin, "PJRT_Buffer_ElementType", raw).answer.number == PJE_S16, "another type");
  Args dims = call(plugin, "PJRT_Buffer_Dimensions", raw);
  demand(Dims(dims.answer.dims, dims.answer.dims + dims.more[0]) == Dims{2, 3}, "other dimensions");
  ok(pje_buffer_delete(buffer.get()));
  demand(pje_buffer_raw(buffer.get()) == raw, "another pointer");
  demand(call(plugin, "PJRT_Buffer_IsDeleted", raw).answer.flag,
         "the plugin did not learn that it is deleted");
}

void of_executable(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  pje_executable *executable = nullptr;
  ok(pje_loaded_executable_executable(loaded.get(), &executable));
  Handle<pje_executable, pje_executable_release> owned(executable);
  Args name = call(plugin, "PJRT_Executable_Name", pje_executable_raw(executable));
  demand(std::string(name.answer.text, name.more[0]) == pje_executable_name(executable), "another name");
  void *raw = pje_loaded_executable_raw(loaded.get());
  demand(!call(plugin, "PJRT_LoadedExecutable_IsDeleted", raw).answer.flag, "deleted too early");
  demand(!pje_loaded_executable_is_deleted(loaded.get()), "we say that it is deleted");
  Args refused;
  demand(try_call(plugin, "PJRT_LoadedExecutable_Fingerprint", raw, &refused) == PJE_UNIMPLEMENTED,
         "the fingerprint of a loaded executable is told");
}

// One is set, one is let go: the plugin would end the process over a second set.
void promise(Plugin &plugin) {
  pje_event *set = nullptr, *unset = nullptr;
  void *raw = nullptr, *other = nullptr;
  ErrorHandle error(pje_error_create(PJE_DATA_LOSS, "gone"));
  ok(pje_event_create_raw(plugin.client(), &raw, &set));
  EventHandle owned(set);
  ok(pje_event_create_raw(plugin.client(), &other, &unset));
  pje_event_release(unset);
  demand(!call(plugin, "PJRT_Event_IsReady", raw).answer.flag, "the promise is ready before it was set");
  ok(pje_event_set(set, error.get()));
  demand(call(plugin, "PJRT_Event_IsReady", raw).answer.flag, "the plugin did not learn that it was set");
  demand(fails(pje_event_wait(set), "waiting for it") == PJE_DATA_LOSS, "another error");
  demand(fails(pje_event_set(set, nullptr), "a second set") == PJE_FAILED_PRECONDITION, "another error");
}

}  // namespace

std::vector<Case> raw_cases() {
  return {{"raw_of_client", of_client},
          {"raw_of_buffer", of_buffer},
          {"raw_of_executable", of_executable},
          {"promise_in_the_plugin", promise}};
}

}  // namespace real
