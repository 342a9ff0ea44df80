// Plugins: loaded once per file, never unloaded.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "abi/call.hpp"
#include "base/exit_wait.hpp"
#include "base/object.hpp"
#include "base/signal_guard.hpp"
#include "core/named_values.hpp"

namespace pje {

struct PluginOptions {
  std::string sha256;
  std::vector<std::string> search_paths;
};

struct ExtensionInfo {
  int32_t type;
  size_t struct_size;
  const PJRT_Extension_Base *raw;
};

class Plugin final : public Object {
 public:
  using Handle = pje_plugin;
  static constexpr ObjectType kType = ObjectType::kPlugin;

  static Result<Ref<Plugin>> load(const std::string &name_or_path, const PluginOptions &options);
  static Result<Ref<Plugin>> from_api(const PJRT_Api *api);

  const abi::Api &api() const noexcept { return data_->api; }
  const NamedValues &attributes() const noexcept { return *data_->attributes; }
  std::span<const ExtensionInfo> extensions() const noexcept { return data_->extensions; }
  const ExtensionInfo *extension(int32_t type) const noexcept;
  // Whether a client exists or existed: from then on a fork leaves the child without the plugin.
  void note_client() const noexcept;

  // A call that may take long, and in which plugins are known to install handlers of signals: those that were
  // there come back, and a process that exits meanwhile waits for its end. `api` is the plugin's or a
  // client's.
  template <class Args>
  Status call_long(const abi::Api &api, Args &args) const {
    ExitWait wait;
    if (!wait.may_call()) return failure(PJE_FAILED_PRECONDITION, "the process is exiting");
    SignalGuard guard(data_->objects_before);
    return api.call(args);
  }

  Plugin(const PJRT_Api *api, std::string path, LoadedObjects before)
      : data_(new Data{{api, std::move(path)}, std::move(before), {}, {}}) {}
  // Reached only for a plugin whose initialization failed: others stay in the registry.
  ~Plugin() override { delete data_; }

  Status initialize();

 private:
  struct Data {
    abi::Api api;
    LoadedObjects objects_before;
    Ref<NamedValues> attributes;
    std::vector<ExtensionInfo> extensions;
  };
  void read_extensions();
  Status read_attributes();

  Data *data_;
};

const char *extension_name(int32_t type) noexcept;

}  // namespace pje
