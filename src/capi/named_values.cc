#include "pjrt_easy/named_values.h"

#include "capi/guard.hpp"
#include "core/named_values.hpp"

using pje::NamedValues;
using pje::Status;
using pje::capi::answered;
using pje::capi::guarded;
using pje::capi::Where;

namespace {

template <class Make>
pje_error *set(const char *function, pje_named_values *values, const char *name, bool is_given,
               Make &&value) noexcept {
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_HANDLE(NamedValues, target, values);
    PJE_NOT_NULL(name);
    if (!is_given) return pje::invalid_argument("argument \"value\" is NULL");
    return target.set(name, value());
  });
}

template <class Out, class Read>
pje_error *get(const char *function, const pje_named_values *values, Out *out, Read &&read) noexcept {
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(NamedValues, source, values);
    return read(source);
  });
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(NamedValues, pje_named_values)

pje_error *pje_named_values_create(pje_named_values **out) noexcept {
  return guarded<Where::kAnywhere>("pje_named_values_create", [&]() -> Status {
    PJE_OUT(out);
    *out = pje::make<NamedValues>().to_public();
    return {};
  });
}

pje_error *pje_named_values_copy(const pje_named_values *values, pje_named_values **out) noexcept {
  return get("pje_named_values_copy", values, out, [&](const NamedValues &source) -> Status {
    *out = source.copy().to_public();
    return {};
  });
}

pje_error *pje_named_values_set_string(pje_named_values *values, const char *name,
                                       const char *value) noexcept {
  return set("pje_named_values_set_string", values, name, value != nullptr,
             [&]() -> NamedValues::Value { return std::string(value); });
}

pje_error *pje_named_values_set_int64(pje_named_values *values, const char *name, int64_t value) noexcept {
  return set("pje_named_values_set_int64", values, name, true, [&]() -> NamedValues::Value { return value; });
}

pje_error *pje_named_values_set_int64_list(pje_named_values *values, const char *name, const int64_t *value,
                                           size_t count) noexcept {
  return set("pje_named_values_set_int64_list", values, name, value != nullptr || count == 0,
             [&]() -> NamedValues::Value { return std::vector<int64_t>(value, value + count); });
}

pje_error *pje_named_values_set_float(pje_named_values *values, const char *name, float value) noexcept {
  return set("pje_named_values_set_float", values, name, true, [&]() -> NamedValues::Value { return value; });
}

pje_error *pje_named_values_set_bool(pje_named_values *values, const char *name, bool value) noexcept {
  return set("pje_named_values_set_bool", values, name, true, [&]() -> NamedValues::Value { return value; });
}

size_t pje_named_values_count(const pje_named_values *values) noexcept {
  return answered<NamedValues>("pje_named_values_count", "values", values, size_t{0},
                               [](NamedValues &v) { return v.count(); });
}

const char *pje_named_values_name(const pje_named_values *values, size_t index) noexcept {
  return answered<NamedValues>("pje_named_values_name", "values", values, "",
                               [&](NamedValues &v) { return v.name(index); });
}

pje_value_kind pje_named_values_kind(const pje_named_values *values, size_t index) noexcept {
  return answered<NamedValues>("pje_named_values_kind", "values", values, PJE_VALUE_KIND_MAX_,
                               [&](NamedValues &v) { return v.kind(index); });
}

size_t pje_named_values_find(const pje_named_values *values, const char *name) noexcept {
  return answered<NamedValues>("pje_named_values_find", "values", values, SIZE_MAX,
                               [&](NamedValues &v) { return name == nullptr ? SIZE_MAX : v.find(name); });
}

pje_error *pje_named_values_get_string(const pje_named_values *values, size_t index,
                                       const char **out) noexcept {
  return get("pje_named_values_get_string", values, out,
             [&](NamedValues &v) { return v.get_string(index, out); });
}

pje_error *pje_named_values_get_int64(const pje_named_values *values, size_t index, int64_t *out) noexcept {
  return get("pje_named_values_get_int64", values, out,
             [&](NamedValues &v) { return v.get_int64(index, out); });
}

pje_error *pje_named_values_get_int64_list(const pje_named_values *values, size_t index, const int64_t **out,
                                           size_t *count) noexcept {
  constexpr const char *function = "pje_named_values_get_int64_list";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_OUT(count);
    PJE_HANDLE(NamedValues, source, values);
    std::span<const int64_t> list;
    PJE_TRY(source.get_int64_list(index, &list));
    *out = list.data();
    *count = list.size();
    return {};
  });
}

pje_error *pje_named_values_get_float(const pje_named_values *values, size_t index, float *out) noexcept {
  return get("pje_named_values_get_float", values, out,
             [&](NamedValues &v) { return v.get_float(index, out); });
}

pje_error *pje_named_values_get_bool(const pje_named_values *values, size_t index, bool *out) noexcept {
  return get("pje_named_values_get_bool", values, out,
             [&](NamedValues &v) { return v.get_bool(index, out); });
}

}  // extern "C"
