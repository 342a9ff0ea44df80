#include "cli/plugin_access.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <climits>
#include <cmath>
#include <optional>
#include <string_view>

namespace pje::cli {

namespace {

struct DeviceCountOption {
  std::string_view platform;
  const char *name;
};

// Platforms whose number of devices is a choice; elsewhere it is what the machine has.
constexpr DeviceCountOption kDeviceCountOptions[] = {{"cpu", "cpu_device_count"},
                                                     {"fake", "cpu_device_count"}};

const char *device_count_option(std::string_view platform) {
  for (const DeviceCountOption &option : kDeviceCountOptions)
    if (option.platform == platform) return option.name;
  return nullptr;
}

std::string folder_beside_command() {
  char path[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof(path));
  if (length <= 0) return "";
  const std::string_view file(path, static_cast<size_t>(length));
  return std::string(file.substr(0, file.rfind('/'))) + "/plugins";
}

// The message is the first line alone; where a search failed, the places it looked at are in the others.
std::string whole_text_on_one_line(const pje_error *error) {
  std::string text = pje_error_message(error);
  std::string_view detail = pje_error_detail(error);
  for (size_t end = detail.find('\n'); end != std::string_view::npos; end = detail.find('\n')) {
    detail.remove_prefix(end + 1);
    std::string_view line = detail.substr(0, detail.find('\n'));
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (!line.empty()) text += fmt::format("; {}", line);
  }
  return text;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::vector<int64_t>> parse_list(std::string_view text) {
  std::vector<int64_t> list;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    const std::optional<int64_t> number = parse_number<int64_t>(text.substr(0, end));
    if (!number) return std::nullopt;
    list.push_back(*number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

bool set_bool(pje_named_values *values, const char *key, const std::string &text) {
  if (text != "true" && text != "false") return false;
  check(pje_named_values_set_bool(values, key, text == "true"));
  return true;
}

bool set_int(pje_named_values *values, const char *key, const std::string &text) {
  const std::optional<int64_t> number = parse_number<int64_t>(text);
  if (number) check(pje_named_values_set_int64(values, key, *number));
  return number.has_value();
}

bool set_float(pje_named_values *values, const char *key, const std::string &text) {
  const std::optional<float> number = parse_number<float>(text);
  if (number) check(pje_named_values_set_float(values, key, *number));
  return number.has_value();
}

bool set_ints(pje_named_values *values, const char *key, const std::string &text) {
  const std::optional<std::vector<int64_t>> list = parse_list(text);
  if (list) check(pje_named_values_set_int64_list(values, key, list->data(), list->size()));
  return list.has_value();
}

bool set_string(pje_named_values *values, const char *key, const std::string &text) {
  check(pje_named_values_set_string(values, key, text.c_str()));
  return true;
}

struct OptionType {
  std::string_view name;
  bool (*set)(pje_named_values *, const char *, const std::string &);
};

// In the order in which a value without a type is tried.
constexpr OptionType kOptionTypes[] = {
    {"int", set_int}, {"bool", set_bool}, {"float", set_float}, {"ints", set_ints}, {"string", set_string}};

// Words such as "inf" and "nan" are read as floats by the standard library, and mean strings here.
bool is_guessed(const OptionType &type, std::string_view text) {
  const bool looks_numeric = text.find_first_of("0123456789") != std::string_view::npos;
  return looks_numeric || (type.set != set_float && type.set != set_ints);
}

void set_option(pje_named_values *values, const std::string &option) {
  const size_t equals = option.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageFailure(fmt::format("--option '{}': expected KEY=VALUE", option));
  std::string key = option.substr(0, equals);
  const std::string text = option.substr(equals + 1);
  const size_t colon = key.rfind(':');
  for (const OptionType &type : kOptionTypes) {
    if (colon == std::string::npos || key.substr(colon + 1) != type.name) continue;
    key.resize(colon);
    if (key.empty())
      throw UsageFailure(fmt::format("--option '{}': expected KEY:{}=VALUE", option, type.name));
    if (!type.set(values, key.c_str(), text))
      throw UsageFailure(fmt::format("--option '{}': '{}' is not of type {}", option, text, type.name));
    return;
  }
  for (const OptionType &type : kOptionTypes)
    if (is_guessed(type, text) && type.set(values, key.c_str(), text)) return;
}

Client create_client(pje_plugin *plugin, const pje_named_values *options) {
  pje_client_options client_options = PJE_CLIENT_OPTIONS_INIT;
  client_options.options = options;
  return make<Client>(pje_client_create, plugin, &client_options);
}

}  // namespace

Plugin load_plugin(const std::string &name_or_path) {
  const std::string folder = folder_beside_command();
  const char *const search_paths[] = {folder.c_str()};
  pje_plugin_options options = PJE_PLUGIN_OPTIONS_INIT;
  options.search_paths = search_paths;
  options.num_search_paths = folder.empty() ? 0 : 1;
  pje_plugin *raw = nullptr;
  const Error error(pje_plugin_load(name_or_path.c_str(), &options, &raw));
  if (error) throw Failure(whole_text_on_one_line(error.get()));
  return Plugin(raw);
}

NamedValues parse_plugin_options(const std::vector<std::string> &options) {
  NamedValues values = make<NamedValues>(pje_named_values_create);
  for (const std::string &option : options) set_option(values.get(), option);
  return values;
}

Client create_client(pje_plugin *plugin, pje_named_values *options, size_t num_devices, size_t num_needed) {
  Client client = create_client(plugin, options);
  const size_t num_made = pje_client_num_addressable_devices(client.get());
  const size_t num_wanted = num_devices != 0 ? num_devices : std::max(num_made, num_needed);
  if (num_made == num_wanted) return client;

  const std::string platform = pje_client_platform_name(client.get());
  const char *option = device_count_option(platform);
  if (option == nullptr || pje_named_values_find(options, option) != SIZE_MAX) {
    if (num_made > num_wanted && option == nullptr) return client;
    throw Failure(fmt::format("platform {} has {} devices with the options given, {} are asked for: {}",
                              platform, num_made, num_wanted,
                              option != nullptr ? fmt::format("change --option {}", option)
                                                : "lower --devices, --replicas or --partitions"));
  }
  client.reset();
  check(pje_named_values_set_int64(options, option, static_cast<int64_t>(num_wanted)));
  client = create_client(plugin, options);
  const size_t num_now = pje_client_num_addressable_devices(client.get());
  if (num_now < num_wanted)
    throw Failure(
        fmt::format("platform {} made {} devices when asked for {}", platform, num_now, num_wanted));
  return client;
}

std::string api_version(const pje_plugin *plugin) {
  return fmt::format("{}.{}", pje_plugin_api_major(plugin), pje_plugin_api_minor(plugin));
}

}  // namespace pje::cli
