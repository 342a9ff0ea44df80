/* Programs that are partitioned: what their text says of arrays is global, what a device takes and gives is a
 * tile. */
#include "harness.h"

#define DEVICES 4
static const int64_t kTile[] = {2, 3}, kWhole[] = {8, 3};
static const char kExecute[] = "pje_loaded_executable_execute_sharded";
#define TILES "{devices=[4,1]<=[4]}"
#define PROGRAM(argument, factor, result)                                                     \
  "module @scales {\n"                                                                        \
  "  func.func public @main(%arg0: tensor<8x3xf32> {mhlo.sharding = \"" argument              \
  "\"},"                                                                                      \
  " %arg1: tensor<8x3xf32> {mhlo.sharding = \"" factor                                        \
  "\"})"                                                                                      \
  " -> (tensor<8x3xf32> {mhlo.sharding = \"" result                                           \
  "\"}, tensor<f32> {mhlo.sharding = \"{replicated}\"}) {\n"                                  \
  "    %cst = stablehlo.constant dense<0.000000e+00> : tensor<f32>\n"                         \
  "    %0 = stablehlo.multiply %arg0, %arg1 : tensor<8x3xf32>\n"                              \
  "    %1 = stablehlo.reduce(%0 init: %cst) applies stablehlo.add across dimensions = [0, 1]" \
  " : (tensor<8x3xf32>, tensor<f32>) -> tensor<f32>\n"                                        \
  "    return %0, %1 : tensor<8x3xf32>, tensor<f32>\n"                                        \
  "  }\n"                                                                                     \
  "}\n"

static pje_error *try_compile(const char *text, pje_loaded_executable **out) {
  pje_compile_options *options = NULL;
  pje_program *program = program_from_text(text);
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_partitions(options, DEVICES));
  expect_ok(pje_compile_options_set_use_spmd_partitioning(options, true));
  pje_error *error = pje_client_compile(shared_client(), program, options, out);
  pje_program_release(program);
  pje_compile_options_release(options);
  return error;
}
static pje_loaded_executable *compile(void) {
  pje_loaded_executable *executable = NULL;
  expect_ok(try_compile(PROGRAM(TILES, "{replicated}", TILES), &executable));
  return executable;
}

/* `rows` rows of 3 that count up from `first`. */
static pje_buffer *upload_to(size_t device, const int64_t *dims, float first) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  float values[24];
  for (size_t i = 0; i < COUNT(values); ++i) values[i] = first + (float)i;
  options.device = pje_client_addressable_device(shared_client(), device);
  expect_ok(pje_buffer_from_host(shared_client(), values, (size_t)(dims[0] * dims[1]) * 4, PJE_F32, dims, 2,
                                 &options, &buffer));
  return buffer;
}
static void upload_args(pje_buffer **args) {
  for (size_t d = 0; d < DEVICES; ++d) {
    args[2 * d] = upload_to(d, kTile, (float)(6 * d));
    args[2 * d + 1] = upload_to(d, kWhole, 100);
  }
}

typedef bool (*type_of)(const pje_loaded_executable *, size_t, pje_dtype *, const int64_t **, size_t *);
static void expect_type(type_of read, const pje_loaded_executable *executable, size_t index,
                        const int64_t *expected) {
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const int64_t *dims = NULL;
  size_t rank = 0;
  assert_true(read(executable, index, &dtype, &dims, &rank));
  assert_int_equal(dtype, PJE_F32);
  assert_int_equal(rank, 2);
  assert_memory_equal(dims, expected, 2 * sizeof *expected);
}

OK(pje_loaded_executable_arg_type, of_a_device) {
  pje_loaded_executable *executable = compile();
  assert_int_equal(pje_loaded_executable_num_args(executable), 2);
  expect_type(pje_loaded_executable_arg_type, executable, 0, kTile);
  expect_type(pje_loaded_executable_arg_type, executable, 1, kWhole);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_output_type, of_a_device) {
  pje_loaded_executable *executable = compile();
  size_t rank = 9;
  expect_type(pje_loaded_executable_output_type, executable, 0, kTile);
  assert_true(pje_loaded_executable_output_type(executable, 1, NULL, NULL, &rank));
  assert_int_equal(rank, 0);
  pje_loaded_executable_release(executable);
}

