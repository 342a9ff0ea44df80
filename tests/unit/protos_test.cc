// Our messages against the facts measured on real plugins.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/primitive_type.hpp"
#include "proto/compile_options.pb.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
namespace proto = pjrt_easy::xla;

nlohmann::json facts_of(const char *name) {
  std::ifstream file(std::string(PJE_TEST_DIR "/abi/") + name);
  EXPECT_TRUE(file) << name;
  return nlohmann::json::parse(file);
}

// "xla.cpu.TargetMachineOptionsProto" is "TargetMachineOptionsProto" here: the last part is unique.
std::string last_part(const std::string &name) { return name.substr(name.rfind('.') + 1); }

std::string element_type(const FieldDescriptor &field) {
  if (field.type() == FieldDescriptor::TYPE_ENUM) return field.enum_type()->name();
  if (field.type() == FieldDescriptor::TYPE_MESSAGE)
    return field.message_type()->name() == "PackedMessage" ? "Any" : field.message_type()->name();
  return field.type_name();
}

// A field's type in the words of the facts, with names of messages cut to their last part.
std::string type_text(const FieldDescriptor &field) {
  if (field.is_map())
    return "map<" + element_type(*field.message_type()->map_key()) + "," +
           element_type(*field.message_type()->map_value()) + ">";
  if (field.real_containing_oneof() != nullptr)
    return "oneof(" + field.real_containing_oneof()->name() + ") " + element_type(field);
  if (field.is_repeated()) return "repeated " + element_type(field);
  return (field.has_optional_keyword() ? "optional " : "") + element_type(field);
}

std::string shortened(std::string type) {
  for (size_t dot; (dot = type.find('.')) != std::string::npos;) {
    size_t start = type.find_last_of(" <,", dot);
    start = start == std::string::npos ? 0 : start + 1;
    type.erase(start, dot + 1 - start);
  }
  return type;
}

void collect(const Descriptor &message, std::map<std::string, const Descriptor *> *messages,
             std::map<std::string, const EnumDescriptor *> *enums) {
  if (!messages->emplace(message.name(), &message).second) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor &field = *message.field(i);
    if (field.message_type() != nullptr) collect(*field.message_type(), messages, enums);
    if (field.enum_type() != nullptr) enums->emplace(field.enum_type()->name(), field.enum_type());
  }
}

class Protos : public testing::Test {
 protected:
  Protos() { collect(*proto::CompileOptionsProto::descriptor(), &messages_, &enums_); }
  nlohmann::json facts_ = facts_of("protos.json");
  std::map<std::string, const Descriptor *> messages_;
  std::map<std::string, const EnumDescriptor *> enums_;
};

TEST_F(Protos, FieldsHaveTheNumbersAndTypesOfTheFacts) {
  // Autotuning results are kept as an unknown field.
  const std::set<std::string> left_out = {"autotune_results"};
  size_t compared = 0;
  for (const auto &[name, fact] : facts_["messages"].items()) {
    bool chosen_fields = name == "xla.DebugOptions (chosen fields)";
    auto found = messages_.find(chosen_fields ? "DebugOptions" : last_part(name));
    if (found == messages_.end()) continue;
    for (const auto &field : fact["fields"]) {
      std::string field_name = field["name"];
      if (left_out.count(field_name) != 0) continue;
      const FieldDescriptor *ours = found->second->FindFieldByName(field_name);
      ASSERT_NE(ours, nullptr) << name << "." << field_name;
      EXPECT_EQ(ours->number(), field["number"].get<int>()) << name << "." << field_name;
      EXPECT_EQ(type_text(*ours), shortened(field["type"])) << name << "." << field_name;
      ++compared;
    }
    if (!chosen_fields && name != "stream_executor.GpuTargetConfigProto") {
      EXPECT_EQ(static_cast<size_t>(found->second->field_count()), fact["fields"].size()) << name;
    }
  }
  EXPECT_GT(compared, 150U);
}

TEST_F(Protos, EnumsHaveTheValuesOfTheFacts) {
  for (const char *name :
       {"xla.PrimitiveType", "xla.DimLevelType", "xla.ExecutionOptions.EffortLevel",
        "xla.PrecisionConfig.Precision", "stream_executor.CudaComputeCapabilityProto.FeatureExtension"}) {
    auto found = enums_.find(last_part(name));
    ASSERT_NE(found, enums_.end()) << name;
    const auto &values = facts_["enums"][name];
    EXPECT_EQ(static_cast<size_t>(found->second->value_count()), values.size()) << name;
    for (const auto &[value, number] : values.items()) {
      const auto *ours = found->second->FindValueByName(value);
      ASSERT_NE(ours, nullptr) << name << "." << value;
      EXPECT_EQ(ours->number(), number.get<int>()) << name << "." << value;
    }
  }
}

TEST_F(Protos, ElementTypesAgreeByName) {
  const auto core = facts_of("core.json");
  const auto &primitive_types = facts_["enums"]["xla.PrimitiveType"];
  nlohmann::json constants;
  for (const auto &type : core["enums"])
    if (type["name"] == "PJRT_Buffer_Type") constants = type["values"];
  size_t compared = 0;
  for (const auto &constant : constants) {
    std::string name = constant["name"].get<std::string>().substr(std::string("PJRT_Buffer_Type_").size());
    if (name == "INVALID") continue;
    ASSERT_TRUE(primitive_types.contains(name)) << name;
    auto dtype = static_cast<pje_dtype>(constant["value"].get<int>());
    int primitive_type = primitive_types[name];
    EXPECT_EQ(pje::primitive_type_of(dtype), primitive_type) << name;
    EXPECT_EQ(pje::dtype_of_primitive_type(primitive_type), dtype) << name;
    ++compared;
  }
  EXPECT_EQ(compared, pje::kPrimitiveTypes.size());
  EXPECT_EQ(pje::primitive_type_of(PJE_DTYPE_INVALID), 0);
  EXPECT_EQ(pje::dtype_of_primitive_type(primitive_types["TUPLE"]), PJE_DTYPE_INVALID);
}

}  // namespace
