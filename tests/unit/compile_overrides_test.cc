// Overrides and debug options by name.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "base/near_miss.hpp"
#include "pjrt_easy.h"
#include "unit/compile_options_support.hpp"

namespace options_test {
namespace {

std::string option_text(const Options &options, const char *name) {
  pje_bytes *bytes = nullptr;
  return taken(pje_compile_options_get_debug_option(options.get(), name, &bytes), bytes);
}

TEST(CompileOverrides, EveryKindReadsBackAndOtherKindsAreRefused) {
  Options options = create();
  pje_compile_options *o = options.get();
  expect_ok(pje_compile_options_set_override_string(o, "s", "text"));
  expect_ok(pje_compile_options_set_override_bool(o, "b", true));
  expect_ok(pje_compile_options_set_override_int64(o, "i", INT64_MIN));
  expect_ok(pje_compile_options_set_override_double(o, "d", 1e300));
  const char *text = nullptr;
  bool truth = false;
  int64_t integer = 0;
  double real = 0;
  expect_ok(pje_compile_options_get_override_string(o, "s", &text));
  EXPECT_STREQ(text, "text");
  expect_ok(pje_compile_options_get_override_bool(o, "b", &truth));
  EXPECT_TRUE(truth);
  expect_ok(pje_compile_options_get_override_int64(o, "i", &integer));
  EXPECT_EQ(integer, INT64_MIN);
  expect_ok(pje_compile_options_get_override_double(o, "d", &real));
  EXPECT_EQ(real, 1e300);

  EXPECT_EQ(pje_compile_options_num_overrides(o), 4U);
  EXPECT_EQ(pje_compile_options_override_kind(o, "s"), PJE_OVERRIDE_STRING);
  EXPECT_EQ(pje_compile_options_override_kind(o, "b"), PJE_OVERRIDE_BOOL);
  EXPECT_EQ(pje_compile_options_override_kind(o, "i"), PJE_OVERRIDE_INT64);
  EXPECT_EQ(pje_compile_options_override_kind(o, "d"), PJE_OVERRIDE_DOUBLE);
  EXPECT_EQ(pje_compile_options_override_kind(o, "x"), PJE_OVERRIDE_NONE);
  EXPECT_EQ(pje_compile_options_override_kind(o, nullptr), PJE_OVERRIDE_NONE);

  expect_refused(pje_compile_options_get_override_string(o, "b", &text), PJE_FAILED_PRECONDITION,
                 "pje_compile_options_get_override_string", "override \"b\" is of kind bool, not string");
  EXPECT_EQ(text, nullptr);
  expect_refused(pje_compile_options_get_override_bool(o, "i", &truth), PJE_FAILED_PRECONDITION,
                 "pje_compile_options_get_override_bool", "is of kind int64, not bool");
  expect_refused(pje_compile_options_get_override_int64(o, "d", &integer), PJE_FAILED_PRECONDITION,
                 "pje_compile_options_get_override_int64", "is of kind double, not int64");
  expect_refused(pje_compile_options_get_override_double(o, "none", &real), PJE_NOT_FOUND,
                 "pje_compile_options_get_override_double", "no override \"none\"");
}

TEST(CompileOverrides, SettingAgainReplacesAndRemovingTakesBack) {
  Options options = create();
  pje_compile_options *o = options.get();
  std::string before = serialized(options);
  expect_ok(pje_compile_options_set_override_bool(o, "x", true));
  expect_ok(pje_compile_options_set_override_int64(o, "x", 4));
  EXPECT_EQ(pje_compile_options_num_overrides(o), 1U);
  EXPECT_EQ(pje_compile_options_override_kind(o, "x"), PJE_OVERRIDE_INT64);
  expect_ok(pje_compile_options_remove_override(o, "x"));
  EXPECT_EQ(serialized(options), before);
  expect_refused(pje_compile_options_remove_override(o, "x"), PJE_NOT_FOUND,
                 "pje_compile_options_remove_override", "no override \"x\"");
}

TEST(CompileOverrides, BadNamesAndValues) {
  Options options = create();
  pje_compile_options *o = options.get();
  const auto code = PJE_INVALID_ARGUMENT;
  expect_refused(pje_compile_options_set_override_bool(o, nullptr, true), code,
                 "pje_compile_options_set_override_bool", "\"name\" is NULL");
  expect_refused(pje_compile_options_set_override_int64(o, "", 1), code,
                 "pje_compile_options_set_override_int64", "\"name\" is empty");
  expect_refused(pje_compile_options_set_override_double(o, "\xc0", 1), code,
                 "pje_compile_options_set_override_double", "not UTF-8");
  expect_refused(pje_compile_options_set_override_string(o, "a", nullptr), code,
                 "pje_compile_options_set_override_string", "\"value\" is NULL");
  expect_refused(pje_compile_options_set_override_string(o, "a", "\xff"), code,
                 "pje_compile_options_set_override_string", "not UTF-8");
  expect_refused(pje_compile_options_get_override_bool(o, "a", nullptr), code,
                 "pje_compile_options_get_override_bool", "\"out\" is NULL");
  expect_refused(pje_compile_options_remove_override(o, nullptr), code, "pje_compile_options_remove_override",
                 "\"name\" is NULL");
  pje_bytes *bytes = nullptr;
  expect_refused(pje_compile_options_get_debug_option(o, nullptr, &bytes), code,
                 "pje_compile_options_get_debug_option", "\"name\" is NULL");
  expect_refused(pje_compile_options_set_debug_option(o, "a", nullptr), code,
                 "pje_compile_options_set_debug_option", "\"value\" is NULL");
  EXPECT_EQ(pje_compile_options_num_overrides(o), 0U);
}

TEST(DebugOptions, TextIsReadByTheKindOfTheOption) {
  struct {
    const char *name, *text;
    pje_override_kind kind;
    const char *back;
  } const cases[] = {
      {"xla_cpu_enable_fast_math", "true", PJE_OVERRIDE_BOOL, "true"},
      {"xla_cpu_enable_fast_min_max", "0", PJE_OVERRIDE_BOOL, "false"},
      {"xla_backend_optimization_level", "2", PJE_OVERRIDE_INT64, "2"},
      {"xla_gpu_autotune_gemm_rtol", "0.5", PJE_OVERRIDE_DOUBLE, "0.5"},
      {"xla_dump_to", "/a folder", PJE_OVERRIDE_STRING, "/a folder"},
      {"xla_step_marker_location", "STEP_MARK_NONE", PJE_OVERRIDE_STRING, "STEP_MARK_NONE"},
      {"xla_disable_hlo_passes", "dce,algsimp", PJE_OVERRIDE_STRING, "dce,algsimp"},
      {"xla_gpu_enable_command_buffer", "FUSION,CUBLAS", PJE_OVERRIDE_STRING, "FUSION,CUBLAS"},
      // Names that a plugin newer than this library may have.
      {"xla_some_day_this_exists", "true", PJE_OVERRIDE_BOOL, "true"},
      {"xla_some_day_this_counts", "-12", PJE_OVERRIDE_INT64, "-12"},
      {"xla_some_day_this_measures", "1e-3", PJE_OVERRIDE_DOUBLE, "0.001"},
      {"xla_some_day_this_says", "12 monkeys", PJE_OVERRIDE_STRING, "12 monkeys"},
  };
  Options options = create();
  for (const auto &one : cases) {
    expect_ok(pje_compile_options_set_debug_option(options.get(), one.name, one.text), one.name);
    EXPECT_EQ(pje_compile_options_override_kind(options.get(), one.name), one.kind) << one.name;
    EXPECT_EQ(option_text(options, one.name), one.back);
  }
}

TEST(DebugOptions, KindsAndValuesAreChecked) {
  Options options = create();
  pje_compile_options *o = options.get();
  const auto code = PJE_INVALID_ARGUMENT;
  const char *text = "pje_compile_options_set_debug_option";
  expect_refused(pje_compile_options_set_debug_option(o, "xla_cpu_enable_fast_math", "yes"), code, text,
                 "\"xla_cpu_enable_fast_math\" is \"yes\": expected a bool (true or false)");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_backend_optimization_level", "2x"), code, text,
                 "expected a int64");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_backend_optimization_level", "2147483648"),
                 code, text, "expected a number of 32 bits");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_gpu_autotune_gemm_rtol", ""), code, text,
                 "expected a double");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_step_marker_location", "HERE"), code, text,
                 "expected one of STEP_MARK_AT_ENTRY, ");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_gpu_enable_command_buffer", "FUSION,NONE"),
                 code, text, "is \"NONE\": expected one of INVALID, FUSION");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_backend_extra_options", "a=b"), code, text,
                 "is a message");
  expect_refused(pje_compile_options_set_debug_option(o, "xla_cpu_enable_fast_mth", "true"), code, text,
                 "did you mean \"xla_cpu_enable_fast_math\"?");
  expect_refused(pje_compile_options_set_debug_option_string(o, "xla_cpu_enable_fast_math", "true"), code,
                 "pje_compile_options_set_debug_option_string", "is of kind bool, not string");
  expect_refused(pje_compile_options_set_debug_option_bool(o, "xla_disable_hlo_passes", true), code,
                 "pje_compile_options_set_debug_option_bool", "is of kind string (a comma list), not bool");
  expect_refused(pje_compile_options_set_debug_option_int64(o, "xla_gpu_autotune_gemm_rtol", 1), code,
                 "pje_compile_options_set_debug_option_int64", "is of kind double, not int64");
  expect_refused(pje_compile_options_set_debug_option_double(o, "xla_gpu_autotune_level", 1), code,
                 "pje_compile_options_set_debug_option_double", "is of kind int64, not double");
  EXPECT_EQ(pje_compile_options_num_overrides(o), 0U);
  expect_ok(pje_compile_options_set_override_bool(o, "xla_cpu_enable_fast_mth", true));
}

