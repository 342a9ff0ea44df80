#include "core/executable.hpp"

#include "base/text.hpp"
#include "core/facts.hpp"
#include "core/loaded_executable.hpp"
#include "core/xla_flags.hpp"

namespace pje {

namespace {

std::vector<std::string> texts(const char *const *data, const size_t *sizes, size_t count) {
  std::vector<std::string> list;
  list.reserve(count);
  for (size_t i = 0; i < count; ++i) list.push_back(utf8_from(data[i], sizes[i]));
  return list;
}

}  // namespace

Status read_executable_identity(const abi::Api &api, PJRT_Executable *raw, std::string *name,
                                size_t *num_replicas, size_t *num_partitions) {
  PJE_TRY(read_fact(api, &PJRT_Executable_Name_Args::executable, raw, [&](PJRT_Executable_Name_Args &a) {
    *name = utf8_from(a.executable_name, a.executable_name_size);
  }));
  PJE_TRY(read_fact(api, &PJRT_Executable_NumReplicas_Args::executable, raw,
                    [&](PJRT_Executable_NumReplicas_Args &a) { *num_replicas = a.num_replicas; }));
  return read_fact(api, &PJRT_Executable_NumPartitions_Args::executable, raw,
                   [&](PJRT_Executable_NumPartitions_Args &a) { *num_partitions = a.num_partitions; });
}

Status read_output_types(const abi::Api &api, PJRT_Executable *raw, std::vector<const ArrayType *> *outputs) {
  auto count = abi::zeroed<PJRT_Executable_NumOutputs_Args>();
  count.executable = raw;
  PJE_TRY(api.call(count));
  outputs->assign(count.num_outputs, nullptr);
  auto types = abi::zeroed<PJRT_Executable_OutputElementTypes_Args>();
  types.executable = raw;
  auto dims = abi::zeroed<PJRT_Executable_OutputDimensions_Args>();
  dims.executable = raw;
  // Without these the type of each output is asked of its buffer.
  if (!api.call(types).ok() || !api.call(dims).ok()) return {};
  if (types.num_output_types != count.num_outputs || dims.num_outputs != count.num_outputs) return {};
  const int64_t *next = dims.dims;
  for (size_t i = 0; i < count.num_outputs; ++i) {
    auto type = intern_array_type(static_cast<pje_dtype>(types.output_types[i]), next, dims.dim_sizes[i]);
    if (type.ok()) (*outputs)[i] = type.value();
    next += dims.dim_sizes[i];
  }
  return {};
}

Result<std::string> read_fingerprint(const abi::Api &api, PJRT_Executable *raw) {
  auto args = abi::zeroed<PJRT_Executable_Fingerprint_Args>();
  args.executable = raw;
  PJE_TRY(api.call(args));
  if (args.executable_fingerprint == nullptr)
    return failure_of("PJRT_Executable_Fingerprint", PJE_INTERNAL,
                      "the plugin answered OK without a fingerprint");
  return std::string(args.executable_fingerprint, args.executable_fingerprint_size);
}

Executable::Executable(Plugin &plugin, Client *client, PJRT_Executable *raw)
    : plugin_(&plugin),
      client_(client),
      hold_(client != nullptr ? client->hold() : ClientHold()),
      raw_(raw),
      data_(new Data) {
  plugin_->retain();
}

Executable::~Executable() {
  destroy_raw();
  plugin_->release();
}

void Executable::destroy_raw() noexcept {
  auto args = abi::zeroed<PJRT_Executable_Destroy_Args>();
  args.executable = std::exchange(raw_, nullptr);
  if (args.executable != nullptr) api().call_and_log(args);
  if (LoadedExecutable *loaded = std::exchange(loaded_, nullptr)) loaded->release();
}

void Executable::on_client_close() noexcept {
  destroy_raw();
  hold_.become_leftover();
}

Result<Ref<Executable>> Executable::adopt(Plugin &plugin, Client *client, PJRT_Executable *raw) {
  Ref<Executable> executable;
  try {
    executable = make<Executable>(plugin, client, raw);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_Executable_Destroy_Args>();
    destroy.executable = raw;
    plugin.api().call_and_log(destroy);
    throw;
  }
  PJE_TRY(executable->read());
  return executable;
}

Result<Work<Executable>> Executable::compile(Plugin &plugin, Topology &topology, Program &program,
                                             const CompileOptions *options, Client *client) {
  // What cannot be destroyed is not made.
  PJE_TRY(plugin.api().require<PJRT_Executable_Destroy_Args>());
  if (&topology.plugin() != &plugin)
    return invalid_argument("argument \"topology\" belongs to another plugin");
  if (client != nullptr && &client->plugin() != &plugin)
    return invalid_argument("argument \"client\" belongs to another plugin");
  PJE_TRY(check_xla_flags(plugin.api()));
  std::string bytes = default_compile_options();
  if (options != nullptr) {
    PJE_ASSIGN(bytes, options->serialized());
  }
  auto run = [held = topology.keep(), plugin = Ref<Plugin>::share(&plugin), topology = &topology,
              program = Ref<Program>::share(&program), client,
              bytes = std::move(bytes)]() -> Result<Ref<Executable>> {
    const abi::Api &api = client != nullptr ? client->api() : topology->api();
    auto raw_program = api.sized<PJRT_Program>();
    program->describe_to(&raw_program);
    auto args = abi::zeroed<PJRT_Compile_Args>();
    args.topology = topology->raw();
    args.program = &raw_program;
    args.compile_options = bytes.data();
    args.compile_options_size = bytes.size();
    args.client = client != nullptr ? client->raw() : nullptr;
    PJE_TRY(plugin->call_long(api, args));
    PJE_ASSIGN(Ref<Executable> executable, adopt(*plugin, client, args.executable));
    executable->data_->platform_name = topology->platform_name();
    return executable;
  };
  return Work<Executable>{Ref<Client>::share(client), std::move(run)};
}

Result<Ref<Executable>> Executable::of_loaded(LoadedExecutable &loaded) {
  PJE_TRY(loaded.check_not_deleted());
  Client &client = loaded.client();
  auto args = abi::zeroed<PJRT_LoadedExecutable_GetExecutable_Args>();
  args.loaded_executable = loaded.raw();
  PJE_TRY(client.api().call(args));
  PJE_ASSIGN(Ref<Executable> executable, adopt(client.plugin(), &client, args.executable));
  loaded.retain();
  executable->loaded_ = &loaded;
  executable->data_->platform_name = client.platform_name();
  executable->data_->platform_version = client.platform_version();
  return executable;
}

Status Executable::read() {
  PJE_TRY(read_executable_identity(api(), raw_, &data_->name, &data_->num_replicas, &data_->num_partitions));
  PJE_TRY(read_output_types(api(), raw_, &data_->outputs));
  PJE_TRY(read_fact(api(), &PJRT_Executable_OutputMemoryKinds_Args::executable, raw_,
                    [&](PJRT_Executable_OutputMemoryKinds_Args &a) {
                      data_->output_kinds = texts(a.memory_kinds, a.memory_kind_sizes, a.num_outputs);
                    }));
  return read_fact(api(), &PJRT_Executable_ParameterMemoryKinds_Args::executable, raw_,
                   [&](PJRT_Executable_ParameterMemoryKinds_Args &a) {
                     data_->knows_parameters = true;
                     data_->parameter_kinds = texts(a.memory_kinds, a.memory_kind_sizes, a.num_parameters);
                   });
}

Status Executable::check_usable() const {
  if (!used_up_.load(std::memory_order_acquire)) return {};
  return failure(
      PJE_FAILED_PRECONDITION,
      "argument \"executable\" was used up by pje_client_load: take one from the loaded executable "
      "with pje_loaded_executable_executable");
}

Result<int64_t> Executable::code_size() const {
  PJE_TRY(check_usable());
  auto args = abi::zeroed<PJRT_Executable_SizeOfGeneratedCodeInBytes_Args>();
  args.executable = raw_;
  PJE_TRY(api().call(args));
  return args.size_in_bytes;
}

Result<std::string> Executable::fingerprint() const {
  PJE_TRY(check_usable());
  return read_fingerprint(api(), raw_);
}

}  // namespace pje
