/* A transfer in pieces: the buffer is there, and in use, before its contents are; and several arrays moved
 * with a report. cc async_transfer.c $(pkg-config --cflags --libs pjrt_easy) -o async_transfer &&
 * ./async_transfer cpu */
#include "example.h"

static void in_pieces(pje_client *client, pje_loaded_executable *executable) {
  static const pje_dtype dtypes[1] = {PJE_F32};
  static const int64_t four[1] = {4};
  static const size_t ranks[1] = {1};
  const int64_t *const dims[1] = {four};
  const float x[4] = {1, 2, 3, 4};
  pje_transfer_manager *transfer = NULL;
  pje_buffer *input = NULL, *output = NULL;
  check(pje_transfer_manager_create(client, 1, dtypes, dims, ranks, NULL, NULL, &transfer));
  check(pje_transfer_manager_retrieve_buffer(transfer, 0, &input));
  check(pje_transfer_manager_write(transfer, 0, x + 2, 8, 8));
  check(pje_transfer_manager_write(transfer, 0, x, 8, 0));
  check(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  print_floats(output);
  pje_transfer_manager_release(transfer);
  pje_buffer_release(input);
  pje_buffer_release(output);
}

static void on_progress(void *user_data, const pje_transfer_state *state) {
  (void)user_data;
  printf("%d of %d bytes\n", (int)state->bytes_done, (int)state->bytes_total);
}

static void with_a_report(pje_client *client) {
  const int64_t dims[1] = {4};
  pje_array *array = NULL;
  pje_buffer *buffer = NULL;
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  check(pje_array_create(PJE_F32, dims, 1, &array));
  for (int i = 0; i < 4; ++i) ((float *)pje_array_data(array))[i] = (float)(i + 5);
  options.piece_size = 8;
  options.progress = on_progress;
  check(pje_client_transfer_all(client, &array, 1, &options, &buffer));
  print_floats(buffer);
  pje_array_release(array);
  pje_buffer_release(buffer);
}

int main(int argc, char **argv) {
  pje_client *client = open_client(argc, argv, 1);
  pje_loaded_executable *executable = compile(client, add_one, NULL);
  in_pieces(client, executable);
  with_a_report(client);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
