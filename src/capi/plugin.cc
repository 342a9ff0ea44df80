#include "pjrt_easy/plugin.h"

#include "capi/guard.hpp"
#include "capi/options.hpp"
#include "core/plugin.hpp"

using pje::NamedValues;
using pje::Plugin;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace pje::capi {

Status read_plugin_options(const pje_plugin_options *given, PluginOptions *out) {
  pje_plugin_options options{};
  PJE_TRY(read_options(given, sizeof(options), &options, "pje_plugin_options"));
  if (options.flags != 0) return failure(PJE_UNIMPLEMENTED, "pje_plugin_options.flags: expected 0");
  if (options.sha256 != nullptr) out->sha256 = options.sha256;
  if (options.search_paths == nullptr && options.num_search_paths > 0)
    return invalid_argument("pje_plugin_options.search_paths is NULL, but num_search_paths is not 0");
  for (size_t i = 0; i < options.num_search_paths; ++i) {
    if (options.search_paths[i] == nullptr)
      return invalid_argument(concat("pje_plugin_options.search_paths[", i, "] is NULL"));
    out->search_paths.emplace_back(options.search_paths[i]);
  }
  return {};
}

}  // namespace pje::capi

extern "C" {

PJE_RETAIN_RELEASE(Plugin, pje_plugin)

pje_error *pje_plugin_load(const char *name_or_path, const pje_plugin_options *options,
                           pje_plugin **out) noexcept {
  return guarded("pje_plugin_load", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(name_or_path);
    pje::PluginOptions read;
    PJE_TRY(pje::capi::read_plugin_options(options, &read));
    PJE_ASSIGN(pje::Ref<Plugin> plugin, Plugin::load(name_or_path, read));
    *out = std::move(plugin).to_public();
    return {};
  });
}

pje_error *pje_plugin_from_api(const void *pjrt_api, pje_plugin **out) noexcept {
  return guarded("pje_plugin_from_api", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(pjrt_api);
    PJE_ASSIGN(pje::Ref<Plugin> plugin, Plugin::from_api(static_cast<const PJRT_Api *>(pjrt_api)));
    *out = std::move(plugin).to_public();
    return {};
  });
}

const void *pje_plugin_api(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_api", "plugin", plugin, static_cast<const void *>(nullptr),
                          [](Plugin &p) { return p.api().raw(); });
}

const void *pje_plugin_raw_extension(const pje_plugin *plugin, int32_t type) noexcept {
  return answered<Plugin>("pje_plugin_raw_extension", "plugin", plugin, static_cast<const void *>(nullptr),
                          [&](Plugin &p) -> const void * {
                            const pje::ExtensionInfo *extension = p.extension(type);
                            return extension == nullptr ? nullptr : extension->raw;
                          });
}

int32_t pje_plugin_api_major(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_api_major", "plugin", plugin, 0,
                          [](Plugin &) { return pje::abi::kMajor; });
}

int32_t pje_plugin_api_minor(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_api_minor", "plugin", plugin, 0,
                          [](Plugin &p) { return p.api().minor(); });
}

const char *pje_plugin_path(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_path", "plugin", plugin, "",
                          [](Plugin &p) { return p.api().path().c_str(); });
}

const pje_named_values *pje_plugin_attributes(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_attributes", "plugin", plugin,
                          static_cast<const pje_named_values *>(nullptr),
                          [](Plugin &p) { return pje::borrow(&p.attributes()); });
}

bool pje_plugin_has_function(const pje_plugin *plugin, const char *pjrt_function_name) noexcept {
  return answered<Plugin>("pje_plugin_has_function", "plugin", plugin, false, [&](Plugin &p) {
    if (pjrt_function_name == nullptr) return false;
    for (size_t i = 0; i < pje::abi::kNumFunctions; ++i)
      if (std::string_view(pje::abi::kFunctions[i].name) == pjrt_function_name) return p.api().has(i);
    return false;
  });
}

bool pje_plugin_has_extension(const pje_plugin *plugin, int32_t type) noexcept {
  return answered<Plugin>("pje_plugin_has_extension", "plugin", plugin, false,
                          [&](Plugin &p) { return p.extension(type) != nullptr; });
}

size_t pje_plugin_num_extensions(const pje_plugin *plugin) noexcept {
  return answered<Plugin>("pje_plugin_num_extensions", "plugin", plugin, size_t{0},
                          [](Plugin &p) { return p.extensions().size(); });
}

bool pje_plugin_extension(const pje_plugin *plugin, size_t index, int32_t *type, const char **name,
                          size_t *struct_size) noexcept {
  return answered<Plugin>("pje_plugin_extension", "plugin", plugin, false, [&](Plugin &p) {
    if (index >= p.extensions().size()) return false;
    const pje::ExtensionInfo &extension = p.extensions()[index];
    if (type != nullptr) *type = extension.type;
    if (name != nullptr) *name = pje::extension_name(extension.type);
    if (struct_size != nullptr) *struct_size = extension.struct_size;
    return true;
  });
}

size_t pje_num_functions(void) noexcept { return pje::abi::kNumFunctions; }

const char *pje_function_name(size_t index) noexcept {
  return index < pje::abi::kNumFunctions ? pje::abi::kFunctions[index].name : "";
}

}  // extern "C"
