// Signatures read from the bytes of HLO modules.
#include "core/hlo_signature.hpp"

#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "base/wire.hpp"
#include "host_support.hpp"

namespace {

using host_test::contents_of;
using host_test::expect_failure;
using host_test::kPrograms;
using pje::HloSignature;
using pje::WireField;
using pje::WireReader;
using pje::WireType;

pje::Result<HloSignature> parse(std::string_view bytes, bool with_config = false) {
  return pje::parse_hlo_signature(std::as_bytes(std::span(bytes)), with_config);
}

// A message under construction.
class Message {
 public:
  Message &number(uint32_t field, uint64_t value) {
    varint(field << 3);
    varint(value);
    return *this;
  }
  Message &bytes(uint32_t field, std::string_view value) {
    varint(field << 3 | 2);
    varint(value.size());
    text_ += value;
    return *this;
  }
  Message &varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
    text_ += static_cast<char>(value);
    return *this;
  }
  Message &raw(std::string_view value) {
    text_ += value;
    return *this;
  }
  const std::string &text() const { return text_; }

 private:
  std::string text_;
};

constexpr int kF32 = 11;
constexpr int kBf16 = 16;
constexpr int kToken = 17;

std::string array_shape(int element_type, const std::vector<int64_t> &dims) {
  Message packed;
  for (int64_t dim : dims) packed.varint(static_cast<uint64_t>(dim));
  Message shape;
  shape.number(2, static_cast<uint64_t>(element_type));
  if (!dims.empty()) shape.bytes(3, packed.text());
  return shape.text();
}

std::string shape_in_order(const std::vector<int64_t> &dims, const std::vector<int64_t> &minor_to_major) {
  Message packed;
  for (int64_t dim : minor_to_major) packed.varint(static_cast<uint64_t>(dim));
  return array_shape(kF32, dims) + Message().bytes(5, Message().bytes(1, packed.text()).text()).text();
}

std::string tuple_shape(const std::vector<std::string> &members) {
  Message shape;
  shape.number(2, 13);
  for (const std::string &member : members) shape.bytes(4, member);
  return shape.text();
}

std::string program_shape(const std::vector<std::string> &params, const std::string &result) {
  Message shape;
  for (const std::string &param : params) shape.bytes(1, param);
  return shape.bytes(2, result).text();
}

std::vector<std::string> texts(const std::vector<const pje::ArrayType *> &types) {
  std::vector<std::string> out;
  for (const pje::ArrayType *type : types) out.push_back(type == nullptr ? "-" : type->text());
  return out;
}

std::vector<std::string> plain_texts(std::vector<const pje::ArrayType *> types) {
  for (const pje::ArrayType *&type : types) type = type == nullptr ? nullptr : type->plain;
  return texts(types);
}

struct Facts {
  std::vector<std::string> params, results;
  std::vector<bool> donated;
  bool one_device = true;
  bool is_run = false;
};

Facts facts_of(const std::string &folder) {
  std::istringstream lines(contents_of(folder + "/meta.txt"));
  Facts facts;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key, index, dtype, dims, file, last;
    words >> key >> index >> dtype >> dims >> file;
    if (key == "kind") facts.is_run = index == "run";
    if (key == "partitions") facts.one_device = index == "1";
    if (key != "in" && key != "out") continue;
    std::string type = dtype + "[" + (dims == "scalar" ? "" : dims) + "]";
    (key == "in" ? facts.params : facts.results).push_back(type);
    if (key != "in") continue;
    words >> last;
    facts.donated.push_back(last == "donated");
  }
  return facts;
}

TEST(HloSignature, OrdersThatAreNotRowMajor) {
  std::string result = tuple_shape({shape_in_order({2, 3}, {0, 1}), shape_in_order({4, 2, 3}, {0, 2, 1})});
  auto found =
      parse(Message()
                .bytes(4, program_shape({shape_in_order({2, 3}, {0, 1}), shape_in_order({2, 3}, {1, 0}),
                                         shape_in_order({1, 3}, {0, 1}), shape_in_order({5}, {0}),
                                         array_shape(kF32, {2, 3})},
                                        result))
                .text());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(texts(found.value().params),
            (std::vector<std::string>{"f32[2,3]{0,1}", "f32[2,3]", "f32[1,3]", "f32[5]", "f32[2,3]"}));
  EXPECT_EQ(texts(found.value().results), (std::vector<std::string>{"f32[2,3]{0,1}", "f32[4,2,3]{0,2,1}"}));
}

