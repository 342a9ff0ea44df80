#include "core/client_work.hpp"

namespace pje {

Result<ClientSettings> ClientSettings::take(const NamedValues *options, KvStore *kv_store) {
  ClientSettings settings;
  settings.kv_store_ = Ref<KvStore>::share(kv_store);
  if (options == nullptr) return settings;
  settings.options_ = make<NamedValues>();
  for (size_t i = 0; i < options->count(); ++i)
    PJE_TRY(settings.options_->set(options->name(i), *options->value(i)));
  return settings;
}

Work<Client> create_work(Plugin &plugin, ClientSettings settings) {
  auto run = [plugin = Ref<Plugin>::share(&plugin), settings = std::move(settings)] {
    return settings.create(*plugin);
  };
  return {{}, std::move(run)};
}

Work<Client> open_work(std::string name_or_path, PluginOptions plugin_options, ClientSettings settings) {
  auto run = [name_or_path = std::move(name_or_path), plugin_options = std::move(plugin_options),
              settings = std::move(settings)]() -> Result<Ref<Client>> {
    PJE_ASSIGN(Ref<Plugin> plugin, Plugin::load(name_or_path, plugin_options));
    return settings.create(*plugin);
  };
  return {{}, std::move(run)};
}

}  // namespace pje
