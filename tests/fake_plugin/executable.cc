#include "executable.hpp"

#include "calls.hpp"
#include "config.hpp"
#include "wire.hpp"

namespace fake {
namespace {

template <class HandleType, Kind kind>
struct HeldBytes {
  using Handle = HandleType;
  static constexpr Kind kKind = kind;
  std::string bytes;
};
using SerializedExecutable = HeldBytes<PJRT_SerializedExecutable, Kind::kSerializedExecutable>;
using SerializedOptions = HeldBytes<PJRT_SerializedCompileOptions, Kind::kSerializedOptions>;
using SerializedAssignment = HeldBytes<PJRT_DeviceAssignmentSerialized, Kind::kSerializedAssignment>;

template <class Held>
void DeleteHeld(typename Held::Handle *handle) {
  FunctionScope scope("the deleter of serialized bytes");
  Retire<Held>(handle);
}

template <class Held, class Args>
void HandOut(Args &args, std::string bytes, typename Held::Handle **holder,
             void (**deleter)(typename Held::Handle *)) {
  auto held = std::make_unique<Held>();
  held->bytes = std::move(bytes);
  OutString(&args.serialized_bytes, &args.serialized_bytes_size, held->bytes);
  Out(holder, Publish(std::move(held)));
  *deleter = DeleteHeld<Held>;
}

constexpr std::string_view kMagic = "PJRTFAKE executable 1\n";

// Magic, options and text with their lengths, and a hash over all of it.
std::string SerializeCompiled(const Compiled &compiled) {
  WireWriter body;
  body.Bytes(1, compiled.options);
  body.Bytes(2, compiled.text);
  WireWriter whole;
  whole.Bytes(1, body.text());
  whole.Number(2, HashBytes(body.text()));
  return std::string(kMagic) + whole.text();
}

Status ParseCompiled(std::string_view bytes, std::string *options, std::string *text) {
  Status bad = Invalid("the bytes are not a whole executable of the fake plugin");
  if (!bytes.starts_with(kMagic)) return bad;
  WireReader whole(bytes.substr(kMagic.size()));
  if (!whole.Next() || whole.field() != 1) return bad;
  std::string_view body = whole.bytes();
  if (!whole.Next() || whole.field() != 2 || whole.number() != HashBytes(body)) return bad;
  WireReader reader(body);
  if (!reader.Next()) return bad;
  *options = reader.bytes();
  if (!reader.Next()) return bad;
  *text = reader.bytes();
  return nullptr;
}

int64_t TotalBytes(const std::vector<Shape> &shapes) {
  size_t total = 0;
  for (const Shape &shape : shapes) total += shape.device_bytes();
  return static_cast<int64_t>(total);
}

}  // namespace

Status Call(PJRT_Executable_Destroy_Args &args) {
  if (args.executable != nullptr) Retire<Executable>(args.executable);
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_Destroy_Args &args) {
  if (args.executable != nullptr) Retire<LoadedExecutable>(args.executable);
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_GetExecutable_Args &args) {
  auto executable = std::make_unique<Executable>();
  executable->compiled = Use<LoadedExecutable>(args.loaded_executable).compiled;
  Out(&args.executable, Publish(std::move(executable)));
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_GetDeviceAssignment_Args &args) {
  HandOut<SerializedAssignment>(args, Use<LoadedExecutable>(args.executable).assignment_proto,
                                &args.serialized_device_assignment,
                                &args.serialized_device_assignment_deleter);
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_AddressableDevices_Args &args) {
  const LoadedExecutable &loaded = Use<LoadedExecutable>(args.executable);
  Out(&args.addressable_devices, loaded.devices.data());
  Out(&args.num_addressable_devices, loaded.devices.size());
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args &args) {
  LoadedExecutable &loaded = Use<LoadedExecutable>(args.executable);
  for (const PJRT_LogicalDeviceIds &ids : loaded.logical_ids)
    TraceStruct("PJRT_LogicalDeviceIds", &ids, sizeof ids);
  Out(&args.addressable_device_logical_ids, loaded.logical_ids.data());
  Out(&args.num_addressable_device_logical_ids, loaded.logical_ids.size());
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_Delete_Args &args) {
  Use<LoadedExecutable>(args.executable).deleted = true;
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_IsDeleted_Args &args) {
  Out(&args.is_deleted, Use<LoadedExecutable>(args.executable).deleted.load());
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_Fingerprint_Args &args) {
  const LoadedExecutable &loaded = Use<LoadedExecutable>(args.executable);
  if (!Current().answers_loaded_fingerprint)
    return Unimplemented("PJRT_LoadedExecutable_Fingerprint: deprecated, ask the executable");
  OutString(&args.executable_fingerprint, &args.executable_fingerprint_size, loaded.compiled->fingerprint);
  return nullptr;
}

Status Call(PJRT_Executable_Name_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  OutString(&args.executable_name, &args.executable_name_size, compiled.module.name);
  return nullptr;
}

Status Call(PJRT_Executable_NumReplicas_Args &args) {
  Out(&args.num_replicas, Use<Executable>(args.executable).compiled->settings.replicas);
  return nullptr;
}

Status Call(PJRT_Executable_NumPartitions_Args &args) {
  Out(&args.num_partitions, Use<Executable>(args.executable).compiled->settings.partitions);
  return nullptr;
}

Status Call(PJRT_Executable_NumOutputs_Args &args) {
  Out(&args.num_outputs, Use<Executable>(args.executable).compiled->outputs.size());
  return nullptr;
}

Status Call(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args &args) {
  Out(&args.size_in_bytes, Use<Executable>(args.executable).compiled->text.size());
  return nullptr;
}

Status Call(PJRT_Executable_Fingerprint_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  OutString(&args.executable_fingerprint, &args.executable_fingerprint_size, compiled.fingerprint);
  return nullptr;
}

Status Call(PJRT_Executable_GetCostAnalysis_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  Out(&args.num_properties, compiled.costs.size());
  Out(&args.properties, compiled.costs.data());
  return nullptr;
}

Status Call(PJRT_Executable_GetCompiledMemoryStats_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  int64_t inputs = TotalBytes(compiled.params);
  int64_t outputs = TotalBytes(compiled.outputs);
  int64_t aliased = 0;
  for (size_t i = 0; i < compiled.params.size(); ++i) {
    if (compiled.module.main().params[i].aliased_output >= 0)
      aliased += static_cast<int64_t>(compiled.params[i].device_bytes());
  }
  Out(&args.generated_code_size_in_bytes, compiled.text.size());
  Out(&args.argument_size_in_bytes, inputs);
  Out(&args.output_size_in_bytes, outputs);
  Out(&args.alias_size_in_bytes, aliased);
  Out(&args.peak_memory_in_bytes, inputs + outputs - aliased);
  Out(&args.total_size_in_bytes, inputs + outputs - aliased);
  Out(&args.total_allocation_bytes, inputs + outputs - aliased);
  Out(&args.peak_unpadded_heap_bytes, inputs + outputs - aliased);
  return nullptr;
}

Status Call(PJRT_Executable_OutputElementTypes_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  Out(&args.output_types, const_cast<PJRT_Buffer_Type *>(compiled.output_types.data()));
  Out(&args.num_output_types, compiled.output_types.size());
  return nullptr;
}

Status Call(PJRT_Executable_OutputDimensions_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  Out(&args.num_outputs, compiled.outputs.size());
  Out(&args.dims, compiled.output_dims.data());
  Out(&args.dim_sizes, compiled.output_ranks.data());
  return nullptr;
}

Status Call(PJRT_Executable_OutputMemoryKinds_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  Out(&args.num_outputs, compiled.outputs.size());
  Out(&args.memory_kinds, compiled.output_kinds.data());
  Out(&args.memory_kind_sizes, compiled.output_kind_sizes.data());
  return nullptr;
}

Status Call(PJRT_Executable_ParameterMemoryKinds_Args &args) {
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  Out(&args.num_parameters, compiled.params.size());
  Out(&args.memory_kinds, compiled.param_kinds.data());
  Out(&args.memory_kind_sizes, compiled.param_kind_sizes.data());
  return nullptr;
}

Status Call(PJRT_Executable_OptimizedProgram_Args &args) {
  static constexpr std::string_view kFormat = "hlo_with_config";
  const Compiled &compiled = *Use<Executable>(args.executable).compiled;
  if (Current().no_optimized_program) return Unimplemented("the optimized program is not available");
  if (args.program == nullptr) Misuse("program is NULL");
  PJRT_Program &program = *args.program;
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Program, &program)) return bad;
  program.format = kFormat.data();
  program.format_size = kFormat.size();
  if (program.code == nullptr) {
    program.code_size = compiled.optimized.size();
    return nullptr;
  }
  if (program.code_size < compiled.optimized.size()) {
    return Invalid("code_size is ", program.code_size, ", needed ", compiled.optimized.size());
  }
  memcpy(program.code, compiled.optimized.data(), compiled.optimized.size());
  return nullptr;
}

