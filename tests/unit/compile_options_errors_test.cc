// What the compile options refuse, and that a refusal changes nothing.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "pjrt_easy.h"
#include "unit/compile_options_support.hpp"

namespace options_test {
namespace {

#define REFUSED(call, fragment, ...)                                            \
  expect_refused(pje_compile_options_##call(__VA_ARGS__), PJE_INVALID_ARGUMENT, \
                 "pje_compile_options_" #call, fragment)

TEST(CompileOptionsErrors, CountsThatAbortPluginsAreRefused) {
  Options options = create();
  std::string before = serialized(options);
  pje_compile_options *o = options.get();
  for (int64_t count : {INT64_C(0), INT64_C(-1), INT64_MIN, INT64_C(1) + INT32_MAX, INT64_MAX}) {
    REFUSED(set_num_replicas, "num_replicas is " + std::to_string(count) + ": expected 1 to 2147483647", o,
            count);
    REFUSED(set_num_partitions, "num_partitions is " + std::to_string(count), o, count);
  }
  EXPECT_EQ(serialized(options), before);
}

TEST(CompileOptionsErrors, NumbersOutsideTheirRange) {
  Options options = create();
  std::string before = serialized(options);
  pje_compile_options *o = options.get();
  REFUSED(set_device_ordinal, "device_ordinal is -2: expected -1 to 2147483647", o, -2);
  REFUSED(set_device_memory_size, "device_memory_size is -1", o, -1);
  REFUSED(set_process_index, "process_index is -1", o, -1);
  REFUSED(set_process_count, "process_count is 2147483648", o, INT64_C(1) << 31);
  REFUSED(set_optimization_level, "1: expected one of 0 (EFFORT_UNKNOWN), 9 (EFFORT_O0)", o,
          static_cast<pje_effort>(1));
  REFUSED(set_memory_fitting_level, "expected one of", o, PJE_EFFORT_MAX_);
  REFUSED(set_matrix_unit_operand_precision, "3: expected one of 0 (DEFAULT), 1 (HIGH), 2 (HIGHEST)", o,
          static_cast<pje_precision>(3));
  const int32_t negative[] = {4, -1};
  REFUSED(set_individually_defined_output_indices, "individually_defined_output_indices[1] is -1", o,
          negative, 2);
  const int64_t zero[] = {2, 0}, below[] = {-7};
  REFUSED(set_auto_spmd_partitioning_mesh_shape, "[1] is 0: expected 1 or more", o, zero, 2);
  REFUSED(set_auto_spmd_partitioning_mesh_ids, "[0] is -7: expected 0 or more", o, below, 1);
  EXPECT_EQ(serialized(options), before);
}

TEST(CompileOptionsErrors, NullWithASize) {
  Options options = create();
  pje_compile_options *o = options.get();
  REFUSED(set_individually_defined_output_indices, "\"values\" is NULL but \"count\" is 2", o, nullptr, 2);
  REFUSED(set_allow_spmd_sharding_propagation_to_output, "is NULL", o, nullptr, 1);
  REFUSED(set_allow_spmd_sharding_propagation_to_parameters, "is NULL", o, nullptr, 1);
  REFUSED(set_fdo_profile, "\"data\" is NULL but \"size\" is 9", o, nullptr, 9);
  REFUSED(set_serialized_multi_slice_config, "is NULL", o, nullptr, 9);
  REFUSED(set_target_config, "is NULL", o, nullptr, 9);
  REFUSED(set_gpu_topology, "is NULL", o, nullptr, 9);
  REFUSED(set_debug_options, "is NULL", o, nullptr, 9);
  REFUSED(set_target_config_text, "\"text\" is NULL", o, nullptr);
  REFUSED(add_argument_layout, "\"dims\" is NULL but \"rank\" is 2", o, PJE_F32, nullptr, 2, nullptr);
  REFUSED(set_result_layout, "is NULL", o, PJE_F32, nullptr, 2, nullptr);
  REFUSED(add_argument_layout_bytes, "\"data\" is NULL", o, nullptr, 0);
  REFUSED(set_result_layout_bytes, "\"data\" is NULL", o, nullptr, 0);
  REFUSED(set_device_assignment, "\"device_ids\" is NULL but \"count\" is 1", o, 1, 1, nullptr, 1);
  REFUSED(add_compilation_environment, "\"type_url\" is NULL", o, nullptr, nullptr, 0);
  REFUSED(add_compilation_environment, "is empty", o, "", nullptr, 0);
  REFUSED(add_compilation_environment, "\"data\" is NULL but", o, "t", nullptr, 3);
  bool set = true;
  REFUSED(is_set, "\"field\" is NULL", o, nullptr, &set);
  EXPECT_FALSE(set);
  REFUSED(is_set, "\"out\" is NULL", o, "num_replicas", nullptr);
  REFUSED(clear, "\"field\" is NULL", o, nullptr);
  pje_compile_options *out = o;
  REFUSED(from_bytes, "\"data\" is NULL", nullptr, 0, &out);
  EXPECT_EQ(out, nullptr);
  REFUSED(create, "\"out\" is NULL", nullptr);
  REFUSED(copy, "\"out\" is NULL", o, nullptr);
  REFUSED(serialize, "\"out\" is NULL", o, nullptr);
  REFUSED(to_text, "\"out\" is NULL", o, nullptr);
}

TEST(CompileOptionsErrors, Layouts) {
  Options options = create();
  std::string before = serialized(options);
  pje_compile_options *o = options.get();
  const int64_t dims[] = {2, 3}, negative[] = {2, -3}, twice[] = {1, 1}, outside[] = {0, 2}, many[65] = {};
  REFUSED(add_argument_layout, "dtype 0 has no XLA type", o, PJE_DTYPE_INVALID, dims, 2, nullptr);
  REFUSED(add_argument_layout, "dtype 9999 has no XLA type", o, static_cast<pje_dtype>(9999), dims, 2,
          nullptr);
  REFUSED(add_argument_layout, "dims is [2,-3]", o, PJE_F32, negative, 2, nullptr);
  REFUSED(add_argument_layout, "minor_to_major is [1,1]: expected each of the dimensions 0 to 1 once", o,
          PJE_F32, dims, 2, twice);
  REFUSED(set_result_layout, "minor_to_major is [0,2]", o, PJE_F32, dims, 2, outside);
  REFUSED(set_result_layout, "rank is 65: expected 64 or less", o, PJE_F32, many, 65, nullptr);
  REFUSED(add_argument_layout_bytes, "not a serialized ShapeProto", o, "\xff\xff", 2);
  REFUSED(add_argument_layout_bytes, "a ShapeProto without a type", o, "", 0);
  REFUSED(set_result_layout_bytes, "result_layout: the 2 bytes", o, "\xff\xff", 2);
  EXPECT_EQ(serialized(options), before);

  pje_dtype dtype = PJE_F32;
  const int64_t *read_dims = dims, *order = dims;
  size_t rank = 7;
  expect_refused(pje_compile_options_get_argument_layout(o, 0, &dtype, &read_dims, &rank, &order),
                 PJE_OUT_OF_RANGE, "pje_compile_options_get_argument_layout", "argument layout 0 of 0");
  EXPECT_TRUE(dtype == PJE_DTYPE_INVALID && read_dims == nullptr && rank == 0 && order == nullptr);
  pje_bytes *bytes = nullptr;
  expect_refused(pje_compile_options_get_argument_layout_bytes(o, 5, &bytes), PJE_OUT_OF_RANGE,
                 "pje_compile_options_get_argument_layout_bytes", "argument layout 5 of 0");
  expect_refused(pje_compile_options_get_result_layout(o, &dtype, &read_dims, &rank, &order), PJE_NOT_FOUND,
                 "pje_compile_options_get_result_layout", "result_layout is not set");
  expect_refused(pje_compile_options_get_result_layout_bytes(o, &bytes), PJE_NOT_FOUND,
                 "pje_compile_options_get_result_layout_bytes", "result_layout is not set");
  std::string tuple = encoded_by_protoc("ShapeProto", "element_type: TUPLE");
  expect_ok(pje_compile_options_set_result_layout_bytes(o, tuple.data(), tuple.size()));
  expect_refused(pje_compile_options_get_result_layout(o, &dtype, &read_dims, &rank, &order),
                 PJE_FAILED_PRECONDITION, "pje_compile_options_get_result_layout", "is a TUPLE");
}

TEST(CompileOptionsErrors, DeviceAssignments) {
  Options options = create();
  std::string before = serialized(options);
  pje_compile_options *o = options.get();
  const int64_t ids[] = {0, 1, 2, 1}, negative[] = {0, -1};
  REFUSED(set_device_assignment, "3 device ids for num_replicas 2 and num_partitions 2", o, 2, 2, ids, 3);
  REFUSED(set_device_assignment, "device id 1 stands there twice", o, 2, 2, ids, 4);
  REFUSED(set_device_assignment, "device id -1", o, 1, 2, negative, 2);
  REFUSED(set_device_assignment, "0 device ids for num_replicas 0", o, 0, 2, nullptr, 0);
  REFUSED(set_device_assignment, "for num_replicas -2", o, -2, -1, ids, 2);
  REFUSED(set_device_assignment, "for num_replicas 9223372036854775807", o, INT64_MAX, 4, ids, 4);
  EXPECT_EQ(serialized(options), before);
  expect_ok(pje_compile_options_set_device_assignment(o, 1, 2, ids, 2));
  expect_ok(pje_compile_options_set_num_replicas(o, 2));
  pje_bytes *bytes = nullptr;
  REFUSED(serialize, "device_assignment is for 1 replicas and 2 partitions, but num_replicas is 2", o,
          &bytes);
  EXPECT_EQ(bytes, nullptr);
}

TEST(CompileOptionsErrors, MessagesThatDoNotParse) {
  Options options = create();
  pje_compile_options *o = options.get();
  expect_ok(pje_compile_options_set_target_config_text(o, "platform_name: 'kept'"));
  std::string before = serialized(options);
  REFUSED(set_target_config, "target_config: the 3 bytes are not a serialized GpuTargetConfigProto", o,
          "\x0a\xff\xff", 3);
  REFUSED(set_gpu_topology, "not a serialized GpuTopologyProto", o, "\x07", 1);
  REFUSED(set_debug_options, "not a serialized DebugOptions", o, "\x07", 1);
  REFUSED(set_target_config_text, "text form: line 2, column 10: ", o, "platform_name: 'x'\n  nothing: 1");
  REFUSED(set_gpu_topology_text, "not a GpuTopologyProto", o, "num_partitions: 'three'");
  REFUSED(set_debug_options_text, "xla_no_such_option", o, "xla_no_such_option: true");
  REFUSED(set_debug_options_text, "\"text\" is NULL", o, nullptr);
  REFUSED(set_gpu_topology_text, "\"text\" is NULL", o, nullptr);
  REFUSED(set_compiler_variant, "compiler_variant is not UTF-8", o, "\xff");
  EXPECT_EQ(serialized(options), before);
  pje_bytes *bytes = nullptr;
  expect_refused(pje_compile_options_get_gpu_topology(o, &bytes), PJE_NOT_FOUND,
                 "pje_compile_options_get_gpu_topology", "gpu_topology is not set");
  expect_refused(pje_compile_options_get_debug_options(o, &bytes), PJE_NOT_FOUND,
                 "pje_compile_options_get_debug_options", "debug_options is not set");
  expect_ok(pje_compile_options_clear(o, "target_config"));
  expect_refused(pje_compile_options_get_target_config(o, &bytes), PJE_NOT_FOUND,
                 "pje_compile_options_get_target_config", "target_config is not set");
}

TEST(CompileOptionsErrors, BytesThatAreNoUsableOptions) {
  struct {
    std::string bytes;
    const char *fragment;
  } const cases[] = {
      {"\xff\xff\xff", "options: the 3 bytes are not a serialized CompileOptionsProto"},
      {"", "num_replicas is 0: expected 1 to 2147483647; plugins abort"},
      {"PK\3\4 a whole other file", "not a serialized CompileOptionsProto"},
      {encoded_by_protoc("CompileOptionsProto", "executable_build_options { num_replicas: 1 }"),
       "num_partitions is 0"},
      {encoded_by_protoc("CompileOptionsProto",
                         "executable_build_options { num_replicas: -4 num_partitions: 1 }"),
       "num_replicas is -4"},
      {encoded_by_protoc("CompileOptionsProto",
                         "executable_build_options { num_replicas: 1 num_partitions: 4294967297 }"),
       "num_partitions is 4294967297"},
      {encoded_by_protoc(
           "CompileOptionsProto",
           "executable_build_options { num_replicas: 1 num_partitions: 1 device_assignment { "
           "replica_count: 2 computation_count: 1 computation_devices { replica_device_ids: 0 } } }"),
       "device_assignment: its lists do not fit its 2 replicas and 1 partitions"},
      {encoded_by_protoc(
           "CompileOptionsProto",
           "executable_build_options { num_replicas: 2 num_partitions: 1 device_assignment { "
           "replica_count: 2 computation_count: 1 computation_devices { replica_device_ids: [3, 3] } } }"),
       "device id 3 stands there twice"},
      {encoded_by_protoc(
           "CompileOptionsProto",
           "executable_build_options { num_replicas: 1 num_partitions: 1 device_assignment { } }"),
       "device_assignment: its lists do not fit"},
  };
  for (const auto &one : cases) {
    pje_compile_options *out = nullptr;
    REFUSED(from_bytes, one.fragment, one.bytes.data(), one.bytes.size(), &out);
    EXPECT_EQ(out, nullptr);
  }
  std::string whole = serialized(create());
  for (size_t size = 1; size < whole.size(); ++size) {
    pje_compile_options *out = nullptr;
    REFUSED(from_bytes, "", whole.data(), size, &out);
  }
}

TEST(CompileOptionsErrors, FieldNames) {
  Options options = create();
  bool set = false;
  REFUSED(is_set, "argument \"field\" is \"num_replica\": did you mean \"num_replicas\"?", options.get(),
          "num_replica", &set);
  REFUSED(clear, "expected the name of a field of CompileOptionsProto", options.get(), "colour");
}

TEST(CompileOptionsErrors, WrongHandles) {
  auto *stray = reinterpret_cast<pje_compile_options *>(static_cast<uintptr_t>(0x1000));
  uint64_t misuse = pje_misuse_count();
  REFUSED(set_num_replicas, "argument \"options\"", nullptr, 1);
  REFUSED(set_use_spmd_partitioning, "argument \"options\"", stray, true);
  pje_bytes *bytes = nullptr;
  REFUSED(serialize, "argument \"options\"", stray, &bytes);
  Options owner = create();
  pje_compile_options *released = owner.get();
  owner.reset();
  REFUSED(set_debug_option, "argument \"options\"", released, "a", "b");
  EXPECT_EQ(pje_compile_options_get_num_replicas(stray), 0);
  EXPECT_FALSE(pje_compile_options_get_check_arguments(nullptr));
  EXPECT_EQ(pje_compile_options_get_optimization_level(nullptr), PJE_EFFORT_UNKNOWN);
  size_t count = 5, other = 5;
  EXPECT_EQ(pje_compile_options_get_auto_spmd_partitioning_mesh_ids(nullptr, &count), nullptr);
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(pje_compile_options_get_device_assignment(stray, &(count = 5), &other), nullptr);
  EXPECT_EQ(count + other, 0U);
  EXPECT_STREQ(pje_compile_options_get_compiler_variant(nullptr), "");
  EXPECT_STREQ(pje_compile_options_override_name(nullptr, 0), "");
  EXPECT_EQ(pje_misuse_count(), misuse + 11);
  pje_compile_options_release(nullptr);
  EXPECT_EQ(pje_compile_options_retain(nullptr), nullptr);
}

TEST(CompileOptionsErrors, IndicesWithNothingBehindThem) {
  Options options = create();
  size_t size = 5;
  EXPECT_EQ(pje_compile_options_compilation_environment_data(options.get(), 0, &size), nullptr);
  EXPECT_EQ(size, 0U);
  EXPECT_STREQ(pje_compile_options_compilation_environment_type_url(options.get(), 3), "");
  EXPECT_STREQ(pje_compile_options_override_name(options.get(), 0), "");
  EXPECT_EQ(pje_compile_options_get_fdo_profile(options.get(), nullptr), nullptr);
}

}  // namespace
}  // namespace options_test
