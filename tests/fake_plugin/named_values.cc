#include "named_values.hpp"

namespace fake {

PJRT_NamedValue &NamedValues::Add(std::string name, PJRT_NamedValue_Type type) {
  strings_.push_back(std::move(name));
  PJRT_NamedValue value{};
  value.struct_size = pje::abi::struct_size<PJRT_NamedValue>;
  value.name = strings_.back().data();
  value.name_size = strings_.back().size();
  value.type = type;
  value.value_size = 1;
  values_.push_back(value);
  return values_.back();
}

void NamedValues::AddString(std::string name, std::string text) {
  PJRT_NamedValue &value = Add(std::move(name), PJRT_NamedValue_kString);
  strings_.push_back(std::move(text));
  value.string_value = strings_.back().data();
  value.value_size = strings_.back().size();
}

void NamedValues::AddInt(std::string name, int64_t number) {
  Add(std::move(name), PJRT_NamedValue_kInt64).int64_value = number;
}

void NamedValues::AddInts(std::string name, std::vector<int64_t> list) {
  PJRT_NamedValue &value = Add(std::move(name), PJRT_NamedValue_kInt64List);
  lists_.push_back(std::move(list));
  value.int64_array_value = lists_.back().data();
  value.value_size = lists_.back().size();
}

void NamedValues::AddFloat(std::string name, float number) {
  Add(std::move(name), PJRT_NamedValue_kFloat).float_value = number;
}

void NamedValues::AddBool(std::string name, bool flag) {
  Add(std::move(name), PJRT_NamedValue_kBool).bool_value = flag;
}

}  // namespace fake
