#include "core/compile_options.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "pjrt_easy.h"
#include "unit/compile_options_support.hpp"

namespace options_test {

namespace {

std::string read_file(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

}  // namespace

std::string encoded_by_protoc(const std::string &message, const std::string &text) {
  std::string stem = testing::TempDir() + "compile_options_" + std::to_string(getpid());
  std::ofstream(stem + ".txt") << text;
  std::string command = "protoc --deterministic_output --proto_path='" PJE_TEST_DIR
                        "/../src' --encode=pjrt_easy.xla." +
                        message + " proto/compile_options.proto <" + stem + ".txt >" + stem + ".bin";
  EXPECT_EQ(std::system(command.c_str()), 0) << command << "\n" << text;
  std::string bytes = read_file(stem + ".bin");
  std::remove((stem + ".txt").c_str());
  std::remove((stem + ".bin").c_str());
  return bytes;
}

namespace {

constexpr char kOrdinal[] = "device_ordinal: -1 ", kReplicas[] = "num_replicas: 1 ",
               kPartitions[] = "num_partitions: 1 ";

std::string build_text(const std::string &text) { return "executable_build_options { " + text + " }"; }
std::string with_defaults(const std::string &text) {
  return build_text(std::string(kOrdinal) + kReplicas + kPartitions + text);
}

template <class T>
std::string list_text(const T *values, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += std::to_string(values[i]) + " ";
  return text;
}

struct FieldCase {
  std::string field;
  // The whole message that protoc is to make of it.
  std::string text;
  std::function<pje_error *(pje_compile_options *)> set;
  std::function<std::string(const pje_compile_options *)> get;
  std::string value;
};

#define SCALAR_CASE(field, in_value, message_text)                                           \
  FieldCase {                                                                                \
    #field, message_text,                                                                    \
        [](pje_compile_options *o) { return pje_compile_options_set_##field(o, in_value); }, \
        [](const pje_compile_options *o) {                                                   \
          return std::to_string(static_cast<int64_t>(pje_compile_options_get_##field(o)));   \
        },                                                                                   \
        std::to_string(static_cast<int64_t>(in_value))                                       \
  }
#define LIST_CASE(type, field, text_of_field, place, ...)                       \
  FieldCase {                                                                   \
    #field, place(text_of_field),                                               \
        [](pje_compile_options *o) {                                            \
          static const type values[] = {__VA_ARGS__};                           \
          return pje_compile_options_set_##field(o, values, std::size(values)); \
        },                                                                      \
        [](const pje_compile_options *o) {                                      \
          size_t count = 77;                                                    \
          const type *values = pje_compile_options_get_##field(o, &count);      \
          return list_text(values, count);                                      \
        },                                                                      \
        []() {                                                                  \
          static const type values[] = {__VA_ARGS__};                           \
          return list_text(values, std::size(values));                          \
        }()                                                                     \
  }
#define BYTES_CASE(field, place)                                        \
  FieldCase {                                                           \
    #field, place(#field ": 'a\\000\\377b'"),                           \
        [](pje_compile_options *o) {                                    \
          return pje_compile_options_set_##field(o,                     \
                                                 "a\0\xff"              \
                                                 "b",                   \
                                                 4);                    \
        },                                                              \
        [](const pje_compile_options *o) {                              \
          size_t size = 77;                                             \
          const void *data = pje_compile_options_get_##field(o, &size); \
          return std::string(static_cast<const char *>(data), size);    \
        },                                                              \
        std::string(                                                    \
            "a\0\xff"                                                   \
            "b",                                                        \
            4)                                                          \
  }
#define MESSAGE_CASE(field, type, text_of_message, place)                                                  \
  FieldCase {                                                                                              \
    #field, place(#field " { " text_of_message " }"),                                                      \
        [](pje_compile_options *o) { return pje_compile_options_set_##field##_text(o, text_of_message); }, \
        [](const pje_compile_options *o) {                                                                 \
          pje_bytes *bytes = nullptr;                                                                      \
          return taken(pje_compile_options_get_##field(o, &bytes), bytes);                                 \
        },                                                                                                 \
        encoded_by_protoc(type, text_of_message)                                                           \
  }

std::string beside_defaults(const std::string &text) { return with_defaults("") + " " + text; }

std::vector<FieldCase> scalar_cases() {
  return {
      SCALAR_CASE(parameter_is_tupled_arguments, true,
                  beside_defaults("parameter_is_tupled_arguments: true")),
      SCALAR_CASE(compile_portable_executable, true, beside_defaults("compile_portable_executable: true")),
      SCALAR_CASE(allow_in_place_mlir_modification, true,
                  beside_defaults("allow_in_place_mlir_modification: true")),
      SCALAR_CASE(use_spmd_partitioning, true, with_defaults("use_spmd_partitioning: true")),
      SCALAR_CASE(use_auto_spmd_partitioning, true, with_defaults("use_auto_spmd_partitioning: true")),
      SCALAR_CASE(use_shardy_partitioner, true, with_defaults("use_shardy_partitioner: true")),
      SCALAR_CASE(deduplicate_hlo, true, with_defaults("deduplicate_hlo: true")),
      SCALAR_CASE(alias_passthrough_params, true, with_defaults("alias_passthrough_params: true")),
      SCALAR_CASE(run_backend_only, true, with_defaults("run_backend_only: true")),
      SCALAR_CASE(profile_version, INT64_MIN, beside_defaults("profile_version: -9223372036854775808")),
      SCALAR_CASE(device_ordinal, 7, build_text(std::string("device_ordinal: 7 ") + kReplicas + kPartitions)),
      SCALAR_CASE(num_replicas, 300, build_text(std::string(kOrdinal) + "num_replicas: 300 " + kPartitions)),
      SCALAR_CASE(num_partitions, INT32_MAX,
                  build_text(std::string(kOrdinal) + kReplicas + "num_partitions: 2147483647")),
      SCALAR_CASE(device_memory_size, INT64_C(1) << 40, with_defaults("device_memory_size: 1099511627776")),
      SCALAR_CASE(process_index, 3, with_defaults("process_index: 3")),
      SCALAR_CASE(process_count, 4, with_defaults("process_count: 4")),
      SCALAR_CASE(matrix_unit_operand_precision, PJE_PRECISION_HIGHEST,
                  beside_defaults("matrix_unit_operand_precision: HIGHEST")),
      SCALAR_CASE(optimization_level, PJE_EFFORT_O2, with_defaults("optimization_level: EFFORT_O2")),
      SCALAR_CASE(memory_fitting_level, PJE_EFFORT_O3, with_defaults("memory_fitting_level: EFFORT_O3")),
  };
}

std::vector<FieldCase> list_cases() {
  return {
      LIST_CASE(int32_t, individually_defined_output_indices,
                "individually_defined_output_indices: [0, 5, 2147483647]", beside_defaults, 0, 5, INT32_MAX),
      LIST_CASE(bool, allow_spmd_sharding_propagation_to_parameters,
                "allow_spmd_sharding_propagation_to_parameters: [true, false, true]", with_defaults, true,
                false, true),
      LIST_CASE(bool, allow_spmd_sharding_propagation_to_output,
                "allow_spmd_sharding_propagation_to_output: [false, true]", with_defaults, false, true),
      LIST_CASE(int64_t, auto_spmd_partitioning_mesh_shape, "auto_spmd_partitioning_mesh_shape: [2, 3]",
                with_defaults, 2, 3),
      LIST_CASE(int64_t, auto_spmd_partitioning_mesh_ids,
                "auto_spmd_partitioning_mesh_ids: [5, 4, 3, 2, 1, 0]", with_defaults, 5, 4, 3, 2, 1, 0),
      BYTES_CASE(serialized_multi_slice_config, beside_defaults),
      BYTES_CASE(fdo_profile, with_defaults),
      MESSAGE_CASE(target_config, "GpuTargetConfigProto",
                   "platform_name: 'CUDA' device_description_str: 'H100' runtime_version { major: 12 } "
                   "gpu_device_info { threads_per_warp: 32 clock_rate_ghz: 1.5 ecc_enabled: true "
                   "cuda_compute_capability { major: 9 feature_extension: ACCELERATED_FEATURES } "
                   "scalar_unit_description { rate_infos { key: 32 value { units_per_core: 128 } } } }",
                   beside_defaults),
      MESSAGE_CASE(
          gpu_topology, "GpuTopologyProto",
          "platform_version: 'x' num_partitions: 1 num_hosts_per_partition: 2 num_devices_per_host: 8 "
          "host_target_machine_options { triple: 't' cpu: 'c' features: '+f' } "
          "num_devices_per_process: 0",
          with_defaults),
      MESSAGE_CASE(debug_options, "DebugOptions",
                   "xla_dump_to: '/dump' xla_backend_optimization_level: 0 xla_cpu_max_isa: 'AVX2' "
                   "xla_disable_hlo_passes: ['a', 'b'] xla_gpu_enable_command_buffer: [FUSION, CUBLASLT] "
                   "xla_backend_extra_options { key: 'k' value: 'v' } xla_gpu_autotune_gemm_rtol: 0.5",
                   with_defaults),
  };
}

std::string layout_text(
    const std::function<pje_error *(pje_dtype *, const int64_t **, size_t *, const int64_t **)> &read) {
  pje_dtype dtype;
  const int64_t *dims, *order;
  size_t rank;
  expect_ok(read(&dtype, &dims, &rank, &order));
  return std::string(pje_dtype_name(dtype)) + " " + list_text(dims, rank) + "/ " + list_text(order, rank);
}

FieldCase argument_layouts_case() {
  std::string dense =
      "argument_layouts { element_type: BF16 dimensions: [2, 3, 4] is_dynamic_dimension: [false, false, "
      "false] "
      "layout { minor_to_major: [2, 1, 0] } }";
  std::string chosen =
      "argument_layouts { element_type: S4 dimensions: [0, 9] is_dynamic_dimension: [false, false] "
      "layout { minor_to_major: [0, 1] } }";
  std::string scalar = "argument_layouts { element_type: TOKEN layout { } }";
  std::string tuple = "tuple_shapes { element_type: F32 } element_type: TUPLE";
  return {"argument_layouts",
          with_defaults("") + dense + chosen + scalar + "argument_layouts { " + tuple + " }",
          [tuple](pje_compile_options *o) -> pje_error * {
            const int64_t dims[] = {2, 3, 4}, other[] = {0, 9}, order[] = {0, 1};
            std::string bytes = encoded_by_protoc("ShapeProto", tuple);
            expect_ok(pje_compile_options_add_argument_layout(o, PJE_BF16, dims, 3, nullptr));
            expect_ok(pje_compile_options_add_argument_layout(o, PJE_S4, other, 2, order));
            expect_ok(pje_compile_options_add_argument_layout(o, PJE_TOKEN, nullptr, 0, nullptr));
            return pje_compile_options_add_argument_layout_bytes(o, bytes.data(), bytes.size());
          },
          [](const pje_compile_options *o) {
            std::string text = std::to_string(pje_compile_options_num_argument_layouts(o));
            for (size_t i = 0; i < 3; ++i)
              text += "; " + layout_text([&](auto... out) {
                        return pje_compile_options_get_argument_layout(o, i, out...);
                      });
            pje_bytes *bytes = nullptr;
            return text + "; " + taken(pje_compile_options_get_argument_layout_bytes(o, 3, &bytes), bytes);
          },
          "4; bf16 2 3 4 / 2 1 0 ; s4 0 9 / 0 1 ; token / ; " + encoded_by_protoc("ShapeProto", tuple)};
}

FieldCase result_layout_case() {
  return {"result_layout",
          with_defaults("result_layout { element_type: F8E4M3FN dimensions: [7, 8] "
                        "is_dynamic_dimension: [false, false] layout { minor_to_major: [0, 1] } }"),
          [](pje_compile_options *o) {
            const int64_t dims[] = {7, 8}, order[] = {0, 1};
            return pje_compile_options_set_result_layout(o, PJE_F8E4M3FN, dims, 2, order);
          },
          [](const pje_compile_options *o) {
            return layout_text([&](auto... out) { return pje_compile_options_get_result_layout(o, out...); });
          },
          "f8e4m3fn 7 8 / 0 1 "};
}

FieldCase device_assignment_case() {
  return {
      "device_assignment",
      build_text("device_ordinal: -1 num_replicas: 2 num_partitions: 3 device_assignment { replica_count: 2 "
                 "computation_count: 3 computation_devices { replica_device_ids: [10, 13] } "
                 "computation_devices { replica_device_ids: [11, 14] } "
                 "computation_devices { replica_device_ids: [12, 15] } }"),
      [](pje_compile_options *o) {
        const int64_t ids[] = {10, 11, 12, 13, 14, 15};
        return pje_compile_options_set_device_assignment(o, 2, 3, ids, 6);
      },
      [](const pje_compile_options *o) {
        size_t replicas = 77, partitions = 77;
        const int64_t *ids = pje_compile_options_get_device_assignment(o, &replicas, &partitions);
        return std::to_string(replicas) + "x" + std::to_string(partitions) + ": " +
               list_text(ids, ids == nullptr ? 0 : replicas * partitions);
      },
      "2x3: 10 11 12 13 14 15 "};
}

FieldCase comp_envs_case() {
  return {
      "comp_envs",
      with_defaults("comp_envs { environments { type_url: 'type.googleapis.com/a.B' value: '\\001\\000' } "
                    "environments { type_url: 'c' } }"),
      [](pje_compile_options *o) {
        expect_ok(pje_compile_options_add_compilation_environment(o, "type.googleapis.com/a.B", "\1\0", 2));
        return pje_compile_options_add_compilation_environment(o, "c", nullptr, 0);
      },
      [](const pje_compile_options *o) {
        std::string text;
        for (size_t i = 0; i < pje_compile_options_num_compilation_environments(o); ++i) {
          size_t size = 77;
          const void *data = pje_compile_options_compilation_environment_data(o, i, &size);
          text += pje_compile_options_compilation_environment_type_url(o, i);
          text += "=" + std::string(static_cast<const char *>(data), size) + ";";
        }
        return text;
      },
      std::string("type.googleapis.com/a.B=\1\0;c=;", 30)};
}

FieldCase compiler_variant_case() {
  return {
      "compiler_variant", with_defaults("") + "compiler_variant: 'quick'",
      [](pje_compile_options *o) { return pje_compile_options_set_compiler_variant(o, "quick"); },
      [](const pje_compile_options *o) { return std::string(pje_compile_options_get_compiler_variant(o)); },
      "quick"};
}

FieldCase overrides_case() {
  return {"env_option_overrides",
          with_defaults("") +
              "env_option_overrides { key: 'b' value { bool_field: false } } "
              "env_option_overrides { key: 'd' value { double_field: -0.25 } } "
              "env_option_overrides { key: 'i' value { int_field: -5 } } "
              "env_option_overrides { key: 's' value { string_field: 'text' } }",
          [](pje_compile_options *o) {
            expect_ok(pje_compile_options_set_override_string(o, "s", "text"));
            expect_ok(pje_compile_options_set_override_int64(o, "i", -5));
            expect_ok(pje_compile_options_set_override_double(o, "d", -0.25));
            return pje_compile_options_set_override_bool(o, "b", false);
          },
          [](const pje_compile_options *o) {
            std::string text;
            for (size_t i = 0; i < pje_compile_options_num_overrides(o); ++i) {
              const char *name = pje_compile_options_override_name(o, i);
              pje_bytes *bytes = nullptr;
              text += std::string(name) + ":" + std::to_string(pje_compile_options_override_kind(o, name)) +
                      taken(pje_compile_options_get_debug_option(o, name, &bytes), bytes) + " ";
            }
            return text;
          },
          "b:2false d:4-0.25 i:3-5 s:1text "};
}

std::vector<FieldCase> all_cases() {
  std::vector<FieldCase> cases = scalar_cases();
  for (FieldCase &one : list_cases()) cases.push_back(std::move(one));
  for (auto make : {argument_layouts_case, result_layout_case, device_assignment_case, comp_envs_case,
                    compiler_variant_case, overrides_case})
    cases.push_back(make());
  return cases;
}

bool is_set(const Options &options, const std::string &field) {
  bool set = false;
  expect_ok(pje_compile_options_is_set(options.get(), field.c_str(), &set), field);
  return set;
}

TEST(CompileOptions, DefaultsAreWhatNullOptionsStandFor) {
  Options options = create();
  EXPECT_EQ(serialized(options), pje::default_compile_options());
  EXPECT_EQ(serialized(options), encoded_by_protoc("CompileOptionsProto", with_defaults("")));
  EXPECT_EQ(pje_compile_options_get_num_replicas(options.get()), 1);
  EXPECT_EQ(pje_compile_options_get_num_partitions(options.get()), 1);
  EXPECT_EQ(pje_compile_options_get_device_ordinal(options.get()), -1);
  EXPECT_TRUE(pje_compile_options_get_check_arguments(options.get()));
}

TEST(CompileOptions, EveryFieldGoesThroughSetterBytesAndGetter) {
  const std::string defaults = serialized(create());
  for (const FieldCase &one : all_cases()) {
    SCOPED_TRACE(one.field);
    Options options = create();
    EXPECT_FALSE(is_set(options, one.field));
    expect_ok(one.set(options.get()), one.field);
    EXPECT_TRUE(is_set(options, one.field));
    EXPECT_EQ(one.get(options.get()), one.value);
    std::string bytes = serialized(options);
    EXPECT_EQ(bytes, encoded_by_protoc("CompileOptionsProto", one.text));

    Options again = parsed(bytes);
    EXPECT_EQ(one.get(again.get()), one.value);
    EXPECT_EQ(serialized(again), bytes);

    pje_compile_options *copied = nullptr;
    expect_ok(pje_compile_options_copy(options.get(), &copied));
    Options copy(copied);
    expect_ok(pje_compile_options_clear(options.get(), one.field.c_str()));
    EXPECT_FALSE(is_set(options, one.field));
    if (one.field != "device_assignment") {
      EXPECT_EQ(serialized(options), defaults);
    }
    EXPECT_EQ(serialized(copy), bytes) << "the copy changed with its original";
  }
}

TEST(CompileOptions, EveryFieldOfTheProtosHasACase) {
  auto facts = nlohmann::json::parse(read_file(PJE_TEST_DIR "/abi/protos.json"));
  std::set<std::string> covered = {"executable_build_options"};
  for (const FieldCase &one : all_cases()) covered.insert(one.field);
  size_t fields = 0;
  for (const char *message : {"xla.CompileOptionsProto", "xla.ExecutableBuildOptionsProto"}) {
    for (const auto &field : facts["messages"][message]["fields"]) {
      ++fields;
      EXPECT_EQ(covered.count(field["name"]), 1U) << message << "." << field["name"] << " has no setter";
    }
  }
  EXPECT_EQ(fields, covered.size()) << "a case for a field that the protos do not have";
}

TEST(CompileOptions, TheWholeBuildPartGoesBackToDefaults) {
  Options options = create();
  for (const FieldCase &one : all_cases()) expect_ok(one.set(options.get()), one.field);
  expect_ok(pje_compile_options_clear(options.get(), "executable_build_options"));
  EXPECT_EQ(pje_compile_options_get_num_replicas(options.get()), 1);
  EXPECT_EQ(pje_compile_options_get_device_assignment(options.get(), nullptr, nullptr), nullptr);
  EXPECT_EQ(pje_compile_options_num_argument_layouts(options.get()), 4U);
}

TEST(CompileOptions, WholeMessagesGoInAsBytes) {
  Options options = create();
  struct {
    pje_error *(*set)(pje_compile_options *, const void *, size_t);
    pje_error *(*get)(const pje_compile_options *, pje_bytes **);
    const char *message, *text;
  } const messages[] = {
      {pje_compile_options_set_target_config, pje_compile_options_get_target_config, "GpuTargetConfigProto",
       "platform_name: 'ROCM'"},
      {pje_compile_options_set_gpu_topology, pje_compile_options_get_gpu_topology, "GpuTopologyProto",
       "num_partitions: 3"},
      {pje_compile_options_set_debug_options, pje_compile_options_get_debug_options, "DebugOptions",
       "xla_cpu_enable_fast_math: false"},
      {pje_compile_options_set_result_layout_bytes, pje_compile_options_get_result_layout_bytes, "ShapeProto",
       "element_type: TUPLE tuple_shapes { element_type: PRED } tuple_shapes { element_type: C128 }"},
  };
  for (const auto &one : messages) {
    std::string bytes = encoded_by_protoc(one.message, one.text);
    pje_bytes *out = nullptr;
    expect_ok(one.set(options.get(), bytes.data(), bytes.size()), one.message);
    EXPECT_EQ(taken(one.get(options.get(), &out), out), bytes) << one.message;
  }
}

TEST(CompileOptions, FieldsOfANewerPluginSurvive) {
  // Field 1000 of the message itself, of its build options and of their debug options.
  std::string inner = "\xc2\x3e\x03new";
  std::string debug = "\x1a\x06" + inner;
  std::string build = debug + "\x20\x02\x28\x01" + inner;
  std::string bytes = "\x1a" + std::string(1, static_cast<char>(build.size())) + build + inner;
  Options options = parsed(bytes);
  EXPECT_EQ(serialized(options), bytes);
  expect_ok(pje_compile_options_set_num_replicas(options.get(), 3));
  bytes[2 + debug.size() + 1] = '\3';
  EXPECT_EQ(serialized(options), bytes);
}

TEST(CompileOptions, EqualOptionsHaveEqualBytesWhateverTheOrder) {
  Options forward = create(), backward = create();
  for (int i = 0; i < 50; ++i) {
    std::string name = "flag" + std::to_string(i), other = "flag" + std::to_string(49 - i);
    expect_ok(pje_compile_options_set_override_bool(forward.get(), name.c_str(), true));
    expect_ok(pje_compile_options_set_override_bool(backward.get(), other.c_str(), true));
  }
  EXPECT_EQ(serialized(forward), serialized(backward));
}

TEST(CompileOptions, TextIsForPeople) {
  Options options = create();
  expect_ok(pje_compile_options_set_use_shardy_partitioner(options.get(), true));
  pje_bytes *bytes = nullptr;
  std::string text = taken(pje_compile_options_to_text(options.get(), &bytes), bytes);
  EXPECT_EQ(text,
            "executable_build_options {\n  device_ordinal: -1\n  num_replicas: 1\n  num_partitions: 1\n"
            "  use_shardy_partitioner: true\n}\n");
}

TEST(CompileOptions, CheckingArgumentsIsOursAndNotSent) {
  Options options = create();
  expect_ok(pje_compile_options_set_check_arguments(options.get(), false));
  EXPECT_FALSE(pje_compile_options_get_check_arguments(options.get()));
  EXPECT_EQ(serialized(options), pje::default_compile_options());
  pje_compile_options *copied = nullptr;
  expect_ok(pje_compile_options_copy(options.get(), &copied));
  EXPECT_FALSE(pje_compile_options_get_check_arguments(Options(copied).get()));
}

TEST(CompileOptions, CompilerVariantCanBeTakenBack) {
  Options options = create();
  EXPECT_STREQ(pje_compile_options_get_compiler_variant(options.get()), "");
  expect_ok(pje_compile_options_set_compiler_variant(options.get(), ""));
  EXPECT_TRUE(is_set(options, "compiler_variant"));
  expect_ok(pje_compile_options_set_compiler_variant(options.get(), nullptr));
  EXPECT_FALSE(is_set(options, "compiler_variant"));
}

}  // namespace
}  // namespace options_test
