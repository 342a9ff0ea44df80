#include "core/named_values_abi.hpp"

#include <type_traits>
#include <utility>

#include "base/log.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

// The distance from one value to the next is the size that the plugin was built with, which it writes into
// each; some leave it unset.
size_t distance_between(const PJRT_NamedValue *values) noexcept {
  constexpr size_t kLargest = 256;
  size_t size = values->struct_size;
  bool sane = size >= sizeof(PJRT_NamedValue) && size <= kLargest && size % alignof(PJRT_NamedValue) == 0;
  return sane ? size : sizeof(PJRT_NamedValue);
}

NamedValues::Value value_from(const PJRT_NamedValue &given) {
  switch (given.type) {
    case PJRT_NamedValue_kString:
      return utf8_from(given.string_value, given.value_size);
    case PJRT_NamedValue_kInt64:
      return given.int64_value;
    case PJRT_NamedValue_kInt64List:
      if (given.int64_array_value == nullptr) return std::vector<int64_t>();
      return std::vector<int64_t>(given.int64_array_value, given.int64_array_value + given.value_size);
    case PJRT_NamedValue_kFloat:
      return given.float_value;
    case PJRT_NamedValue_kBool: {
      // Read as a number: a plugin may leave anything but 0 and 1 here.
      unsigned char byte = 0;
      std::memcpy(&byte, &given.bool_value, 1);
      return byte != 0;
    }
  }
  return NamedValues::Unknown{static_cast<uint32_t>(given.type)};
}

void fill(PJRT_NamedValue &out, const std::string &value) {
  out.type = PJRT_NamedValue_kString;
  out.string_value = value.c_str();
  out.value_size = value.size();
}

void fill(PJRT_NamedValue &out, int64_t value) {
  out.type = PJRT_NamedValue_kInt64;
  out.int64_value = value;
  out.value_size = 1;
}

void fill(PJRT_NamedValue &out, const std::vector<int64_t> &value) {
  out.type = PJRT_NamedValue_kInt64List;
  out.int64_array_value = value.data();
  out.value_size = value.size();
}

void fill(PJRT_NamedValue &out, float value) {
  out.type = PJRT_NamedValue_kFloat;
  out.float_value = value;
  out.value_size = 1;
}

void fill(PJRT_NamedValue &out, bool value) {
  out.type = PJRT_NamedValue_kBool;
  out.bool_value = value;
  out.value_size = 1;
}

}  // namespace

Ref<NamedValues> named_values_from(const PJRT_NamedValue *values, size_t n) {
  Ref<NamedValues> set = make<NamedValues>();
  if (values == nullptr || n == 0) return set;
  size_t distance = distance_between(values);
  const auto *bytes = reinterpret_cast<const std::byte *>(values);
  for (size_t i = 0; i < n; ++i) {
    const auto &given = *reinterpret_cast<const PJRT_NamedValue *>(bytes + i * distance);
    Status kept = set->set(utf8_from(given.name, given.name_size), value_from(given));
    if (!kept.ok()) log_line(concat("a plugin's value ", i, " has no name: it is left out"));
  }
  return set;
}

NamedValueArray::NamedValueArray(const NamedValues *values, const abi::Api &api) {
  if (values == nullptr) return;
  array_.reserve(values->count());
  for (size_t i = 0; i < values->count(); ++i) {
    auto entry = api.sized<PJRT_NamedValue>();
    std::string_view name = values->name(i);
    entry.name = name.data();
    entry.name_size = name.size();
    bool known = std::visit(
        [&](const auto &value) {
          constexpr bool kKnown = !std::is_same_v<std::decay_t<decltype(value)>, NamedValues::Unknown>;
          if constexpr (kKnown) fill(entry, value);
          return kKnown;
        },
        *values->value(i));
    if (known)
      array_.push_back(entry);
    else
      log_line(concat("option \"", name, "\" has a kind that this library does not know: it is left out"));
  }
}

}  // namespace pje
