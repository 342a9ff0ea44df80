// Named values as they go to plugins and come from them.
#pragma once

#include <cstddef>
#include <vector>

#include "abi/call.hpp"
#include "core/named_values.hpp"

namespace pje {

// Copies what a plugin reports; its strings need not be UTF-8.
Ref<NamedValues> named_values_from(const PJRT_NamedValue *values, size_t n);

// What a plugin is given. Points into `values`, which must live and stay as it is meanwhile.
class NamedValueArray {
 public:
  // `values` may be NULL: nothing.
  NamedValueArray(const NamedValues *values, const abi::Api &api);
  const PJRT_NamedValue *data() const noexcept { return array_.empty() ? nullptr : array_.data(); }
  size_t size() const noexcept { return array_.size(); }

 private:
  std::vector<PJRT_NamedValue> array_;
};

}  // namespace pje