Status Call(PJRT_Executable_Serialize_Args &args) {
  HandOut<SerializedExecutable>(args, SerializeCompiled(*Use<Executable>(args.executable).compiled),
                                &args.serialized_executable, &args.serialized_executable_deleter);
  return nullptr;
}

Status Call(PJRT_Executable_GetCompileOptions_Args &args) {
  HandOut<SerializedOptions>(args, Use<Executable>(args.executable).compiled->options,
                             &args.serialized_compile_options, &args.serialized_compile_options_deleter);
  return nullptr;
}

Status Call(PJRT_Executable_DeserializeAndLoad_Args &args) {
  Client &client = Use<Client>(args.client);
  std::string options;
  std::string text;
  std::string_view bytes(args.serialized_executable, args.serialized_executable_size);
  if (Status bad = ParseCompiled(bytes, &options, &text)) return bad;
  if (args.load_options != nullptr) {
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_LoadOptions, args.load_options)) return bad;
    if (Status bad = CheckMultiSlice(args.load_options->multi_slice_config)) return bad;
  }
  if (args.overridden_serialized_compile_options != nullptr) {
    options.assign(args.overridden_serialized_compile_options,
                   args.overridden_serialized_compile_options_size);
  }
  CompiledPtr compiled;
  if (Status bad = CompileText(std::move(text), std::move(options), &compiled)) return bad;
  PJRT_LoadedExecutable *loaded = nullptr;
  if (Status bad = LoadOnto(&client, compiled, &loaded)) return bad;
  Out(&args.loaded_executable, loaded);
  return nullptr;
}

}  // namespace fake
