// Options and attributes.
#include "core/named_values.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/named_values_abi.hpp"
#include "host_support.hpp"

namespace {

using host_test::expect_failure;
using host_test::expect_ok;
using host_test::expect_refused;
using pje::NamedValueArray;
using pje::NamedValues;
using pje::Ref;
using Owned = host_test::Owned<pje_named_values>;

Owned created() {
  pje_named_values *values = nullptr;
  expect_ok(pje_named_values_create(&values));
  return Owned(values);
}

TEST(NamedValues, EveryKindComesBack) {
  Owned owned = created();
  pje_named_values *v = owned.get();
  const std::array<int64_t, 3> list = {3, -1, 4};
  expect_ok(pje_named_values_set_string(v, "s", "text"));
  expect_ok(pje_named_values_set_int64(v, "i", INT64_MIN));
  expect_ok(pje_named_values_set_int64_list(v, "l", list.data(), list.size()));
  expect_ok(pje_named_values_set_float(v, "f", 1.5F));
  expect_ok(pje_named_values_set_bool(v, "b", true));
  ASSERT_EQ(pje_named_values_count(v), 5U);
  const std::array<pje_value_kind, 5> kinds = {PJE_VALUE_STRING, PJE_VALUE_INT64, PJE_VALUE_INT64_LIST,
                                               PJE_VALUE_FLOAT, PJE_VALUE_BOOL};
  const std::array<const char *, 5> names = {"s", "i", "l", "f", "b"};
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(pje_named_values_kind(v, i), kinds[i]);
    EXPECT_STREQ(pje_named_values_name(v, i), names[i]);
    EXPECT_EQ(pje_named_values_find(v, names[i]), i);
  }
  const char *text = nullptr;
  int64_t number = 0;
  const int64_t *numbers = nullptr;
  size_t count = 0;
  float real = 0;
  bool truth = false;
  expect_ok(pje_named_values_get_string(v, 0, &text));
  expect_ok(pje_named_values_get_int64(v, 1, &number));
  expect_ok(pje_named_values_get_int64_list(v, 2, &numbers, &count));
  expect_ok(pje_named_values_get_float(v, 3, &real));
  expect_ok(pje_named_values_get_bool(v, 4, &truth));
  EXPECT_STREQ(text, "text");
  EXPECT_EQ(number, INT64_MIN);
  EXPECT_EQ(std::vector<int64_t>(numbers, numbers + count), (std::vector<int64_t>{3, -1, 4}));
  EXPECT_EQ(real, 1.5F);
  EXPECT_TRUE(truth);
}

TEST(NamedValues, SettingAgainReplaces) {
  Owned v = created();
  expect_ok(pje_named_values_set_int64(v.get(), "x", 1));
  expect_ok(pje_named_values_set_bool(v.get(), "y", true));
  expect_ok(pje_named_values_set_string(v.get(), "x", "one"));
  EXPECT_EQ(pje_named_values_count(v.get()), 2U);
  EXPECT_EQ(pje_named_values_find(v.get(), "x"), 0U);
  EXPECT_EQ(pje_named_values_kind(v.get(), 0), PJE_VALUE_STRING);
}

TEST(NamedValues, WrongIndexNameOrKindIsRefused) {
  Owned v = created();
  expect_ok(pje_named_values_set_int64(v.get(), "x", 1));
  const char *text = "before";
  expect_refused(pje_named_values_get_string(v.get(), 0, &text), PJE_FAILED_PRECONDITION,
                 "pje_named_values_get_string", "value \"x\" is of kind int64 (1), not string");
  EXPECT_EQ(text, nullptr);
  int64_t number = 0;
  expect_refused(pje_named_values_get_int64(v.get(), 1, &number), PJE_OUT_OF_RANGE,
                 "pje_named_values_get_int64", "argument \"index\" is 1: the set has 1 values");
  float real = 0;
  bool truth = true;
  const int64_t *list = &number;
  size_t count = 7;
  expect_refused(pje_named_values_get_float(v.get(), 0, &real), PJE_FAILED_PRECONDITION,
                 "pje_named_values_get_float", "not float");
  expect_refused(pje_named_values_get_bool(v.get(), 0, &truth), PJE_FAILED_PRECONDITION,
                 "pje_named_values_get_bool", "not bool");
  expect_refused(pje_named_values_get_int64_list(v.get(), 0, &list, &count), PJE_FAILED_PRECONDITION,
                 "pje_named_values_get_int64_list", "not int64 list");
  EXPECT_FALSE(truth);
  EXPECT_EQ(list, nullptr);
  EXPECT_EQ(count, 0U);
  EXPECT_STREQ(pje_named_values_name(v.get(), 1), "");
  EXPECT_EQ(pje_named_values_kind(v.get(), 1), PJE_VALUE_KIND_MAX_);
  EXPECT_EQ(pje_named_values_find(v.get(), "X"), SIZE_MAX);
  EXPECT_EQ(pje_named_values_find(v.get(), nullptr), SIZE_MAX);
}