TEST(DebugOptions, TypedSettersTakeTheirKind) {
  Options options = create();
  pje_compile_options *o = options.get();
  expect_ok(pje_compile_options_set_debug_option_bool(o, "xla_dump_hlo_as_text", true));
  expect_ok(pje_compile_options_set_debug_option_int64(o, "xla_cpu_prefer_vector_width", 512));
  expect_ok(pje_compile_options_set_debug_option_double(o, "xla_gpu_autotune_gemm_rtol", 0.25));
  expect_ok(pje_compile_options_set_debug_option_string(o, "xla_cpu_max_isa", "AVX2"));
  EXPECT_EQ(serialized(options),
            encoded_by_protoc(
                "CompileOptionsProto",
                "executable_build_options { device_ordinal: -1 num_replicas: 1 num_partitions: 1 } "
                "env_option_overrides { key: 'xla_dump_hlo_as_text' value { bool_field: true } } "
                "env_option_overrides { key: 'xla_cpu_prefer_vector_width' value { int_field: 512 } } "
                "env_option_overrides { key: 'xla_gpu_autotune_gemm_rtol' value { double_field: 0.25 } } "
                "env_option_overrides { key: 'xla_cpu_max_isa' value { string_field: 'AVX2' } }"));
}

TEST(DebugOptions, ReadFromTheWholeMessageUnlessOverridden) {
  Options options = create();
  pje_compile_options *o = options.get();
  expect_ok(pje_compile_options_set_debug_options_text(
      o,
      "xla_dump_to: '/whole' xla_backend_optimization_level: 1 xla_disable_hlo_passes: ['a', 'b'] "
      "xla_step_marker_location: STEP_MARK_NONE xla_gpu_enable_command_buffer: [CUDNN, WHILE]"));
  EXPECT_EQ(option_text(options, "xla_dump_to"), "/whole");
  EXPECT_EQ(option_text(options, "xla_backend_optimization_level"), "1");
  EXPECT_EQ(option_text(options, "xla_disable_hlo_passes"), "a,b");
  EXPECT_EQ(option_text(options, "xla_step_marker_location"), "STEP_MARK_NONE");
  EXPECT_EQ(option_text(options, "xla_gpu_enable_command_buffer"), "CUDNN,WHILE");
  expect_ok(pje_compile_options_set_debug_option(o, "xla_dump_to", "/override"));
  EXPECT_EQ(option_text(options, "xla_dump_to"), "/override");
  for (const char *name : {"xla_cpu_enable_fast_math", "xla_no_such_option"}) {
    pje_bytes *bytes = nullptr;
    expect_refused(pje_compile_options_get_debug_option(o, name, &bytes), PJE_NOT_FOUND,
                   "pje_compile_options_get_debug_option", "is not set");
  }
}

TEST(NearMiss, CountsEdits) {
  EXPECT_EQ(pje::edit_distance("", ""), 0U);
  EXPECT_EQ(pje::edit_distance("", "abc"), 3U);
  EXPECT_EQ(pje::edit_distance("abc", ""), 3U);
  EXPECT_EQ(pje::edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(pje::edit_distance("form", "from"), 1U);
  EXPECT_EQ(pje::edit_distance("same", "same"), 0U);
}

TEST(NearMiss, KeepsTheClosestWithinTheLimit) {
  pje::NearMiss near("num_replica", 2);
  near.consider("nothing_like_it");
  EXPECT_EQ(near.best(), "");
  near.consider("num_replicate");
  EXPECT_EQ(near.best(), "num_replicate");
  near.consider("num_replicas");
  near.consider("num_replicase");
  EXPECT_EQ(near.best(), "num_replicas");
}

}  // namespace
}  // namespace options_test
