// Errors as plugins are given them.
#pragma once

#include <vector>

#include "abi/call.hpp"

namespace pje {

// An error's payloads; points into the error, which must live meanwhile.
class PayloadArray {
 public:
  PayloadArray(const Error &error, const abi::Api &api) {
    for (const Payload &payload : error.payloads()) {
      auto value = api.sized<PJRT_NamedValue>();
      value.name = payload.key.data();
      value.name_size = payload.key.size();
      value.type = PJRT_NamedValue_kString;
      value.string_value = payload.data.data();
      value.value_size = payload.data.size();
      values_.push_back(value);
    }
  }
  const PJRT_NamedValue *data() const noexcept { return values_.empty() ? nullptr : values_.data(); }
  size_t size() const noexcept { return values_.size(); }

 private:
  std::vector<PJRT_NamedValue> values_;
};

}  // namespace pje
