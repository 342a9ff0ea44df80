/* A run that is not waited for at once, a wait with a limit, and a callback at the end.
 * cc event.c $(pkg-config --cflags --libs pjrt_easy) -o event && ./event cpu */
#include "example.h"

static void on_ready(void *user_data) { check(pje_event_set(user_data, NULL)); }

int main(int argc, char **argv) {
  const float x[4] = {1, 2, 3, 4};
  pje_client *client = open_client(argc, argv, 1);
  pje_loaded_executable *executable = compile(client, add_one, NULL);
  pje_buffer *input = upload(client, NULL, x, 4), *first = NULL, *second = NULL;
  pje_event *done = NULL, *called = NULL;
  check(pje_event_create(&called));
  /* The pending output is the argument of the next run: nothing waits in between. */
  check(pje_loaded_executable_execute_async(executable, &input, 1, NULL, &first, 1, NULL));
  check(pje_loaded_executable_execute_async(executable, &first, 1, NULL, &second, 1, &done));
  check(pje_event_on_ready(done, on_ready, called));

  pje_error *error = pje_event_wait_for(done, INT64_C(10000000000));
  if (pje_error_code(error) == PJE_DEADLINE_EXCEEDED)
    printf("it takes longer than ten seconds, and goes on\n");
  check(error);
  print_floats(second);
  check(pje_event_wait(called));
  printf("the callback has run\n");

  pje_event_release(done);
  pje_event_release(called);
  pje_buffer_release(input);
  pje_buffer_release(first);
  pje_buffer_release(second);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
  return 0;
}
