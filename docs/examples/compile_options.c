/* Options of a compilation: two replicas of one program, each with its own argument.
 * cc compile_options.c $(pkg-config --cflags --libs pjrt_easy) -o compile_options && ./compile_options cpu */
#include "example.h"

int main(int argc, char **argv) {
  pje_client *client = open_client(argc, argv, 2);
  pje_compile_options *options = NULL;
  check(pje_compile_options_create(&options));
  check(pje_compile_options_set_num_replicas(options, 2));
  pje_loaded_executable *executable = compile(client, add_one, options);
  pje_compile_options_release(options);

  pje_buffer *inputs[2], *outputs[2];
  const float values[2][4] = {{1, 2, 3, 4}, {10, 20, 30, 40}};
  for (size_t i = 0; i < 2; ++i)
    inputs[i] = upload(client, pje_loaded_executable_addressable_device(executable, i), values[i], 4);
  check(pje_loaded_executable_execute_sharded(executable, 2, inputs, 1, NULL, outputs, 1));
  for (size_t i = 0; i < 2; ++i) {
    print_floats(outputs[i]);
    pje_buffer_release(inputs[i]);
    pje_buffer_release(outputs[i]);
  }
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