TEST(NamedValues, NullArgumentsAreRefused) {
  Owned v = created();
  expect_refused(pje_named_values_create(nullptr), PJE_INVALID_ARGUMENT, "pje_named_values_create",
                 "\"out\"");
  expect_refused(pje_named_values_set_int64(v.get(), nullptr, 1), PJE_INVALID_ARGUMENT,
                 "pje_named_values_set_int64", "\"name\" is NULL");
  expect_refused(pje_named_values_set_bool(v.get(), "", true), PJE_INVALID_ARGUMENT,
                 "pje_named_values_set_bool", "\"name\" is empty");
  expect_refused(pje_named_values_set_string(v.get(), "x", nullptr), PJE_INVALID_ARGUMENT,
                 "pje_named_values_set_string", "\"value\" is NULL");
  expect_refused(pje_named_values_set_int64_list(v.get(), "x", nullptr, 1), PJE_INVALID_ARGUMENT,
                 "pje_named_values_set_int64_list", "\"value\" is NULL");
  expect_refused(pje_named_values_set_float(nullptr, "x", 1), PJE_INVALID_ARGUMENT,
                 "pje_named_values_set_float", "\"values\" is NULL");
  expect_refused(pje_named_values_get_float(v.get(), 0, nullptr), PJE_INVALID_ARGUMENT,
                 "pje_named_values_get_float", "\"out\" is NULL");
  EXPECT_EQ(pje_named_values_count(v.get()), 0U);
  expect_ok(pje_named_values_set_int64_list(v.get(), "x", nullptr, 0));
}

TEST(NamedValues, LentSetsCannotChange) {
  Ref<NamedValues> set = pje::make<NamedValues>();
  ASSERT_TRUE(set->set("x", int64_t{1}).ok());
  set->lock();
  expect_refused(pje_named_values_set_int64(pje::borrow(set.get()), "x", 2), PJE_FAILED_PRECONDITION,
                 "pje_named_values_set_int64", "lent");
  int64_t value = 0;
  ASSERT_TRUE(set->get_int64(0, &value).ok());
  EXPECT_EQ(value, 1);
}

PJRT_NamedValue raw(std::string_view name, PJRT_NamedValue_Type type) {
  auto value = pje::abi::zeroed<PJRT_NamedValue>();
  value.struct_size = sizeof(value);
  value.name = name.data();
  value.name_size = name.size();
  value.type = type;
  return value;
}

TEST(NamedValuesAbi, PluginsValuesAreCopiedAndCleaned) {
  const std::array<int64_t, 2> list = {7, 8};
  std::array<PJRT_NamedValue, 6> values = {
      raw("s", PJRT_NamedValue_kString),    raw("i", PJRT_NamedValue_kInt64),
      raw("l", PJRT_NamedValue_kInt64List), raw("f", PJRT_NamedValue_kFloat),
      raw("b", PJRT_NamedValue_kBool),      raw("u", static_cast<PJRT_NamedValue_Type>(77))};
  values[0].string_value =
      "ab\xFF"
      "cut";
  values[0].value_size = 3;
  values[1].int64_value = -5;
  values[2].int64_array_value = list.data();
  values[2].value_size = list.size();
  values[3].float_value = 0.25F;
  values[4].bool_value = true;
  Ref<NamedValues> set = pje::named_values_from(values.data(), values.size());
  ASSERT_EQ(set->count(), 6U);
  const char *text = nullptr;
  int64_t number = 0;
  std::span<const int64_t> numbers;
  float real = 0;
  bool truth = false;
  ASSERT_TRUE(set->get_string(0, &text).ok());
  ASSERT_TRUE(set->get_int64(1, &number).ok());
  ASSERT_TRUE(set->get_int64_list(2, &numbers).ok());
  ASSERT_TRUE(set->get_float(3, &real).ok());
  ASSERT_TRUE(set->get_bool(4, &truth).ok());
  EXPECT_STREQ(text, "ab\xEF\xBF\xBD");
  EXPECT_EQ(number, -5);
  EXPECT_EQ(std::vector<int64_t>(numbers.begin(), numbers.end()), (std::vector<int64_t>{7, 8}));
  EXPECT_EQ(real, 0.25F);
  EXPECT_TRUE(truth);
  EXPECT_EQ(set->kind(5), static_cast<pje_value_kind>(77));
  expect_failure(set->get_int64(5, &number), PJE_FAILED_PRECONDITION, "kind unknown (77), not int64");
}

