/* Options of a run: a context that custom calls of the program would find, an argument that must not be taken
 * over, and the place of the call for profiles. cc execute_context.c $(pkg-config --cflags --libs pjrt_easy)
 * -o execute_context && ./execute_context cpu */
#include "example.h"

int main(int argc, char **argv) {
  const float x[4] = {1, 2, 3, 4};
  const int64_t kept[1] = {0};
  pje_client *client = open_client(argc, argv, 1);
  pje_loaded_executable *executable = compile(client, add_one, NULL);
  pje_buffer *input = upload(client, NULL, x, 4), *output = NULL;
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  check(pje_execute_context_create(pje_client_plugin(client), &options.context));
  options.non_donatable = kept;
  options.num_non_donatable = 1;
  options.call_location = "execute_context.c:main";
  check(pje_loaded_executable_execute(executable, &input, 1, &options, &output, 1));
  print_floats(output);
  printf("the argument is %s\n", pje_buffer_is_deleted(input) ? "gone" : "still there");
  pje_execute_context_release(options.context);
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
