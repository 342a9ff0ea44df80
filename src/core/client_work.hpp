// Making clients, as work for the caller's thread or for the pool.
#pragma once

#include <string>

#include "core/async_call.hpp"
#include "core/client.hpp"
#include "core/kv_store.hpp"
#include "core/named_values.hpp"
#include "core/plugin.hpp"

namespace pje {

// What a client is made with; may be changed or released by the caller once it was taken.
class ClientSettings {
 public:
  // Either may be NULL.
  static Result<ClientSettings> take(const NamedValues *options, KvStore *kv_store);
  Result<Ref<Client>> create(Plugin &plugin) const {
    return Client::create(plugin, options_.get(), kv_store_.get());
  }

 private:
  Ref<NamedValues> options_;
  Ref<KvStore> kv_store_;
};

Work<Client> create_work(Plugin &plugin, ClientSettings settings);
// Loads the plugin too.
Work<Client> open_work(std::string name_or_path, PluginOptions plugin_options, ClientSettings settings);

}  // namespace pje
