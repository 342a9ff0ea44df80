/* The memories of a device, and a buffer that goes to one of them.
 * cc memory.c $(pkg-config --cflags --libs pjrt_easy) -o memory && ./memory cpu */
#include "example.h"

int main(int argc, char **argv) {
  const float x[4] = {1, 2, 3, 4};
  const int64_t dims[1] = {4};
  pje_client *client = open_client(argc, argv, 1);
  pje_device *device = pje_client_addressable_device(client, 0);
  printf("default: %s\n", pje_memory_kind(pje_device_default_memory(device)));
  for (size_t i = 0; i < pje_device_num_addressable_memories(device); ++i) {
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    pje_buffer *buffer = NULL, *copy = NULL;
    options.memory = pje_device_addressable_memory(device, i);
    check(pje_buffer_from_host(client, x, sizeof x, PJE_F32, dims, 1, &options, &buffer));
    check(pje_buffer_copy_to_memory(buffer, pje_device_default_memory(device), &copy));
    printf("%s: ", pje_memory_kind(pje_buffer_memory(buffer)));
    print_floats(copy);
    pje_buffer_release(buffer);
    pje_buffer_release(copy);
  }
  pje_client_release(client);
  return 0;
}
