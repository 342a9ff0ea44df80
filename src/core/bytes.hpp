// Data that a call returns: owned, and never changed.
#pragma once

#include <string>
#include <utility>

#include "base/object.hpp"
#include "pjrt_easy/types.h"

namespace pje {

class Bytes final : public Object {
 public:
  using Handle = pje_bytes;
  static constexpr ObjectType kType = ObjectType::kBytes;

  explicit Bytes(std::string data) : data_(std::move(data)) {}
  const std::string &data() const noexcept { return data_; }

 private:
  const std::string data_;
};

}  // namespace pje
