#include "pjrt_easy/client.h"

#include "base/workers.hpp"
#include "capi/async.hpp"
#include "capi/options.hpp"
#include "core/client_work.hpp"

using pje::Client;
using pje::ClientSettings;
using pje::Device;
using pje::KvStore;
using pje::Memory;
using pje::NamedValues;
using pje::Plugin;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::Work;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

Result<ClientSettings> read_client_options(const char *function, const pje_client_options *given,
                                           pje_client_options *options) {
  PJE_TRY(pje::capi::read_options(given, sizeof(*options), options, "pje_client_options"));
  if (options->flags != 0) return pje::failure(PJE_UNIMPLEMENTED, "pje_client_options.flags: expected 0");
  PJE_NULLABLE_HANDLE(NamedValues, named, options->options);
  PJE_NULLABLE_HANDLE(KvStore, store, options->kv_store);
  return ClientSettings::take(named, store);
}

Result<Work<Client>> create_work(const char *function, pje_plugin *plugin,
                                 const pje_client_options *options) {
  PJE_HANDLE(Plugin, owner, plugin);
  pje_client_options read{};
  PJE_ASSIGN(ClientSettings settings, read_client_options(function, options, &read));
  return pje::create_work(owner, std::move(settings));
}

Result<Work<Client>> open_work(const char *function, const char *name_or_path,
                               const pje_client_options *options) {
  PJE_NOT_NULL(name_or_path);
  pje_client_options read{};
  PJE_ASSIGN(ClientSettings settings, read_client_options(function, options, &read));
  pje::PluginOptions plugin_options;
  PJE_TRY(pje::capi::read_plugin_options(read.plugin, &plugin_options));
  return pje::open_work(name_or_path, std::move(plugin_options), std::move(settings));
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Client, pje_client)

pje_error *pje_client_create(pje_plugin *plugin, const pje_client_options *options,
                             pje_client **out) noexcept {
  constexpr const char *function = "pje_client_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, create_work(function, plugin, options));
    return pje::capi::run_now<Client>(work, out);
  });
}

pje_error *pje_client_create_async(pje_plugin *plugin, const pje_client_options *options, pje_client **out,
                                   pje_event **done) noexcept {
  constexpr const char *function = "pje_client_create_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, create_work(function, plugin, options));
    return pje::capi::run_later<Client>(function, std::move(work), out, done);
  });
}

pje_error *pje_client_open(const char *name_or_path, const pje_client_options *options,
                           pje_client **out) noexcept {
  constexpr const char *function = "pje_client_open";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, open_work(function, name_or_path, options));
    return pje::capi::run_now<Client>(work, out);
  });
}

pje_error *pje_client_open_async(const char *name_or_path, const pje_client_options *options,
                                 pje_client **out, pje_event **done) noexcept {
  constexpr const char *function = "pje_client_open_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, open_work(function, name_or_path, options));
    return pje::capi::run_later<Client>(function, std::move(work), out, done);
  });
}

pje_error *pje_client_close(pje_client *client, int64_t timeout_ns) noexcept {
  constexpr const char *function = "pje_client_close";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Client, closed, client);
    PJE_TRY(pje::capi::refuse_on_dispatcher());
    // Kept by the call, whoever lets go of the handle meanwhile.
    return Ref<Client>::share(&closed)->close(timeout_ns);
  });
}

pje_plugin *pje_client_plugin(const pje_client *client) noexcept {
  return answered<Client>("pje_client_plugin", "client", client, static_cast<pje_plugin *>(nullptr),
                          [](Client &c) { return pje::borrow(&c.plugin()); });
}

const char *pje_client_platform_name(const pje_client *client) noexcept {
  return answered<Client>("pje_client_platform_name", "client", client, "",
                          [](Client &c) { return c.platform_name().c_str(); });
}

const char *pje_client_platform_version(const pje_client *client) noexcept {
  return answered<Client>("pje_client_platform_version", "client", client, "",
                          [](Client &c) { return c.platform_version().c_str(); });
}

int32_t pje_client_process_index(const pje_client *client) noexcept {
  return answered<Client>("pje_client_process_index", "client", client, 0,
                          [](Client &c) { return c.process_index(); });
}

size_t pje_client_num_devices(const pje_client *client) noexcept {
  return answered<Client>("pje_client_num_devices", "client", client, size_t{0},
                          [](Client &c) { return c.devices().size(); });
}

pje_device *pje_client_device(const pje_client *client, size_t index) noexcept {
  return answered<Client>(
      "pje_client_device", "client", client, static_cast<pje_device *>(nullptr),
      [&](Client &c) { return index < c.devices().size() ? pje::borrow(c.devices()[index]) : nullptr; });
}

size_t pje_client_num_addressable_devices(const pje_client *client) noexcept {
  return answered<Client>("pje_client_num_addressable_devices", "client", client, size_t{0},
                          [](Client &c) { return c.addressable_devices().size(); });
}

pje_device *pje_client_addressable_device(const pje_client *client, size_t index) noexcept {
  return answered<Client>("pje_client_addressable_device", "client", client,
                          static_cast<pje_device *>(nullptr), [&](Client &c) {
                            auto devices = c.addressable_devices();
                            return index < devices.size() ? pje::borrow(devices[index]) : nullptr;
                          });
}

pje_error *pje_client_lookup_device(pje_client *client, int32_t id, pje_device **out) noexcept {
  constexpr const char *function = "pje_client_lookup_device";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(Device * device, owner.lookup_device(id));
    *out = pje::borrow(device);
    return {};
  });
}

size_t pje_client_num_addressable_memories(const pje_client *client) noexcept {
  return answered<Client>("pje_client_num_addressable_memories", "client", client, size_t{0},
                          [](Client &c) { return c.addressable_memories().size(); });
}

pje_memory *pje_client_addressable_memory(const pje_client *client, size_t index) noexcept {
  return answered<Client>("pje_client_addressable_memory", "client", client,
                          static_cast<pje_memory *>(nullptr), [&](Client &c) {
                            auto memories = c.addressable_memories();
                            return index < memories.size() ? pje::borrow(memories[index]) : nullptr;
                          });
}

}  // extern "C"
