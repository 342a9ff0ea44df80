/* One program on four devices, which add up what each of them has.
 * cc multi_device.c $(pkg-config --cflags --libs pjrt_easy) -o multi_device && ./multi_device cpu */
#include "example.h"

#define DEVICES 4

static const char sum_over_devices[] =
    "module @all_reduce attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 4 : i32} {\n"
    "  func.func public @main(%arg0: tensor<2xf32>) -> tensor<2xf32> {\n"
    "    %0 = \"stablehlo.all_reduce\"(%arg0) <{replica_groups = dense<[[0, 1, 2, 3]]> : tensor<1x4xi64>}> "
    "({\n"
    "    ^bb0(%arg1: tensor<f32>, %arg2: tensor<f32>):\n"
    "      %1 = stablehlo.add %arg1, %arg2 : tensor<f32>\n"
    "      stablehlo.return %1 : tensor<f32>\n"
    "    }) : (tensor<2xf32>) -> tensor<2xf32>\n"
    "    return %0 : tensor<2xf32>\n"
    "  }\n"
    "}\n";

int main(int argc, char **argv) {
  pje_client *client = open_client(argc, argv, DEVICES);
  pje_compile_options *options = NULL;
  pje_buffer *inputs[DEVICES], *outputs[DEVICES];
  check(pje_compile_options_create(&options));
  check(pje_compile_options_set_num_replicas(options, DEVICES));
  pje_loaded_executable *executable = compile(client, sum_over_devices, options);
  pje_compile_options_release(options);
  for (size_t i = 0; i < DEVICES; ++i) {
    const float x[2] = {(float)i, 1};
    inputs[i] = upload(client, pje_loaded_executable_addressable_device(executable, i), x, 2);
  }
  check(pje_loaded_executable_execute_sharded(executable, DEVICES, inputs, 1, NULL, outputs, 1));
  for (size_t i = 0; i < DEVICES; ++i) {
    printf("device %d: ", pje_device_id(pje_buffer_device(outputs[i])));
    print_floats(outputs[i]);
    pje_buffer_release(inputs[i]);
    pje_buffer_release(outputs[i]);
  }
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
