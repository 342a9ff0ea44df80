#include "core/serialized_executable.hpp"

#include <algorithm>
#include <cstring>

#include "base/sha256.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

// Not text, not a message, and changed by whatever changes line ends.
constexpr std::string_view kMagic("\x8APJEXE\r\n", 8);
constexpr uint32_t kVersion = 1;
constexpr size_t kDigestAt = 24;
constexpr size_t kDigestSize = 64;
constexpr size_t kFieldsAt = kDigestAt + kDigestSize;
// Plugins may read their bytes where they lie.
constexpr size_t kAlignment = 64;

// All numbers are little-endian.
template <class T>
void put(std::string &bytes, T value) {
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes.push_back(static_cast<char>(static_cast<uint64_t>(value) >> (8 * i) & 0xFF));
}

void put_text(std::string &bytes, std::string_view text) {
  put(bytes, static_cast<uint32_t>(text.size()));
  bytes.append(text);
}

template <class T>
bool get(std::string_view *rest, T *value) {
  if (rest->size() < sizeof(T)) return false;
  uint64_t number = 0;
  for (size_t i = sizeof(T); i-- > 0;) number = number << 8 | static_cast<unsigned char>((*rest)[i]);
  *value = static_cast<T>(number);
  rest->remove_prefix(sizeof(T));
  return true;
}

bool get_text(std::string_view *rest, std::string *text) {
  uint32_t size = 0;
  if (!get(rest, &size) || rest->size() < size) return false;
  *text = rest->substr(0, size);
  rest->remove_prefix(size);
  return true;
}

// Of everything but itself.
std::string digest_of(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes.data(), kDigestAt);
  hash.update(bytes.data() + kFieldsAt, bytes.size() - kFieldsAt);
  return hash.finish();
}

std::string text_of(const NamedValues &values, size_t index) {
  const NamedValues::Value &value = *values.value(index);
  if (const auto *text = std::get_if<std::string>(&value)) return *text;
  if (const auto *number = std::get_if<int64_t>(&value)) return concat(*number);
  if (const auto *list = std::get_if<std::vector<int64_t>>(&value)) return dims_text(*list);
  if (const auto *flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return concat("kind ", static_cast<int>(values.kind(index)));
}

Status cut_short(size_t size, uint64_t expected) {
  return failure(PJE_DATA_LOSS, concat("the serialized executable is cut short or has bytes added: ", size,
                                       " bytes, expected ", expected));
}

std::string words_of(const SerializedInfo &info) {
  return concat("platform ", info.platform_name, info.platform_version.empty() ? "" : " ",
                info.platform_version, ", PJRT ", info.api_major, ".", info.api_minor, ", ", info.plugin);
}

}  // namespace

SerializedInfo info_of_plugin(const Plugin &plugin, std::string platform_name, std::string platform_version) {
  SerializedInfo info;
  info.api_major = static_cast<uint32_t>(plugin.api().raw()->pjrt_api_version.major_version);
  info.api_minor = static_cast<uint32_t>(plugin.api().minor());
  info.platform_name = std::move(platform_name);
  info.platform_version = std::move(platform_version);
  const NamedValues &attributes = plugin.attributes();
  std::vector<std::string> lines;
  for (size_t i = 0; i < attributes.count(); ++i)
    lines.push_back(concat(attributes.name(i), "=", text_of(attributes, i)));
  // A plugin may list them in another order next time.
  std::sort(lines.begin(), lines.end());
  for (const std::string &line : lines) info.plugin += concat(info.plugin.empty() ? "" : " ", line);
  return info;
}