// XLA would refuse such a module; that its orders are not looked at must do no harm.
TEST(HloSignature, AnOrderOfOtherDimensionsIsNone) {
  for (const std::vector<int64_t> &order : {std::vector<int64_t>{0, 0}, {0}, {0, 1, 2}, {2, 1}, {-1, 0}}) {
    auto found = parse(
        Message().bytes(4, program_shape({shape_in_order({2, 3}, order)}, array_shape(kF32, {}))).text());
    ASSERT_TRUE(found.ok());
    EXPECT_EQ(texts(found.value().params), std::vector<std::string>{"f32[2,3]"});
  }
  std::string torn = array_shape(kF32, {2, 3}) + Message().bytes(5, "\x0a\x05\x01").text();
  EXPECT_FALSE(parse(Message().bytes(4, program_shape({torn}, array_shape(kF32, {}))).text()).ok());
}

// The shapes of a partitioned program are global before it is compiled, so only their number can be compared.
TEST(HloSignature, OfEveryProgram) {
  size_t checked = 0;
  for (const auto &entry : std::filesystem::directory_iterator(kPrograms)) {
    std::string folder = entry.path().string();
    if (!std::filesystem::exists(folder + "/program.hlo.pb")) continue;
    Facts facts = facts_of(folder);
    if (!facts.is_run) continue;
    std::string module = contents_of(folder + "/program.hlo.pb");
    auto found = parse(module);
    ASSERT_TRUE(found.ok()) << folder;
    const HloSignature &signature = found.value();
    EXPECT_EQ(signature.params.size(), facts.params.size()) << folder;
    EXPECT_EQ(signature.results.size(), facts.results.size()) << folder;
    EXPECT_EQ(signature.donated, facts.donated) << folder;
    if (facts.one_device) {
      EXPECT_EQ(plain_texts(signature.params), facts.params) << folder;
      EXPECT_EQ(plain_texts(signature.results), facts.results) << folder;
    }
    auto nested = parse(Message().bytes(1, module).bytes(2, "").text(), true);
    ASSERT_TRUE(nested.ok()) << folder;
    EXPECT_EQ(nested.value().params, signature.params) << folder;
    ++checked;
  }
  EXPECT_GT(checked, 50U);
}

TEST(HloSignature, TuplesAreFlattenedAndDonationsFollow) {
  std::string inner = tuple_shape({array_shape(kF32, {2}), array_shape(kF32, {3})});
  std::string params = program_shape(
      {array_shape(kF32, {1}), tuple_shape({array_shape(kBf16, {}), inner}), array_shape(kF32, {4})},
      tuple_shape({tuple_shape({}), array_shape(kF32, {5})}));
  // Output {1} may be parameter 1 at {1,0}; parameter 2 may be given away.
  std::string alias =
      Message()
          .bytes(1, Message().bytes(1, "\1").number(2, 1).bytes(3, std::string("\1\0", 2)).text())
          .text();
  std::string donor = Message().bytes(1, Message().number(1, 2).text()).text();
  auto found = parse(Message().bytes(4, params).bytes(8, alias).bytes(18, donor).text());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(texts(found.value().params),
            (std::vector<std::string>{"f32[1]", "bf16[]", "f32[2]", "f32[3]", "f32[4]"}));
  EXPECT_EQ(texts(found.value().results), std::vector<std::string>{"f32[5]"});
  EXPECT_EQ(found.value().donated, (std::vector<bool>{false, false, true, false, true}));
}

TEST(HloSignature, WhatCannotBeComparedIsLeftUnchecked) {
  std::string dynamic = Message().raw(array_shape(kF32, {8})).bytes(6, "\1").text();
  std::string fixed = Message().raw(array_shape(kF32, {8})).bytes(6, std::string("\0", 1)).text();
  std::string negative = array_shape(kF32, {-1});
  std::string unpacked = Message().number(2, kF32).number(3, 6).number(3, 7).text();
  std::string shape = program_shape({array_shape(kToken, {}), array_shape(14, {}), array_shape(99, {2}),
                                     dynamic, fixed, negative, unpacked, ""},
                                    array_shape(kF32, {}));
  auto found = parse(Message().bytes(4, shape).text());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(texts(found.value().params),
            (std::vector<std::string>{"-", "-", "-", "-", "f32[8]", "-", "f32[6,7]", "-"}));
  EXPECT_EQ(texts(found.value().results), std::vector<std::string>{"f32[]"});
}

