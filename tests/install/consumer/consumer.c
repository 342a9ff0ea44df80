/* What a user's first program does, small enough to need no plugin of its own: the fake one is installed too.
 */
#include <pjrt_easy.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  pje_client *client = NULL;
  pje_error *error;
  size_t num_devices;

  if (argc != 2 || strcmp(pje_version(), EXPECTED_VERSION) != 0) {
    fprintf(stderr, "expected one argument and version %s, got %d and %s\n", EXPECTED_VERSION, argc - 1,
            pje_version());
    return 1;
  }
  error = pje_client_open(argv[1], NULL, &client);
  if (error != NULL) {
    fprintf(stderr, "%s\n", pje_error_message(error));
    pje_error_release(error);
    return 1;
  }
  num_devices = pje_client_num_devices(client);
  printf("pjrt_easy %s, %d devices\n", pje_version(), (int)num_devices);
  pje_client_release(client);
  return num_devices > 0 ? 0 : 1;
}
