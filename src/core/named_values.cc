#include "core/named_values.hpp"

#include <array>
#include <utility>

#include "base/text.hpp"

namespace pje {

namespace {

pje_value_kind kind_of(const NamedValues::Value &value) noexcept {
  const auto *unknown = std::get_if<NamedValues::Unknown>(&value);
  if (unknown == nullptr) return static_cast<pje_value_kind>(value.index());
  return unknown->kind < PJE_VALUE_KIND_MAX_ ? static_cast<pje_value_kind>(unknown->kind)
                                             : PJE_VALUE_KIND_MAX_;
}

}  // namespace

const char *value_kind_name(pje_value_kind kind) noexcept {
  static constexpr std::array<const char *, 5> kNames = {"string", "int64", "int64 list", "float", "bool"};
  auto number = static_cast<uint32_t>(kind);
  return number < kNames.size() ? kNames[number] : "unknown";
}

Ref<NamedValues> NamedValues::copy() const {
  Ref<NamedValues> made = make<NamedValues>();
  made->entries_ = entries_;
  return made;
}

Status NamedValues::set(std::string_view name, Value value) {
  if (locked_)
    return failure(PJE_FAILED_PRECONDITION,
                   "the set is lent by another object and cannot change: make one "
                   "with pje_named_values_create");
  if (name.empty()) return invalid_argument("argument \"name\" is empty");
  size_t index = find(name);
  if (index != SIZE_MAX)
    entries_[index].value = std::move(value);
  else
    entries_.push_back({std::string(name), std::move(value)});
  return {};
}

size_t NamedValues::find(std::string_view name) const noexcept {
  for (size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].name == name) return i;
  return SIZE_MAX;
}

const char *NamedValues::name(size_t index) const noexcept {
  return index < entries_.size() ? entries_[index].name.c_str() : "";
}

pje_value_kind NamedValues::kind(size_t index) const noexcept {
  return index < entries_.size() ? kind_of(entries_[index].value) : PJE_VALUE_KIND_MAX_;
}

const NamedValues::Value *NamedValues::value(size_t index) const noexcept {
  return index < entries_.size() ? &entries_[index].value : nullptr;
}

template <class T>
Result<const T *> NamedValues::get(size_t index, pje_value_kind wanted) const {
  if (index >= entries_.size())
    return failure(PJE_OUT_OF_RANGE,
                   concat("argument \"index\" is ", index, ": the set has ", entries_.size(), " values"));
  const T *value = std::get_if<T>(&entries_[index].value);
  if (value != nullptr) return value;
  pje_value_kind kind = kind_of(entries_[index].value);
  return failure(PJE_FAILED_PRECONDITION,
                 concat("value \"", entries_[index].name, "\" is of kind ", value_kind_name(kind), " (",
                        static_cast<uint32_t>(kind), "), not ", value_kind_name(wanted)));
}

Status NamedValues::get_string(size_t index, const char **out) const {
  PJE_ASSIGN(const std::string *value, get<std::string>(index, PJE_VALUE_STRING));
  *out = value->c_str();
  return {};
}

Status NamedValues::get_int64(size_t index, int64_t *out) const {
  PJE_ASSIGN(const int64_t *value, get<int64_t>(index, PJE_VALUE_INT64));
  *out = *value;
  return {};
}

Status NamedValues::get_int64_list(size_t index, std::span<const int64_t> *out) const {
  PJE_ASSIGN(const std::vector<int64_t> *value, get<std::vector<int64_t>>(index, PJE_VALUE_INT64_LIST));
  *out = *value;
  return {};
}

Status NamedValues::get_float(size_t index, float *out) const {
  PJE_ASSIGN(const float *value, get<float>(index, PJE_VALUE_FLOAT));
  *out = *value;
  return {};
}

Status NamedValues::get_bool(size_t index, bool *out) const {
  PJE_ASSIGN(const bool *value, get<bool>(index, PJE_VALUE_BOOL));
  *out = *value;
  return {};
}

}  // namespace pje
