/* Which replica runs where: replica 0 on device 3, replica 1 on device 1.
 * cc device_assignment.c $(pkg-config --cflags --libs pjrt_easy) -o device_assignment && ./device_assignment
 * cpu */
#include "example.h"

int main(int argc, char **argv) {
  const int64_t ids[2] = {3, 1};
  const float x[4] = {1, 2, 3, 4};
  pje_client *client = open_client(argc, argv, 4);
  pje_device_assignment *assignment = NULL;
  pje_compile_options *options = NULL;
  pje_buffer *inputs[2], *outputs[2];
  check(pje_device_assignment_create(2, 1, ids, 2, &assignment));
  check(pje_compile_options_create(&options));
  check(pje_compile_options_set_assignment(options, assignment));
  pje_loaded_executable *executable = compile(client, add_one, options);
  pje_compile_options_release(options);
  pje_device_assignment_release(assignment);
  for (size_t i = 0; i < 2; ++i)
    inputs[i] = upload(client, pje_loaded_executable_addressable_device(executable, i), x, 4);
  check(pje_loaded_executable_execute_sharded(executable, 2, inputs, 1, NULL, outputs, 1));
  for (size_t i = 0; i < 2; ++i) {
    printf("replica %zu on device %d\n", i, pje_device_id(pje_buffer_device(outputs[i])));
    pje_buffer_release(inputs[i]);
    pje_buffer_release(outputs[i]);
  }
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
