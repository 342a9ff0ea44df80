// Named values: options for plugins, and the attributes that plugins report.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/object.hpp"
#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pje {

class NamedValues final : public Object {
 public:
  using Handle = pje_named_values;
  static constexpr ObjectType kType = ObjectType::kNamedValues;

  // A kind that this library does not know; its value cannot be read.
  struct Unknown {
    uint32_t kind;
  };
  // In the order of pje_value_kind.
  using Value = std::variant<std::string, int64_t, std::vector<int64_t>, float, bool, Unknown>;

  NamedValues() = default;
  // One that can be changed.
  Ref<NamedValues> copy() const;

  // From here on the set never changes.
  void lock() noexcept { locked_ = true; }

  // Replaces the value of a known name. INVALID_ARGUMENT for an empty name, FAILED_PRECONDITION when locked.
  Status set(std::string_view name, Value value);

  size_t count() const noexcept { return entries_.size(); }
  // SIZE_MAX when there is none.
  size_t find(std::string_view name) const noexcept;
  const char *name(size_t index) const noexcept;
  pje_value_kind kind(size_t index) const noexcept;
  // NULL when there is no such index.
  const Value *value(size_t index) const noexcept;

  // OUT_OF_RANGE for a wrong index, FAILED_PRECONDITION for another kind. What is pointed at belongs to the
  // set.
  Status get_string(size_t index, const char **out) const;
  Status get_int64(size_t index, int64_t *out) const;
  Status get_int64_list(size_t index, std::span<const int64_t> *out) const;
  Status get_float(size_t index, float *out) const;
  Status get_bool(size_t index, bool *out) const;

 private:
  struct Entry {
    std::string name;
    Value value;
  };

  template <class T>
  Result<const T *> get(size_t index, pje_value_kind wanted) const;

  std::vector<Entry> entries_;
  bool locked_ = false;
};

// "string", "int64", ...; "unknown" for other numbers.
const char *value_kind_name(pje_value_kind kind) noexcept;

}  // namespace pje
