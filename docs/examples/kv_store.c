/* A key-value store, where the processes of one program meet: here one that this process holds and a plugin
 * asks. A program over several processes gives callbacks of its own instead (pje_kv_store_from_callbacks),
 * which reach a server. cc kv_store.c $(pkg-config --cflags --libs pjrt_easy) -o kv_store && ./kv_store cpu
 */
#include "example.h"

int main(int argc, char **argv) {
  const float x[4] = {1, 2, 3, 4};
  pje_kv_store *store = NULL;
  pje_bytes *value = NULL;
  pje_client *client = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  if (argc < 2) {
    fprintf(stderr, "usage: %s PLUGIN\n", argv[0]);
    return 2;
  }
  check(pje_kv_store_create(&store));
  check(pje_kv_store_put(store, "address", 7, "host:1234", 9));
  check(pje_kv_store_get(store, "address", 7, INT64_C(1000000000), &value));
  printf("%.*s\n", (int)pje_bytes_size(value), (const char *)pje_bytes_data(value));
  pje_bytes_release(value);

  pje_error *error = pje_kv_store_get(store, "nobody", 6, INT64_C(1000000), &value);
  printf("%s\n", pje_code_name(pje_error_code(error)));
  pje_error_release(error);

  /* The client keeps the store as long as it asks. */
  options.kv_store = store;
  check(pje_client_open(argv[1], &options, &client));
  pje_kv_store_release(store);
  pje_loaded_executable *executable = compile(client, add_one, NULL);
  pje_buffer *input = upload(client, NULL, x, 4), *output = NULL;
  check(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  print_floats(output);
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