OK(pje_loaded_executable_execute_sharded, partitioned_program) {
  pje_loaded_executable *executable = compile();
  pje_buffer *args[2 * DEVICES], *outputs[2 * DEVICES];
  float sum = 0;
  upload_args(args);
  for (int i = 0; i < 24; ++i) sum += (float)(i * (100 + i));
  expect_ok(pje_loaded_executable_execute_sharded(executable, DEVICES, args, 2, NULL, outputs, 2));
  for (size_t d = 0; d < DEVICES; ++d) {
    float tile[6], total = 0;
    expect_ok(pje_buffer_to_host(outputs[2 * d], tile, sizeof tile));
    for (size_t i = 0; i < 6; ++i) assert_true(tile[i] == (float)((6 * d + i) * (100 + 6 * d + i)));
    expect_ok(pje_buffer_to_host(outputs[2 * d + 1], &total, sizeof total));
    assert_true(total == sum);
    assert_ptr_equal(pje_buffer_device(outputs[2 * d]), pje_buffer_device(args[2 * d]));
  }
  pje_buffers_release(args, 2 * DEVICES);
  pje_buffers_release(outputs, 2 * DEVICES);
  pje_loaded_executable_release(executable);
}
OK(pje_loaded_executable_execute_sharded, tiles_in_both_dimensions) {
  static const int64_t quarter[] = {2, 3};
  static const char text[] =
      "module @doubles {\n"
      "  func.func public @main(%arg0: tensor<4x6xf32> {mhlo.sharding = \"{devices=[2,2]<=[4]}\"})"
      " -> (tensor<4x6xf32> {mhlo.sharding = \"{replicated}\"}) {\n"
      "    %0 = stablehlo.add %arg0, %arg0 : tensor<4x6xf32>\n"
      "    return %0 : tensor<4x6xf32>\n"
      "  }\n"
      "}\n";
  pje_loaded_executable *executable = NULL;
  pje_buffer *args[DEVICES], *outputs[DEVICES];
  expect_ok(try_compile(text, &executable));
  for (size_t d = 0; d < DEVICES; ++d) args[d] = upload_to(d, quarter, (float)(100 * d));
  expect_ok(pje_loaded_executable_execute_sharded(executable, DEVICES, args, 1, NULL, outputs, 1));
  for (size_t d = 0; d < DEVICES; ++d) {
    float got[4][6];
    expect_ok(pje_buffer_to_host(outputs[d], got, sizeof got));
    for (size_t row = 0; row < 4; ++row)
      for (size_t column = 0; column < 6; ++column) {
        size_t tile = row / 2 * 2 + column / 3, within = row % 2 * 3 + column % 3;
        assert_true(got[row][column] == (float)(2 * (100 * tile + within)));
      }
  }
  pje_buffers_release(args, DEVICES);
  pje_buffers_release(outputs, DEVICES);
  pje_loaded_executable_release(executable);
}
FAILS(pje_loaded_executable_execute_sharded, whole_array_for_a_tile) {
  pje_loaded_executable *executable = compile();
  pje_buffer *args[2 * DEVICES], *outputs[2 * DEVICES];
  upload_args(args);
  pje_buffer *tile = args[4];
  args[4] = upload_to(2, kWhole, 0);
  expect_invalid(pje_loaded_executable_execute_sharded(executable, DEVICES, args, 2, NULL, outputs, 2),
                 kExecute, "argument 0 of device 2 is f32[8,3]: scales expects f32[2,3]");
  pje_buffer_release(tile);
  pje_buffers_release(args, 2 * DEVICES);
  pje_loaded_executable_release(executable);
}
FAILS(pje_client_compile, tiles_of_unequal_size) {
  pje_loaded_executable *executable = NULL;
  expect_error(try_compile(PROGRAM("{devices=[1,4]<=[4]}", "{replicated}", TILES), &executable),
               PJE_UNIMPLEMENTED, "PJRT_Client_Compile", "{devices=[1,4]<=[4]}");
  expect_error(try_compile(PROGRAM(TILES, "{devices=[2,1]<=[2]}", TILES), &executable), PJE_UNIMPLEMENTED,
               "PJRT_Client_Compile", "{devices=[2,1]<=[2]}");
  assert_null(executable);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pje_loaded_executable_arg_type__ok_of_a_device),
      cmocka_unit_test(pje_loaded_executable_output_type__ok_of_a_device),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__ok_partitioned_program),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__ok_tiles_in_both_dimensions),
      cmocka_unit_test(pje_loaded_executable_execute_sharded__fails_whole_array_for_a_tile),
      cmocka_unit_test(pje_client_compile__fails_tiles_of_unequal_size)};
  return RUN(tests);
}
