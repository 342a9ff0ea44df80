/* Column by column on the device, row by row on the host: whoever does not ask gets rows.
 * cc memory_layout.c $(pkg-config --cflags --libs pjrt_easy) -o memory_layout && ./memory_layout cpu */
#include "example.h"

int main(int argc, char **argv) {
  const float rows[6] = {1, 2, 3, 4, 5, 6};
  float columns[6];
  const int64_t dims[2] = {2, 3};
  pje_client *client = open_client(argc, argv, 1);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  pje_layout *layout = NULL, *on_device = NULL;
  pje_buffer *buffer = NULL;
  check(pje_layout_from_text("{0,1}", &layout));
  options.layout = layout;
  check(pje_buffer_from_host(client, rows, sizeof rows, PJE_F32, dims, 2, &options, &buffer));
  check(pje_buffer_memory_layout(buffer, &on_device));
  printf("on the device: %s\n", pje_layout_to_text(on_device));
  print_floats(buffer);
  check(pje_buffer_to_host_layout(buffer, layout, columns, sizeof columns));
  for (size_t i = 0; i < 6; ++i) printf(i == 0 ? "%g" : " %g", (double)columns[i]);
  printf("\n");
  pje_layout_release(layout);
  pje_layout_release(on_device);
  pje_buffer_release(buffer);
  pje_client_release(client);
  return 0;
}