TEST(HloSignature, DamagedModulesAreRefused) {
  std::string shape = program_shape({array_shape(kF32, {1})}, array_shape(kF32, {}));
  auto donor = [](uint64_t number, std::string_view index) {
    return Message().bytes(1, Message().number(1, number).bytes(2, index).text()).text();
  };
  const std::vector<std::string> modules = {
      "",
      "\x0A",
      Message().bytes(1, "name").text(),                         // no shape
      Message().number(4, 1).text(),                             // the shape is a number
      Message().bytes(4, "\x0A\x7F").text(),                     // a parameter past the end
      Message().bytes(4, shape).bytes(18, donor(1, "")).text(),  // donates what there is not
      Message().bytes(4, shape).bytes(18, donor(~uint64_t{0}, "")).text(),
      Message().bytes(4, shape).bytes(18, donor(0, std::string("\0", 1))).text(),  // index into no tuple
      Message().bytes(4, shape).bytes(18, "\x0A\x05\x08").text(),
      Message().bytes(4, shape).raw("\x03").text(),  // an unknown wire type
  };
  for (const std::string &module : modules)
    expect_failure(parse(module).status(), PJE_INVALID_ARGUMENT, "no program shape in an HLO module");
  EXPECT_FALSE(parse(Message().bytes(2, "").text(), true).ok());
}

TEST(HloSignature, DepthIsLimited) {
  auto nested = [](int depth) {
    std::string shape = array_shape(kF32, {});
    for (int i = 0; i < depth; ++i) shape = tuple_shape({shape});
    return Message().bytes(4, program_shape({}, shape)).text();
  };
  EXPECT_TRUE(parse(nested(60)).ok());
  EXPECT_FALSE(parse(nested(70)).ok());
  EXPECT_FALSE(parse(nested(2000)).ok());
}

TEST(HloSignature, NoTruncationAndNoDamageCrashes) {
  std::string module = contents_of(kPrograms + "/gpt_step_donated/program.hlo.pb");
  ASSERT_TRUE(parse(module).ok());
  size_t refused = 0;
  for (size_t size = 0; size < module.size(); ++size) {
    // A copy of its own, so that a read behind the end is seen.
    std::vector<char> cut(module.begin(), module.begin() + static_cast<std::ptrdiff_t>(size));
    refused += parse({cut.data(), cut.size()}).ok() ? 0 : 1;
  }
  EXPECT_GT(refused, module.size() / 2);
  std::mt19937 random(20240607);
  for (int round = 0; round < 2000; ++round) {
    std::string damaged = module;
    for (int i = 0; i < 8; ++i) damaged[random() % damaged.size()] = static_cast<char>(random());
    auto found = parse(damaged, round % 2 == 1);
    if (!found.ok()) continue;
    EXPECT_EQ(found.value().donated.size(), found.value().params.size());
  }
}

TEST(Wire, FieldsOfEveryType) {
  std::string data = Message().number(1, 300).bytes(2, "ab").text();
  data += "\x1D\x01\x02\x03\x04";
  data += std::string("\x21\x08\0\0\0\0\0\0\x80", 9);
  WireReader reader(data);
  WireField field;
  ASSERT_TRUE(reader.next(&field));
  EXPECT_EQ(field.type, WireType::kVarint);
  EXPECT_EQ(field.value, 300U);
  ASSERT_TRUE(reader.next(&field));
  EXPECT_EQ(field.bytes, "ab");
  ASSERT_TRUE(reader.next(&field));
  EXPECT_EQ(field.number, 3U);
  EXPECT_EQ(field.value, 0x04030201U);
  ASSERT_TRUE(reader.next(&field));
  EXPECT_EQ(field.type, WireType::kFixed64);
  EXPECT_EQ(field.value, 0x8000000000000008U);
  EXPECT_FALSE(reader.next(&field));
  EXPECT_TRUE(reader.at_end());
}

TEST(Wire, NumbersThatDoNotFit) {
  for (std::string_view bad :
       {std::string_view("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"), std::string_view("\x08\x80"),
        std::string_view("\x00\x01", 2), std::string_view("\x0D\x01\x02\x03"), std::string_view("\x0B")}) {
    WireReader reader(bad);
    WireField field;
    EXPECT_FALSE(reader.next(&field));
    EXPECT_TRUE(reader.failed());
    EXPECT_FALSE(reader.at_end());
  }
  WireReader largest("\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01");
  WireField field;
  ASSERT_TRUE(largest.next(&field));
  EXPECT_EQ(field.value, ~uint64_t{0});
}

}  // namespace
