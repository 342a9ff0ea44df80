// A list of attributes that owns what its PJRT form points to.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "abi/pjrt_abi.h"

namespace fake {

class NamedValues {
 public:
  NamedValues() = default;
  NamedValues(const NamedValues &) = delete;
  NamedValues &operator=(const NamedValues &) = delete;

  void AddString(std::string name, std::string value);
  void AddInt(std::string name, int64_t value);
  void AddInts(std::string name, std::vector<int64_t> value);
  void AddFloat(std::string name, float value);
  void AddBool(std::string name, bool value);

  const PJRT_NamedValue *data() const { return values_.data(); }
  size_t size() const { return values_.size(); }

 private:
  PJRT_NamedValue &Add(std::string name, PJRT_NamedValue_Type type);

  // Deques: what is stored never moves.
  std::deque<std::string> strings_;
  std::deque<std::vector<int64_t>> lists_;
  std::vector<PJRT_NamedValue> values_;
};

}  // namespace fake
