/* What an executable tells of itself. */
#include "harness.h"

static pje_executable *behind(pje_loaded_executable *loaded) {
  pje_executable *executable = NULL;
  expect_ok(pje_loaded_executable_executable(loaded, &executable));
  assert_non_null(executable);
  return executable;
}
static pje_executable *make(void) { return behind(shared_add1()); }
static bool is_alive(pje_executable *executable) { return pje_executable_num_outputs(executable) == 1; }
RETAIN_RELEASE_TESTS(pje_executable, make(), is_alive)

OK(pje_loaded_executable_executable, outlives_the_loaded_one) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *loaded = compile_text(client, kAdd2);
  pje_executable *executable = behind(loaded);
  pje_loaded_executable_release(loaded);
  pje_client_release(client);
  pje_bytes *bytes = NULL;
  expect_ok(pje_executable_serialize_raw(executable, &bytes));
  assert_true(pje_bytes_size(bytes) > strlen(kAdd2));
  assert_int_equal(pje_client_num_devices(client), 4);
  pje_bytes_release(bytes);
  pje_executable_release(executable);
}
OK(pje_loaded_executable_executable, a_closed_client_leaves_only_what_is_known) {
  pje_client *client = open_fake(NULL);
  pje_loaded_executable *loaded = compile_text(client, kAdd2);
  pje_executable *executable = behind(loaded);
  expect_ok(pje_client_close(client, -1));
  assert_string_equal(pje_executable_name(executable), "add2");
  int64_t size = 0;
  expect_error(pje_executable_code_size(executable, &size), PJE_FAILED_PRECONDITION,
               "pje_executable_code_size", "client closed");
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
  pje_client_release(client);
}
FAILS(pje_loaded_executable_executable, the_plugin_refuses) {
  pje_loaded_executable *loaded = shared_add1();
  pje_executable *executable = (pje_executable *)loaded;
  expect_error(pje_loaded_executable_executable(loaded, &executable), PJE_INTERNAL,
               "PJRT_LoadedExecutable_GetExecutable", "injected");
  assert_null(executable);
}
FAILS(pje_loaded_executable_executable, what_comes_after_it_fails) {
  pje_loaded_executable *loaded = shared_add1();
  pje_executable *executable = NULL;
  expect_error(pje_loaded_executable_executable(loaded, &executable), PJE_INTERNAL,
               "PJRT_Executable_NumOutputs", "injected");
  assert_null(executable);
}
REFUSES_WRONG_HANDLE(pje_loaded_executable_executable, wrong_handle, pje_loaded_executable, "executable",
                     pje_loaded_executable_executable(h, &(pje_executable *){NULL}))

#define ACCESSOR(function, check, wrong) \
  OK(function, of_add1) {                \
    pje_executable *e = make();          \
    assert_true(check);                  \
    pje_executable_release(e);           \
  }                                      \
  ANSWERS_WRONG_HANDLE(function, pje_executable, wrong)
ACCESSOR(pje_executable_name, strcmp(pje_executable_name(e), "add1") == 0,
         assert_string_equal(pje_executable_name(h), ""))
ACCESSOR(pje_executable_num_replicas, pje_executable_num_replicas(e) == 1,
         assert_int_equal(pje_executable_num_replicas(h), 0))
ACCESSOR(pje_executable_num_partitions, pje_executable_num_partitions(e) == 1,
         assert_int_equal(pje_executable_num_partitions(h), 0))
ACCESSOR(pje_executable_num_outputs, pje_executable_num_outputs(e) == 1,
         assert_int_equal(pje_executable_num_outputs(h), 0))
ACCESSOR(pje_executable_output_memory_kind,
         strcmp(pje_executable_output_memory_kind(e, 0), "device") == 0 &&
             strcmp(pje_executable_output_memory_kind(e, 1), "") == 0,
         assert_string_equal(pje_executable_output_memory_kind(h, 0), ""))
ACCESSOR(pje_executable_num_parameters, pje_executable_num_parameters(e) == 1,
         assert_int_equal(pje_executable_num_parameters(h), 0))
ACCESSOR(pje_executable_parameter_memory_kind,
         strcmp(pje_executable_parameter_memory_kind(e, 0), "device") == 0 &&
             strcmp(pje_executable_parameter_memory_kind(e, 1), "") == 0,
         assert_string_equal(pje_executable_parameter_memory_kind(h, 0), ""))