std::string wrap_serialized(const SerializedInfo &info, std::string_view payload) {
  std::string fields;
  put(fields, info.api_major);
  put(fields, info.api_minor);
  for (const std::string *text :
       {&info.platform_name, &info.platform_version, &info.plugin, &info.fingerprint})
    put_text(fields, *text);
  size_t header_size = (kFieldsAt + fields.size() + kAlignment - 1) / kAlignment * kAlignment;
  std::string bytes(kMagic);
  bytes.reserve(header_size + payload.size());
  put(bytes, kVersion);
  put(bytes, static_cast<uint32_t>(header_size));
  put(bytes, static_cast<uint64_t>(payload.size()));
  bytes.append(kDigestSize, '0');
  bytes.append(fields);
  bytes.resize(header_size, '\0');
  bytes.append(payload);
  bytes.replace(kDigestAt, kDigestSize, digest_of(bytes));
  return bytes;
}

Result<std::string_view> unwrap_serialized(std::string_view bytes, SerializedInfo *info) {
  if (!bytes.starts_with(kMagic.substr(0, std::min(bytes.size(), kMagic.size()))) || bytes.empty())
    return invalid_argument(
        "the bytes are no executable that pje_executable_serialize wrote; what a plugin itself wrote is "
        "loaded by pje_client_deserialize_and_load_raw");
  if (bytes.size() < kFieldsAt) return cut_short(bytes.size(), kFieldsAt);
  std::string_view rest = bytes.substr(kMagic.size());
  uint32_t header_size = 0;
  uint64_t payload_size = 0;
  (void)get(&rest, &info->format_version);
  if (info->format_version != kVersion)
    return failure(PJE_UNIMPLEMENTED, concat("the serialized executable has format version ",
                                             info->format_version, ": this library reads ", kVersion));
  (void)get(&rest, &header_size);
  (void)get(&rest, &payload_size);
  if (header_size < kFieldsAt || header_size > bytes.size() || payload_size != bytes.size() - header_size)
    return cut_short(bytes.size(), header_size + payload_size);
  if (bytes.substr(kDigestAt, kDigestSize) != digest_of(bytes))
    return failure(PJE_DATA_LOSS, "the serialized executable is damaged: its sha256 differs");
  rest = bytes.substr(kFieldsAt, header_size - kFieldsAt);
  bool whole = get(&rest, &info->api_major) && get(&rest, &info->api_minor);
  for (std::string *text : {&info->platform_name, &info->platform_version, &info->plugin, &info->fingerprint})
    whole = whole && get_text(&rest, text);
  if (!whole) return invalid_argument("the header of the serialized executable makes no sense");
  return bytes.substr(header_size);
}

Result<Ref<NamedValues>> describe_serialized(std::string_view bytes) {
  SerializedInfo info;
  PJE_ASSIGN(std::string_view payload, unwrap_serialized(bytes, &info));
  Ref<NamedValues> values = make<NamedValues>();
  PJE_TRY(values->set("format_version", int64_t{info.format_version}));
  PJE_TRY(values->set("platform_name", utf8_from(info.platform_name.data(), info.platform_name.size())));
  PJE_TRY(
      values->set("platform_version", utf8_from(info.platform_version.data(), info.platform_version.size())));
  PJE_TRY(values->set("api_major", int64_t{info.api_major}));
  PJE_TRY(values->set("api_minor", int64_t{info.api_minor}));
  PJE_TRY(values->set("plugin", utf8_from(info.plugin.data(), info.plugin.size())));
  PJE_TRY(values->set("fingerprint", utf8_from(info.fingerprint.data(), info.fingerprint.size())));
  PJE_TRY(values->set("payload_size", static_cast<int64_t>(payload.size())));
  values->lock();
  return values;
}

Status check_same_plugin(const SerializedInfo &found, const SerializedInfo &ours) {
  bool same_version = found.platform_version.empty() || ours.platform_version.empty() ||
                      found.platform_version == ours.platform_version;
  if (found.platform_name == ours.platform_name && same_version && found.api_major == ours.api_major &&
      found.api_minor == ours.api_minor && found.plugin == ours.plugin)
    return {};
  return failure(PJE_FAILED_PRECONDITION, concat("the executable was serialized by another plugin (",
                                                 words_of(found), "): this one is ", words_of(ours),
                                                 "; it would load the bytes and may compute wrong numbers"));
}

}  // namespace pje
