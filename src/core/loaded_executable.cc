#include "core/loaded_executable.hpp"

#include "base/text.hpp"
#include "core/hlo_signature.hpp"

namespace pje {

namespace {

// An optimized module larger than this is not fetched: the check is worth less than the memory.
constexpr size_t kMaxModule = size_t{1} << 30;

bool is_unimplemented(const Status &status) {
  return !status.ok() && status.error()->code() == PJE_UNIMPLEMENTED;
}

}  // namespace

LoadedExecutable::LoadedExecutable(Client &client, PJRT_LoadedExecutable *raw)
    : client_(&client), hold_(client.hold()), raw_(raw), data_(new Data) {}

LoadedExecutable::~LoadedExecutable() { destroy_raw(); }

void LoadedExecutable::on_client_close() noexcept {
  destroy_raw();
  hold_.become_leftover();
}

void LoadedExecutable::destroy_raw() noexcept {
  const abi::Api &api = client_->api();
  if (executable_ != nullptr) {
    auto args = abi::zeroed<PJRT_Executable_Destroy_Args>();
    args.executable = std::exchange(executable_, nullptr);
    api.call_and_log(args);
  }
  if (raw_ == nullptr) return;
  auto args = abi::zeroed<PJRT_LoadedExecutable_Destroy_Args>();
  args.executable = std::exchange(raw_, nullptr);
  api.call_and_log(args);
}

Result<Work<LoadedExecutable>> LoadedExecutable::compile(Client &client, Program &program,
                                                         const CompileOptions *options) {
  std::string bytes = default_compile_options();
  if (options != nullptr) {
    PJE_ASSIGN(bytes, options->serialized());
  }
  bool with_signature = options == nullptr || options->check_arguments();
  auto run = [client = &client, program = Ref<Program>::share(&program), bytes = std::move(bytes),
              with_signature] { return compile_now(*client, *program, bytes, with_signature); };
  return Work<LoadedExecutable>{Ref<Client>::share(&client), std::move(run)};
}

Result<Ref<LoadedExecutable>> LoadedExecutable::compile_now(Client &client, const Program &program,
                                                            const std::string &options, bool with_signature) {
  std::string_view format = program.pjrt_format();
  auto raw_program = client.api().sized<PJRT_Program>();
  raw_program.code = const_cast<char *>(program.code().data());
  raw_program.code_size = program.code().size();
  raw_program.format = format.data();
  raw_program.format_size = format.size();
  auto args = abi::zeroed<PJRT_Client_Compile_Args>();
  args.client = client.raw();
  args.program = &raw_program;
  args.compile_options = options.data();
  args.compile_options_size = options.size();
  {
    SignalGuard guard(client.plugin().objects_before());
    PJE_TRY(client.api().call(args));
  }
  Ref<LoadedExecutable> executable;
  try {
    executable = make<LoadedExecutable>(client, args.executable);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_LoadedExecutable_Destroy_Args>();
    destroy.executable = args.executable;
    client.api().call_and_log(destroy);
    throw;
  }
  PJE_TRY(executable->read(with_signature));
  return executable;
}

Status LoadedExecutable::read(bool with_signature) {
  auto get = abi::zeroed<PJRT_LoadedExecutable_GetExecutable_Args>();
  get.loaded_executable = raw_;
  PJE_TRY(client_->api().call(get));
  executable_ = get.executable;
  PJE_TRY(read_counts());
  PJE_TRY(read_devices());
  PJE_TRY(read_outputs());
  return with_signature ? read_signature() : Status();
}

Status LoadedExecutable::read_counts() {
  const abi::Api &api = client_->api();
  auto name = abi::zeroed<PJRT_Executable_Name_Args>();
  name.executable = executable_;
  Status status = api.call(name);
  if (!status.ok() && !is_unimplemented(status)) return status;
  if (status.ok()) data_->name = utf8_from(name.executable_name, name.executable_name_size);
  auto replicas = abi::zeroed<PJRT_Executable_NumReplicas_Args>();
  replicas.executable = executable_;
  status = api.call(replicas);
  if (!status.ok() && !is_unimplemented(status)) return status;
  if (status.ok()) data_->num_replicas = replicas.num_replicas;
  auto partitions = abi::zeroed<PJRT_Executable_NumPartitions_Args>();
  partitions.executable = executable_;
  status = api.call(partitions);
  if (!status.ok() && !is_unimplemented(status)) return status;
  if (status.ok()) data_->num_partitions = partitions.num_partitions;
  return {};
}

Status LoadedExecutable::read_devices() {
  auto args = abi::zeroed<PJRT_LoadedExecutable_AddressableDevices_Args>();
  args.executable = raw_;
  PJE_TRY(client_->api().call(args));
  for (size_t i = 0; i < args.num_addressable_devices; ++i)
    if (Device *device = client_->device_of(args.addressable_devices[i])) data_->devices.push_back(device);
  return {};
}

Status LoadedExecutable::read_outputs() {
  const abi::Api &api = client_->api();
  auto count = abi::zeroed<PJRT_Executable_NumOutputs_Args>();
  count.executable = executable_;
  PJE_TRY(api.call(count));
  data_->outputs.assign(count.num_outputs, nullptr);
  auto types = abi::zeroed<PJRT_Executable_OutputElementTypes_Args>();
  types.executable = executable_;
  auto dims = abi::zeroed<PJRT_Executable_OutputDimensions_Args>();
  dims.executable = executable_;
  // Without these the type of each output is asked of its buffer.
  if (!api.call(types).ok() || !api.call(dims).ok()) return {};
  if (types.num_output_types != count.num_outputs || dims.num_outputs != count.num_outputs) return {};
  const int64_t *next = dims.dims;
  for (size_t i = 0; i < count.num_outputs; ++i) {
    auto type = intern_array_type(static_cast<pje_dtype>(types.output_types[i]), next, dims.dim_sizes[i]);
    if (type.ok()) data_->outputs[i] = type.value();
    next += dims.dim_sizes[i];
  }
  return {};
}

Status LoadedExecutable::read_signature() {
  const abi::Api &api = client_->api();
  auto program = api.sized<PJRT_Program>();
  auto args = abi::zeroed<PJRT_Executable_OptimizedProgram_Args>();
  args.executable = executable_;
  args.program = &program;
  // No signature is no error: arguments then go unchecked, as the accessors say.
  if (!api.call(args).ok() || program.code_size == 0 || program.code_size > kMaxModule) return {};
  std::string code(program.code_size, '\0');
  program.code = code.data();
  if (!api.call(args).ok()) return {};
  std::string_view format(program.format, program.format_size);
  if (format != "hlo" && format != "hlo_with_config") return {};
  auto signature = parse_hlo_signature(std::as_bytes(std::span(code)), format == "hlo_with_config");
  if (!signature.ok()) return {};
  HloSignature found = std::move(signature).value();
  data_->knows_args = true;
  data_->args = std::move(found.params);
  data_->donated = std::move(found.donated);
  data_->donated.resize(data_->args.size());
  for (bool donated : data_->donated) data_->num_donated += donated ? 1 : 0;
  return {};
}

}  // namespace pje
