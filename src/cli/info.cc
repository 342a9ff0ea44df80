#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "cli/handles.hpp"
#include "cli/options.hpp"
#include "cli/plugin_access.hpp"
#include "cli/report.hpp"

namespace pje::cli {

namespace {

using Json = nlohmann::ordered_json;

Json value_json(const pje_named_values *values, size_t index) {
  switch (pje_named_values_kind(values, index)) {
    case PJE_VALUE_STRING: {
      const char *text = nullptr;
      check(pje_named_values_get_string(values, index, &text));
      return text;
    }
    case PJE_VALUE_INT64: {
      int64_t number = 0;
      check(pje_named_values_get_int64(values, index, &number));
      return number;
    }
    case PJE_VALUE_INT64_LIST: {
      const int64_t *list = nullptr;
      size_t count = 0;
      check(pje_named_values_get_int64_list(values, index, &list, &count));
      return std::vector<int64_t>(list, list + count);
    }
    case PJE_VALUE_FLOAT: {
      float number = 0;
      check(pje_named_values_get_float(values, index, &number));
      return number;
    }
    case PJE_VALUE_BOOL: {
      bool truth = false;
      check(pje_named_values_get_bool(values, index, &truth));
      return truth;
    }
    default:
      return nullptr;
  }
}

Json values_json(const pje_named_values *values) {
  Json json = Json::object();
  for (size_t i = 0; i < pje_named_values_count(values); ++i)
    json[pje_named_values_name(values, i)] = value_json(values, i);
  return json;
}

Json memory_json(const pje_memory *memory) {
  Json json;
  json["id"] = pje_memory_id(memory);
  json["kind"] = pje_memory_kind(memory);
  json["kind_id"] = pje_memory_kind_id(memory);
  json["debug_string"] = pje_memory_debug_string(memory);
  json["devices"] = Json::array();
  for (size_t i = 0; i < pje_memory_num_devices(memory); ++i)
    json["devices"].push_back(pje_device_id(pje_memory_device(memory, i)));
  return json;
}

Json device_json(const pje_device *device) {
  Json json;
  json["id"] = pje_device_id(device);
  json["kind"] = pje_device_kind(device);
  json["local_hardware_id"] = pje_device_local_hardware_id(device);
  json["process_index"] = pje_device_process_index(device);
  json["addressable"] = pje_device_is_addressable(device);
  json["debug_string"] = pje_device_debug_string(device);
  json["attributes"] = values_json(pje_device_attributes(device));
  json["memories"] = Json::array();
  for (size_t i = 0; i < pje_device_num_addressable_memories(device); ++i)
    json["memories"].push_back(pje_memory_id(pje_device_addressable_memory(device, i)));
  return json;
}

Json extensions_json(const pje_plugin *plugin) {
  Json list = Json::array();
  for (size_t i = 0; i < pje_plugin_num_extensions(plugin); ++i) {
    int32_t type = 0;
    const char *name = "";
    size_t struct_size = 0;
    if (!pje_plugin_extension(plugin, i, &type, &name, &struct_size)) continue;
    list.push_back({{"type", type}, {"name", name}, {"struct_size", struct_size}});
  }
  return list;
}

Json client_json(const pje_plugin *plugin, const pje_client *client) {
  Json json;
  json["version"] = pje_version();
  json["plugin"] = pje_plugin_path(plugin);
  json["api_version"] = api_version(plugin);
  json["platform"] = pje_client_platform_name(client);
  json["platform_version"] = pje_client_platform_version(client);
  json["process_index"] = pje_client_process_index(client);
  json["devices"] = Json::array();
  for (size_t i = 0; i < pje_client_num_devices(client); ++i)
    json["devices"].push_back(device_json(pje_client_device(client, i)));
  json["memories"] = Json::array();
  for (size_t i = 0; i < pje_client_num_addressable_memories(client); ++i)
    json["memories"].push_back(memory_json(pje_client_addressable_memory(client, i)));
  json["attributes"] = values_json(pje_plugin_attributes(plugin));
  json["extensions"] = extensions_json(plugin);
  return json;
}

std::string plain(const Json &value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void print_client(const Json &info) {
  print_line(fmt::format("pjrt-easy     {}", plain(info["version"])));
  print_line(fmt::format("plugin        {}", plain(info["plugin"])));
  print_line(fmt::format("PJRT version  {}", plain(info["api_version"])));
  print_line(fmt::format("platform      {} ({})", plain(info["platform"]), plain(info["platform_version"])));
  for (const Json &device : info["devices"])
    print_line(fmt::format("device {:<6} {} ({}), hardware {}, process {}, memories {}", plain(device["id"]),
                           plain(device["debug_string"]), plain(device["kind"]),
                           plain(device["local_hardware_id"]), plain(device["process_index"]),
                           plain(device["memories"])));
  for (const Json &memory : info["memories"])
    print_line(fmt::format("memory {:<6} {}, devices {}", plain(memory["id"]), plain(memory["kind"]),
                           plain(memory["devices"])));
  for (const auto &[name, value] : info["attributes"].items())
    print_line(fmt::format("attribute     {} = {}", name, plain(value)));
  for (const Json &extension : info["extensions"]) {
    const std::string name = plain(extension["name"]);
    print_line(fmt::format("extension {:<3} {}, {} bytes", plain(extension["type"]),
                           name.empty() ? "unknown" : name, plain(extension["struct_size"])));
  }
}

void show_functions(const pje_plugin *plugin, bool json) {
  Json functions = Json::object();
  for (size_t i = 0; i < pje_num_functions(); ++i) {
    const char *name = pje_function_name(i);
    const bool present = pje_plugin_has_function(plugin, name);
    functions[name] = present;
    if (!json) print_line(fmt::format("{} {}", present ? "yes" : "no ", name));
  }
  if (json) print_line(Json{{"functions", functions}}.dump());
}

}  // namespace

void show_info(const InfoOptions &options) {
  const NamedValues plugin_options = parse_plugin_options(options.plugin.options);
  const Plugin plugin = load_plugin(options.plugin.name_or_path);
  if (options.functions) return show_functions(plugin.get(), options.json);
  const Client client = create_client(plugin.get(), plugin_options.get(), 0, 0);
  const Json info = client_json(plugin.get(), client.get());
  if (options.json) return print_line(info.dump(2, ' ', false, Json::error_handler_t::replace));
  print_client(info);
}

}  // namespace pje::cli
