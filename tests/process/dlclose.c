/* Not linked to the library: loads it, has a callback pending, closes it, and waits for the callback. */
#include <dlfcn.h>
#include <pjrt_easy.h>
#include <stdio.h>
#include <time.h>

static int calls;

static void count(void *user_data) {
  (void)user_data;
  __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
}

static int num_calls(void) { return __atomic_load_n(&calls, __ATOMIC_SEQ_CST); }

/* ISO C has no cast from an object pointer to a function pointer. */
#define FIND(name)                                 \
  *(void **)&name##_found = dlsym(library, #name); \
  if (name##_found == NULL) return fprintf(stderr, "no %s\n", #name), 1

static int failed(pje_error *error) { return error != NULL ? fprintf(stderr, "a call failed\n") : 0; }

int main(int argc, char **argv) {
  const struct timespec tick = {0, 1000000};
  const float values[4] = {1, 2, 3, 4};
  const int64_t dims[1] = {4};
  pje_client *client = NULL;
  pje_buffer *buffer = NULL;
  pje_event *event = NULL;
  __typeof__(&pje_client_open) pje_client_open_found;
  __typeof__(&pje_buffer_from_host) pje_buffer_from_host_found;
  __typeof__(&pje_buffer_ready) pje_buffer_ready_found;
  __typeof__(&pje_event_on_ready) pje_event_on_ready_found;
  __typeof__(&pje_event_release) pje_event_release_found;
  if (argc != 3) return fprintf(stderr, "usage: %s LIBRARY PLUGIN\n", argv[0]), 2;
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fprintf(stderr, "%s\n", dlerror()), 1;
  FIND(pje_client_open);
  FIND(pje_buffer_from_host);
  FIND(pje_buffer_ready);
  FIND(pje_event_on_ready);
  FIND(pje_event_release);
  if (failed(pje_client_open_found(argv[2], NULL, &client))) return 1;
  if (failed(pje_buffer_from_host_found(client, values, sizeof values, PJE_F32, dims, 1, NULL, &buffer)))
    return 1;
  if (failed(pje_buffer_ready_found(buffer, &event))) return 1;
  if (failed(pje_event_on_ready_found(event, count, NULL))) return 1;
  pje_event_release_found(event);
  if (num_calls() != 0) return fprintf(stderr, "the callback was not pending\n"), 1;
  dlclose(library);
  for (int i = 0; i < 10000 && num_calls() == 0; ++i) nanosleep(&tick, NULL);
  return num_calls() == 1 ? 0 : (fprintf(stderr, "the callback ran %d times\n", num_calls()), 1);
}