OK(pje_executable_num_parameters, unknown_when_the_plugin_does_not_tell) {
  pje_executable *executable = make();
  assert_true(pje_executable_num_parameters(executable) == SIZE_MAX);
  assert_string_equal(pje_executable_parameter_memory_kind(executable, 0), "");
  pje_executable_release(executable);
}
OK(pje_executable_num_replicas, of_four) {
  pje_loaded_executable *loaded = compile_replicas(shared_client(), kAllReduce, 4);
  pje_executable *executable = behind(loaded);
  assert_int_equal(pje_executable_num_replicas(executable), 4);
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
}
OK(pje_executable_output_type, dtype_and_dims) {
  pje_loaded_executable *loaded = compile_replicas(shared_client(), kAllReduce, 4);
  pje_executable *executable = behind(loaded);
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const int64_t *dims = NULL;
  size_t rank = 99;
  assert_true(pje_executable_output_type(executable, 0, &dtype, &dims, &rank));
  assert_int_equal(dtype, PJE_F32);
  assert_int_equal(rank, 1);
  assert_int_equal(dims[0], 5);
  assert_true(pje_executable_output_type(executable, 1, &dtype, NULL, &rank));
  assert_int_equal(dtype, PJE_U32);
  assert_int_equal(rank, 0);
  assert_false(pje_executable_output_type(executable, 2, &dtype, &dims, &rank));
  assert_int_equal(dtype, PJE_U32);
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
}
ANSWERS_WRONG_HANDLE(pje_executable_output_type, pje_executable,
                     assert_false(pje_executable_output_type(h, 0, NULL, NULL, NULL)))

OK(pje_executable_code_size, of_add1) {
  pje_executable *executable = make();
  int64_t size = 0;
  expect_ok(pje_executable_code_size(executable, &size));
  assert_int_equal(size, strlen(kAdd1));
  pje_executable_release(executable);
}
static int64_t figure(const pje_named_values *values, const char *name) {
  int64_t value = -99;
  size_t index = pje_named_values_find(values, name);
  if (index != SIZE_MAX) expect_ok(pje_named_values_get_int64(values, index, &value));
  return value;
}
OK(pje_executable_memory_stats, of_a_donating_program) {
  pje_loaded_executable *loaded = compile_text(shared_client(), kDonates);
  pje_executable *executable = behind(loaded);
  pje_named_values *stats = NULL;
  expect_ok(pje_executable_memory_stats(executable, &stats));
  assert_int_equal(pje_named_values_count(stats), 15);
  assert_int_equal(figure(stats, "argument_size"), 32);
  assert_int_equal(figure(stats, "output_size"), 16);
  assert_int_equal(figure(stats, "alias_size"), 16);
  assert_int_equal(figure(stats, "generated_code_size"), strlen(kDonates));
  assert_int_equal(figure(stats, "temp_size"), 0);
  assert_int_equal(figure(stats, "peak_memory"), 32);
  assert_int_equal(figure(stats, "peak_unpadded_heap"), 32);
  expect_error(pje_named_values_set_int64(stats, "more", 1), PJE_FAILED_PRECONDITION,
               "pje_named_values_set_int64", "");
  pje_named_values_release(stats);
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
}
static void expect_figures(size_t count, const char *last, const char *first_missing) {
  pje_executable *executable = make();
  pje_named_values *stats = NULL;
  expect_ok(pje_executable_memory_stats(executable, &stats));
  assert_int_equal(pje_named_values_count(stats), count);
  assert_true(figure(stats, last) != -99);
  assert_int_equal(figure(stats, first_missing), -99);
  pje_named_values_release(stats);
  pje_executable_release(executable);
}
OK(pje_executable_memory_stats, without_what_0_71_does_not_know) {
  expect_figures(10, "host_temp_size", "peak_memory");
}
OK(pje_executable_memory_stats, without_what_0_89_does_not_know) {
  expect_figures(11, "peak_memory", "total_size");
}
OK(pje_executable_memory_stats, without_what_0_103_does_not_know) {
  expect_figures(12, "total_size", "total_allocation");
}
OK(pje_executable_cost_analysis, of_add1) {
  pje_executable *executable = make();
  pje_named_values *costs = NULL;
  float operations = 0, bytes = 0;
  expect_ok(pje_executable_cost_analysis(executable, &costs));
  expect_ok(pje_named_values_get_float(costs, pje_named_values_find(costs, "operations"), &operations));
  expect_ok(pje_named_values_get_float(costs, pje_named_values_find(costs, "bytes accessed"), &bytes));
  assert_true(operations > 0 && bytes == 32);
  pje_named_values_release(costs);
  pje_executable_release(executable);
}
OK(pje_executable_fingerprint, the_same_for_the_same_program) {
  pje_loaded_executable *others[2] = {compile_text(shared_client(), kAdd1),
                                      compile_text(shared_client(), kAdd2)};
  pje_executable *executables[3] = {make(), behind(others[0]), behind(others[1])};
  pje_bytes *prints[3] = {NULL};
  for (int i = 0; i < 3; ++i) expect_ok(pje_executable_fingerprint(executables[i], &prints[i]));
  assert_true(pje_bytes_size(prints[0]) > 0);
  assert_string_equal(pje_bytes_data(prints[0]), pje_bytes_data(prints[1]));
  assert_string_not_equal(pje_bytes_data(prints[0]), pje_bytes_data(prints[2]));
  for (int i = 0; i < 3; ++i) {
    pje_bytes_release(prints[i]);
    pje_executable_release(executables[i]);
  }
  pje_loaded_executable_release(others[0]);
  pje_loaded_executable_release(others[1]);
}
OK(pje_executable_optimized_program, with_its_format) {
  pje_executable *executable = make();
  pje_program *program = NULL;
  expect_ok(pje_executable_optimized_program(executable, &program));
  assert_int_equal(pje_program_get_format(program), PJE_PROGRAM_HLO_WITH_CONFIG);
  assert_true(pje_program_size(program) > 16);
  pje_program_release(program);
  pje_executable_release(executable);
}
OK(pje_executable_compile_options, what_it_was_compiled_with) {
  pje_loaded_executable *loaded = compile_replicas(shared_client(), kAllReduce, 4);
  pje_executable *executable = behind(loaded);
  pje_compile_options *options = NULL;
  expect_ok(pje_executable_compile_options(executable, &options));
  assert_int_equal(pje_compile_options_get_num_replicas(options), 4);
  expect_ok(pje_compile_options_set_num_replicas(options, 2));
  pje_compile_options_release(options);
  pje_executable_release(executable);
  pje_loaded_executable_release(loaded);
}

