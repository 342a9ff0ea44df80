#include "core/loaded_executable.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/executable.hpp"
#include "core/hlo_signature.hpp"

namespace pje {

namespace {

// An optimized module larger than this is not fetched: the check is worth less than the memory.
constexpr size_t kMaxModule = size_t{1} << 30;

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
  auto raw_program = client.api().sized<PJRT_Program>();
  program.describe_to(&raw_program);
  auto args = abi::zeroed<PJRT_Client_Compile_Args>();
  args.client = client.raw();
  args.program = &raw_program;
  args.compile_options = options.data();
  args.compile_options_size = options.size();
  PJE_TRY(client.plugin().call_long(client.api(), args));
  return adopt(client, args.executable, with_signature);
}

Status LoadedExecutable::read(bool with_signature) {
  auto get = abi::zeroed<PJRT_LoadedExecutable_GetExecutable_Args>();
  get.loaded_executable = raw_;
  PJE_TRY(client_->api().call(get));
  executable_ = get.executable;
  PJE_TRY(read_counts());
  PJE_TRY(read_devices());
  PJE_TRY(read_outputs());
  if (with_signature) PJE_TRY(read_signature());
  if (!data_->knows_args)
    for (const ArrayType *&output : data_->outputs)
      if (output != nullptr) output = array_type_in_order(*output, {});
  sum_up();
  return {};
}

void LoadedExecutable::sum_up() noexcept {
  signature_.num_devices = data_->devices.size();
  signature_.num_args = data_->args.size();
  signature_.num_outputs = data_->outputs.size();
  signature_.args = data_->knows_args ? data_->args.data() : nullptr;
  signature_.outputs = data_->outputs.data();
  signature_.knows_outputs =
      std::find(data_->outputs.begin(), data_->outputs.end(), nullptr) == data_->outputs.end();
  signature_.takes = data_->num_donated > 0 || !data_->knows_args;
  data_->no_options = raw_options({});
  const abi::Api &api = client_->api();
  if (!api.has<PJRT_LoadedExecutable_Execute_Args>() || !api.has<PJRT_Event_Await_Args>() ||
      !api.has<PJRT_Event_Destroy_Args>())
    return;
  if (signature_.num_devices != 1 || !signature_.knows_outputs || signature_.takes ||
      signature_.num_args > kSmall || signature_.num_outputs > kSmall)
    return;
  signature_.num_plain_args = signature_.num_args;
  signature_.num_plain_outputs = signature_.num_outputs;
}

Status LoadedExecutable::read_counts() {
  return read_executable_identity(client_->api(), executable_, &data_->name, &data_->num_replicas,
                                  &data_->num_partitions);
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
  return read_output_types(client_->api(), executable_, &data_->outputs);
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
  // No other call tells in which order the outputs lie.
  for (size_t i = 0; i < data_->outputs.size() && i < found.results.size(); ++i)
    if (found.results[i] != nullptr && found.results[i]->plain == data_->outputs[i])
      data_->outputs[i] = found.results[i];
  return {};
}

}  // namespace pje