TEST(NamedValuesAbi, NullAndEmptyAreEmpty) {
  EXPECT_EQ(pje::named_values_from(nullptr, 0)->count(), 0U);
  EXPECT_EQ(pje::named_values_from(nullptr, 3)->count(), 0U);
  auto empty = raw("e", PJRT_NamedValue_kString);
  auto nothing = raw("n", PJRT_NamedValue_kInt64List);
  nothing.value_size = 3;
  const std::array values = {empty, nothing};
  Ref<NamedValues> set = pje::named_values_from(values.data(), values.size());
  const char *text = nullptr;
  std::span<const int64_t> list;
  ASSERT_TRUE(set->get_string(0, &text).ok());
  EXPECT_STREQ(text, "");
  ASSERT_TRUE(set->get_int64_list(1, &list).ok());
  EXPECT_TRUE(list.empty());
}

TEST(NamedValuesAbi, NextValueLiesAsFarAsThePluginSays) {
  struct Larger {
    PJRT_NamedValue value;
    uint64_t later;
  };
  const std::array wide = {Larger{raw("a", PJRT_NamedValue_kInt64), ~uint64_t{0}},
                           Larger{raw("b", PJRT_NamedValue_kInt64), ~uint64_t{0}}};
  auto numbered = wide;
  for (Larger &entry : numbered) entry.value.struct_size = sizeof(Larger);
  Ref<NamedValues> set = pje::named_values_from(&numbered[0].value, 2);
  ASSERT_EQ(set->count(), 2U);
  EXPECT_STREQ(set->name(1), "b");
  // Sizes that cannot be meant: none, odd, absurd.
  for (size_t size : {size_t{0}, size_t{57}, size_t{1} << 40}) {
    std::array<PJRT_NamedValue, 2> values = {raw("a", PJRT_NamedValue_kInt64),
                                             raw("b", PJRT_NamedValue_kInt64)};
    for (PJRT_NamedValue &value : values) value.struct_size = size;
    set = pje::named_values_from(values.data(), 2);
    ASSERT_EQ(set->count(), 2U) << size;
    EXPECT_STREQ(set->name(1), "b") << size;
  }
}

TEST(NamedValuesAbi, OptionsGoToThePluginWithSizesSet) {
  auto table = pje::abi::zeroed<PJRT_Api>();
  table.struct_size = sizeof(table);
  table.pjrt_api_version.minor_version = 100;
  pje::abi::Api api(&table, "test");
  Ref<NamedValues> set = pje::make<NamedValues>();
  ASSERT_TRUE(set->set("name", std::string("value")).ok());
  ASSERT_TRUE(set->set("i", int64_t{9}).ok());
  ASSERT_TRUE(set->set("l", std::vector<int64_t>{1, 2, 3}).ok());
  ASSERT_TRUE(set->set("f", 2.5F).ok());
  ASSERT_TRUE(set->set("b", true).ok());
  ASSERT_TRUE(set->set("u", NamedValues::Unknown{42}).ok());
  NamedValueArray array(set.get(), api);
  ASSERT_EQ(array.size(), 5U) << "what we cannot read we cannot pass on";
  const PJRT_NamedValue *values = array.data();
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(values[i].struct_size, 56U);
    EXPECT_EQ(values[i].extension_start, nullptr);
    EXPECT_EQ(values[i].type, static_cast<PJRT_NamedValue_Type>(i));
  }
  EXPECT_EQ(std::string_view(values[0].name, values[0].name_size), "name");
  EXPECT_EQ(std::string_view(values[0].string_value, values[0].value_size), "value");
  EXPECT_EQ(values[1].int64_value, 9);
  EXPECT_EQ(values[1].value_size, 1U);
  EXPECT_EQ(values[2].int64_array_value[2], 3);
  EXPECT_EQ(values[2].value_size, 3U);
  EXPECT_EQ(values[3].float_value, 2.5F);
  EXPECT_EQ(values[3].value_size, 1U);
  EXPECT_TRUE(values[4].bool_value);
  EXPECT_EQ(values[4].value_size, 1U);
  NamedValueArray none(nullptr, api);
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.data(), nullptr);
}

}  // namespace