/* What asks the plugin hands its error on, and refuses wrong handles. */
#define ASKS(function, pjrt_function, T)                                                \
  FAILS(function, the_plugin_refuses) {                                                 \
    pje_executable *executable = make();                                                \
    T out;                                                                              \
    memset(&out, 0x77, sizeof out);                                                     \
    expect_error(function(executable, &out), PJE_INTERNAL, #pjrt_function, "injected"); \
    T zero;                                                                             \
    memset(&zero, 0, sizeof zero);                                                      \
    assert_memory_equal(&out, &zero, sizeof out);                                       \
    expect_invalid(function(executable, NULL), #function, "out");                       \
    pje_executable_release(executable);                                                 \
  }                                                                                     \
  FAILS(function, wrong_executable) {                                                   \
    FOR_WRONG_HANDLES(pje_executable, h) {                                              \
      T out;                                                                            \
      expect_invalid(function(h, &out), #function, "executable");                       \
    }                                                                                   \
  }
typedef pje_program *program_pointer;
typedef pje_named_values *values_pointer;
typedef pje_bytes *bytes_pointer;
typedef pje_compile_options *options_pointer;
ASKS(pje_executable_code_size, PJRT_Executable_SizeOfGeneratedCodeInBytes, int64_t)
ASKS(pje_executable_memory_stats, PJRT_Executable_GetCompiledMemoryStats, values_pointer)
ASKS(pje_executable_cost_analysis, PJRT_Executable_GetCostAnalysis, values_pointer)
ASKS(pje_executable_fingerprint, PJRT_Executable_Fingerprint, bytes_pointer)
ASKS(pje_executable_optimized_program, PJRT_Executable_OptimizedProgram, program_pointer)
ASKS(pje_executable_compile_options, PJRT_Executable_GetCompileOptions, options_pointer)
ASKS(pje_executable_serialize_raw, PJRT_Executable_Serialize, bytes_pointer)
ASKS(pje_executable_serialize, PJRT_Executable_Serialize, bytes_pointer)

static const struct CMUnitTest executable_facts[] = {
    RETAIN_RELEASE_LIST(pje_executable),
    cmocka_unit_test(pje_loaded_executable_executable__ok_outlives_the_loaded_one),
    cmocka_unit_test(pje_loaded_executable_executable__ok_a_closed_client_leaves_only_what_is_known),
    WITH_FAKE("fail=PJRT_LoadedExecutable_GetExecutable:2:INTERNAL:injected",
              pje_loaded_executable_executable__fails_the_plugin_refuses),
    WITH_FAKE("fail=PJRT_Executable_NumOutputs:2:INTERNAL:injected",
              pje_loaded_executable_executable__fails_what_comes_after_it_fails),
    cmocka_unit_test(pje_loaded_executable_executable__fails_wrong_handle),
    cmocka_unit_test(pje_executable_name__ok_of_add1),
    cmocka_unit_test(pje_executable_name__fails_wrong_handle),
    cmocka_unit_test(pje_executable_num_replicas__ok_of_add1),
    cmocka_unit_test(pje_executable_num_replicas__fails_wrong_handle),
    cmocka_unit_test(pje_executable_num_partitions__ok_of_add1),
    cmocka_unit_test(pje_executable_num_partitions__fails_wrong_handle),
    cmocka_unit_test(pje_executable_num_outputs__ok_of_add1),
    cmocka_unit_test(pje_executable_num_outputs__fails_wrong_handle),
    cmocka_unit_test(pje_executable_output_memory_kind__ok_of_add1),
    cmocka_unit_test(pje_executable_output_memory_kind__fails_wrong_handle),
    WITH_FAKE("minor=116", pje_executable_num_parameters__ok_of_add1),
    cmocka_unit_test(pje_executable_num_parameters__fails_wrong_handle),
    WITH_FAKE("minor=116", pje_executable_parameter_memory_kind__ok_of_add1),
    cmocka_unit_test(pje_executable_parameter_memory_kind__fails_wrong_handle),
    WITH_FAKE("null=PJRT_Executable_ParameterMemoryKinds",
              pje_executable_num_parameters__ok_unknown_when_the_plugin_does_not_tell),
    cmocka_unit_test(pje_executable_num_replicas__ok_of_four),
    cmocka_unit_test(pje_executable_output_type__ok_dtype_and_dims),
    cmocka_unit_test(pje_executable_output_type__fails_wrong_handle),
    cmocka_unit_test(pje_executable_code_size__ok_of_add1),
    WITH_FAKE("minor=116", pje_executable_memory_stats__ok_of_a_donating_program),
    WITH_FAKE("minor=71", pje_executable_memory_stats__ok_without_what_0_71_does_not_know),
    WITH_FAKE("minor=89", pje_executable_memory_stats__ok_without_what_0_89_does_not_know),
    WITH_FAKE("minor=103", pje_executable_memory_stats__ok_without_what_0_103_does_not_know),
    cmocka_unit_test(pje_executable_cost_analysis__ok_of_add1),
    cmocka_unit_test(pje_executable_fingerprint__ok_the_same_for_the_same_program),
    cmocka_unit_test(pje_executable_optimized_program__ok_with_its_format),
    WITH_FAKE("", pje_executable_compile_options__ok_what_it_was_compiled_with),
    WITH_FAKE("fail=PJRT_Executable_SizeOfGeneratedCodeInBytes:1:INTERNAL:injected",
              pje_executable_code_size__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_code_size__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_GetCompiledMemoryStats:1:INTERNAL:injected",
              pje_executable_memory_stats__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_memory_stats__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_GetCostAnalysis:1:INTERNAL:injected",
              pje_executable_cost_analysis__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_cost_analysis__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_Fingerprint:1:INTERNAL:injected",
              pje_executable_fingerprint__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_fingerprint__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_OptimizedProgram:3:INTERNAL:injected",
              pje_executable_optimized_program__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_optimized_program__fails_wrong_executable),
    WITH_FAKE("minor=116;fail=PJRT_Executable_GetCompileOptions:1:INTERNAL:injected",
              pje_executable_compile_options__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_compile_options__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_Serialize:1:INTERNAL:injected",
              pje_executable_serialize_raw__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_serialize_raw__fails_wrong_executable),
    WITH_FAKE("fail=PJRT_Executable_Serialize:1:INTERNAL:injected",
              pje_executable_serialize__fails_the_plugin_refuses),
    cmocka_unit_test(pje_executable_serialize__fails_wrong_executable),
};

int main(void) { return RUN(executable_facts); }
