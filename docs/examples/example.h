/* What the examples share: how they end on an error, and a few lines that each would repeat. */
#ifndef PJRT_EASY_EXAMPLES_EXAMPLE_H_
#define PJRT_EASY_EXAMPLES_EXAMPLE_H_

#include <pjrt_easy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* x + 1 for four floats. */
static const char add_one[] =
    "module @add_one {\n"
    "  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "    %cst = stablehlo.constant dense<1.000000e+00> : tensor<f32>\n"
    "    %0 = stablehlo.broadcast_in_dim %cst, dims = [] : (tensor<f32>) -> tensor<4xf32>\n"
    "    %1 = stablehlo.add %arg0, %0 : tensor<4xf32>\n"
    "    return %1 : tensor<4xf32>\n"
    "  }\n"
    "}\n";

static inline void check(pje_error *error) {
  if (error == NULL) return;
  fprintf(stderr, "%s\n", pje_error_message(error));
  exit(1);
}

/* usage: PROGRAM PLUGIN: a client with so many devices, where the plugin lets one choose. */
static inline pje_client *open_client(int argc, char **argv, int64_t devices) {
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_named_values *values = NULL;
  pje_client *client = NULL;
  if (argc < 2) {
    fprintf(stderr, "usage: %s PLUGIN\n", argv[0]);
    exit(2);
  }
  check(pje_named_values_create(&values));
  check(pje_named_values_set_int64(values, "cpu_device_count", devices));
  options.options = values;
  check(pje_client_open(argv[1], &options, &client));
  pje_named_values_release(values);
  return client;
}

static inline pje_loaded_executable *compile(pje_client *client, const char *text,
                                             const pje_compile_options *options) {
  pje_program *program = NULL;
  pje_loaded_executable *executable = NULL;
  check(pje_program_from_bytes(PJE_PROGRAM_AUTO, text, strlen(text), &program));
  check(pje_client_compile(client, program, options, &executable));
  pje_program_release(program);
  return executable;
}

/* To a device, or with NULL to the first. */
static inline pje_buffer *upload(pje_client *client, pje_device *device, const float *values, size_t n) {
  const int64_t dims[1] = {(int64_t)n};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_buffer *buffer = NULL;
  options.device = device;
  check(pje_buffer_from_host(client, values, n * sizeof *values, PJE_F32, dims, 1, &options, &buffer));
  return buffer;
}

/* A line with all values. */
static inline void print_floats(pje_buffer *buffer) {
  size_t size = pje_buffer_host_size(buffer);
  float *values = malloc(size + 1);
  if (values == NULL) exit(1);
  check(pje_buffer_to_host(buffer, values, size));
  for (size_t i = 0; i < size / sizeof *values; ++i) printf(i == 0 ? "%g" : " %g", (double)values[i]);
  printf("\n");
  free(values);
}

#endif
