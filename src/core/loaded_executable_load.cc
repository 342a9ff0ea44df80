// Executables that come to their devices without being compiled there, and their end.

#include "base/text.hpp"
#include "core/executable.hpp"
#include "core/facts.hpp"
#include "core/loaded_executable.hpp"
#include "core/serialized_executable.hpp"

namespace pje {

namespace {

using LoadWork = Work<LoadedExecutable>;

// Minors that added members: an older plugin would ignore them in silence.
constexpr int kOverridesSince = 71;
constexpr int kLoadOptionsSince = 111;

Status check_since(const abi::Api &api, const char *option, int since) {
  if (api.minor() >= since) return {};
  return failure(PJE_UNIMPLEMENTED, concat("options.", option, ": the plugin (PJRT 0.", api.minor(),
                                           ") would ignore it; added in 0.", since));
}

Status check_trusted(bool trusted) {
  if (trusted) return {};
  return failure(PJE_PERMISSION_DENIED,
                 "options.trusted is 0: loading runs machine code from the bytes; set it to 1 for bytes that "
                 "only you, or who you trust, can have written");
}

}  // namespace

Result<Ref<LoadedExecutable>> LoadedExecutable::adopt(Client &client, PJRT_LoadedExecutable *raw,
                                                      bool with_signature) {
  Ref<LoadedExecutable> executable;
  try {
    executable = make<LoadedExecutable>(client, raw);
  } catch (...) {
    auto destroy = abi::zeroed<PJRT_LoadedExecutable_Destroy_Args>();
    destroy.executable = raw;
    client.api().call_and_log(destroy);
    throw;
  }
  PJE_TRY(executable->read(with_signature));
  return executable;
}

Result<LoadWork> LoadedExecutable::load(Client &client, Executable &executable,
                                        const CompileOptions *options) {
  PJE_TRY(client.api().require<PJRT_Client_Load_Args>());
  if (&executable.plugin() != &client.plugin())
    return invalid_argument("argument \"executable\" belongs to another plugin");
  std::string bytes;
  if (options != nullptr) {
    PJE_ASSIGN(bytes, options->serialized());
  }
  bool with_signature = options == nullptr || options->check_arguments();
  if (!executable.use_up())
    return failure(PJE_FAILED_PRECONDITION, "argument \"executable\" was used up by pje_client_load before");
  auto run = [client = &client, executable = Ref<Executable>::share(&executable), bytes = std::move(bytes),
              with_signature]() -> Result<Ref<LoadedExecutable>> {
    auto args = abi::zeroed<PJRT_Client_Load_Args>();
    args.client = client->raw();
    args.executable = executable->raw();
    args.compile_options = bytes.empty() ? nullptr : bytes.data();
    args.compile_options_size = bytes.size();
    PJE_TRY(client->plugin().call_long(client->api(), args));
    return adopt(*client, args.loaded_executable, with_signature);
  };
  return LoadWork{Ref<Client>::share(&client), std::move(run)};
}

Result<LoadWork> LoadedExecutable::deserialize(Client &client, std::string_view bytes, Wrapping wrapping,
                                               const DeserializeOptions &options) {
  const abi::Api &api = client.api();
  PJE_TRY(check_trusted(options.trusted));
  if (bytes.empty()) return invalid_argument("argument \"size\" is 0: expected a serialized executable");
  bool with_load_options = !options.computation_origin.empty() || options.multi_slice_config != nullptr;
  if (options.compile_options != nullptr) PJE_TRY(check_since(api, "compile_options", kOverridesSince));
  if (with_load_options)
    PJE_TRY(check_since(api, "computation_origin and multi_slice_config", kLoadOptionsSince));
  if (wrapping == Wrapping::kHeader) {
    SerializedInfo found;
    PJE_ASSIGN(bytes, unwrap_serialized(bytes, &found));
    PJE_TRY(check_same_plugin(
        found, info_of_plugin(client.plugin(), client.platform_name(), client.platform_version())));
  }
  std::string overrides;
  if (options.compile_options != nullptr) {
    PJE_ASSIGN(overrides, options.compile_options->serialized());
  }
  bool with_signature = options.compile_options == nullptr || options.compile_options->check_arguments();
  auto run = [client = &client, payload = std::string(bytes), overrides = std::move(overrides),
              with_signature, with_load_options,
              origin =
                  std::vector<int32_t>(options.computation_origin.begin(), options.computation_origin.end()),
              config = options.multi_slice_config]() -> Result<Ref<LoadedExecutable>> {
    auto load_options = client->api().sized<PJRT_LoadOptions>();
    load_options.computation_origin = origin.data();
    load_options.computation_origin_size = origin.size();
    load_options.multi_slice_config = static_cast<PJRT_MultiSlice_Config *>(const_cast<void *>(config));
    auto args = abi::zeroed<PJRT_Executable_DeserializeAndLoad_Args>();
    args.client = client->raw();
    args.serialized_executable = payload.data();
    args.serialized_executable_size = payload.size();
    args.overridden_serialized_compile_options = overrides.empty() ? nullptr : overrides.data();
    args.overridden_serialized_compile_options_size = overrides.size();
    args.load_options = with_load_options ? &load_options : nullptr;
    PJE_TRY(client->plugin().call_long(client->api(), args));
    return adopt(*client, args.loaded_executable, with_signature);
  };
  return LoadWork{Ref<Client>::share(&client), std::move(run)};
}

Result<std::string> LoadedExecutable::fingerprint() const {
  PJE_TRY(check_not_deleted());
  Result<std::string> own = read_fingerprint(client_->api(), executable_);
  if (own.ok()) return own;
  Status status = std::move(own).status();
  if (!is_unimplemented(status)) return status;
  // The older function, which every known plugin refuses, in case one does not.
  auto args = abi::zeroed<PJRT_LoadedExecutable_Fingerprint_Args>();
  args.executable = raw_;
  PJE_TRY(client_->api().call(args));
  if (args.executable_fingerprint == nullptr)
    return failure_of("PJRT_LoadedExecutable_Fingerprint", PJE_INTERNAL,
                      "the plugin answered OK without a fingerprint");
  return std::string(args.executable_fingerprint, args.executable_fingerprint_size);
}

Status LoadedExecutable::delete_now() {
  if (deleted_.load(std::memory_order_acquire)) return {};
  auto args = abi::zeroed<PJRT_LoadedExecutable_Delete_Args>();
  args.executable = raw_;
  PJE_TRY(client_->api().call(args));
  deleted_.store(true, std::memory_order_release);
  return {};
}

bool LoadedExecutable::is_deleted() const noexcept {
  if (deleted_.load(std::memory_order_acquire)) return true;
  auto args = abi::zeroed<PJRT_LoadedExecutable_IsDeleted_Args>();
  args.executable = raw_;
  return client_->api().call(args).ok() && args.is_deleted;
}

Status LoadedExecutable::check_not_deleted() const {
  if (!deleted_.load(std::memory_order_acquire)) return {};
  return failure(PJE_FAILED_PRECONDITION, "argument \"executable\" was deleted");
}

}  // namespace pje
