#define _POSIX_C_SOURCE 200809L

#include "harness.h"

#include <dirent.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILD "PJE_TEST_CHILD"

extern char **environ;

static pje_client *the_client;
static pje_loaded_executable *the_add1;
static char temporary_folder[64];
static pje_error *other_error;
static pje_named_values *other_values;

/* Read by AddressSanitizer: memory that cannot be had is a case of the tests, not the end of them; and the
 * records it keeps of thread-local storage are garbage for a thread that still runs at the end, which its
 * leak check trips over. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "allocator_may_return_null=1:intercept_tls_get_addr=0"; }
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "allocator_may_return_null=1"; }

/* Whatever is left in the plugin at the end of the process ends it with a report. */
static void set_controls(const char *more, int overwrite) {
  const char *trace = getenv("PJE_TEST_TRACE"), *every = getenv("PJE_TEST_CONTROLS");
  char controls[1536];
  snprintf(controls, sizeof controls, "leaks=abort;%s%s;%s;%s",
           trace == NULL ? "" : "trace=", trace == NULL ? "" : trace, every == NULL ? "" : every, more);
  setenv("PJRT_FAKE", controls, overwrite);
}

void begin_test(const char *name) {
  const char *trace = getenv("PJE_TEST_TRACE");
  if (trace == NULL) return;
  FILE *file = fopen(trace, "a");
  if (file == NULL) fail_msg("%s cannot be written to", trace);
  fprintf(file, "TEST %s\n", name);
  fclose(file);
}

void choose_tests(void) {
  const char *child = getenv(CHILD), *only = getenv("PJE_TEST_ONLY");
  set_controls("", 0);
  if (child != NULL || only != NULL) cmocka_set_test_filter(child != NULL ? child : only);
}

static void set_or_unset(const char *name, const char *value) {
  if (value != NULL)
    setenv(name, value, 1);
  else
    unsetenv(name);
}

static int spawn_self(const struct child_test *child) {
  char *arguments[] = {(char *)child->name, NULL};
  char *report = getenv("CMOCKA_XML_FILE") == NULL ? NULL : strdup(getenv("CMOCKA_XML_FILE"));
  char *output = getenv("CMOCKA_MESSAGE_OUTPUT") == NULL ? NULL : strdup(getenv("CMOCKA_MESSAGE_OUTPUT"));
  pid_t process;
  int status = -1;
  setenv(CHILD, child->name, 1);
  /* What never completes can never be let go of: such a test says that it leaks. */
  char *sanitizer = getenv("ASAN_OPTIONS") == NULL ? NULL : strdup(getenv("ASAN_OPTIONS"));
  if (strstr(child->controls, "leaks=log") != NULL) setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  set_controls(child->controls, 1);
  unsetenv("CMOCKA_XML_FILE");
  unsetenv("CMOCKA_MESSAGE_OUTPUT");
  if (posix_spawn(&process, "/proc/self/exe", NULL, NULL, arguments, environ) == 0)
    waitpid(process, &status, 0);
  unsetenv(CHILD);
  set_or_unset("ASAN_OPTIONS", sanitizer);
  free(sanitizer);
  set_controls("", 1);
  set_or_unset("CMOCKA_XML_FILE", report);
  set_or_unset("CMOCKA_MESSAGE_OUTPUT", output);
  free(report);
  free(output);
  return status;
}

void run_in_child(void **state) {
  const struct child_test *child = *state;
  const char *here = getenv(CHILD);
  if (here != NULL && strcmp(here, child->name) == 0) {
    /* A test that hangs must not hold up the suite. */
    alarm(120);
    child->test(state);
    return;
  }
  int status = spawn_self(child);
  if (WIFSIGNALED(status)) fail_msg("%s was killed by signal %d", child->name, WTERMSIG(status));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail_msg("%s failed in its process", child->name);
}

void expect_ok_(pje_error *error, const char *expression, const char *file, int line) {
  if (error == NULL) return;
  print_error("%s\n  gave: %s\n", expression, pje_error_message(error));
  pje_error_release(error);
  _fail(file, line);
}

static const char *malformed(const pje_error *error, pje_code code, const char *function, const char *part) {
  const char *message = pje_error_message(error);
  if (pje_error_code(error) != code) return "another code";
  if (strcmp(pje_error_function(error), function) != 0) return "another function";
  if (strlen(message) > 512) return "a message longer than 512 bytes";
  if (strchr(message, '\n') != NULL) return "a message of several lines";
  if (strncmp(message, function, strlen(function)) != 0)
    return "a message that does not begin with the function";
  if (strstr(message, pje_code_name(code)) == NULL) return "a message without the code";
  if (strstr(pje_error_detail(error), part) == NULL) return "a text without that part";
  return NULL;
}

void expect_error_(pje_error *error, pje_code code, const char *function, const char *part,
                   const char *expression, const char *file, int line) {
  if (error == NULL) {
    print_error("%s\n  succeeded, expected %s\n", expression, pje_code_name(code));
    _fail(file, line);
  }
  const char *wrong = malformed(error, code, function, part);
  if (wrong == NULL) {
    pje_error_release(error);
    return;
  }
  print_error("%s\n  gave %s: expected %s of %s with \"%s\", got\n  %s\n  %s\n", expression, wrong,
              pje_code_name(code), function, part, pje_error_message(error), pje_error_detail(error));
  pje_error_release(error);
  _fail(file, line);
}

static void release_others(void) {
  pje_error_release(other_error);
  pje_named_values_release(other_values);
}

void *wrong_handle(size_t index, const char *type) {
  static uint64_t not_ours[64];
  static pje_named_values *released;
  if (other_error == NULL) {
    other_error = pje_error_create(PJE_INTERNAL, "an error where something else is expected");
    expect_ok(pje_named_values_create(&other_values));
    expect_ok(pje_named_values_create(&released));
    pje_named_values_release(released);
    atexit(release_others);
  }
  void *other = strcmp(type, "pje_error") == 0 ? (void *)other_values : (void *)other_error;
  switch (index) {
    case 0:
      return NULL;
    case 1:
      return other;
    case 2:
      return released;
    case 3:
      return &not_ours[8];
    case 4:
      return (void *)(uintptr_t)0x10;
    case 5:
      return (void *)(uintptr_t)0xdeadbeefdeadbee8u;
    default:
      /* Inside a living object of the library. */
      return (char *)other + 24;
  }
}

const char *fake_path(void) {
  const char *path = getenv("PJE_TEST_FAKE");
  return path != NULL ? path : PJE_TEST_FAKE_PLUGIN;
}

pje_plugin *load_fake(void) {
  pje_plugin *plugin = NULL;
  expect_ok(pje_plugin_load(fake_path(), NULL, &plugin));
  assert_non_null(plugin);
  return plugin;
}

pje_client *open_fake(const char *controls) {
  pje_named_values *values = NULL;
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  pje_client *client = NULL;
  expect_ok(pje_named_values_create(&values));
  if (controls != NULL) expect_ok(pje_named_values_set_string(values, "config", controls));
  options.options = values;
  expect_ok(pje_client_open(fake_path(), &options, &client));
  pje_named_values_release(values);
  assert_non_null(client);
  return client;
}

pje_client *open_logging_fake(const char *path) {
  char controls[600];
  snprintf(controls, sizeof controls, "log=%s", path);
  return open_fake(controls);
}

pje_client *shared_client(void) {
  if (the_client == NULL) the_client = open_fake(NULL);
  return the_client;
}

pje_loaded_executable *shared_add1(void) {
  if (the_add1 == NULL) the_add1 = compile_text(shared_client(), kAdd1);
  return the_add1;
}

static void delete_temporary_folder(void) {
  DIR *folder = temporary_folder[0] == '\0' ? NULL : opendir(temporary_folder);
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", temporary_folder, entry->d_name);
    remove(path);
  }
  closedir(folder);
  rmdir(temporary_folder);
}

int close_shared_client(void **state UNUSED) {
  pje_loaded_executable_release(the_add1);
  pje_client_release(the_client);
  pje_error_release(other_error);
  pje_named_values_release(other_values);
  the_add1 = NULL;
  the_client = NULL;
  other_error = NULL;
  other_values = NULL;
  delete_temporary_folder();
  return 0;
}

pje_program *program_from_text(const char *text) {
  pje_program *program = NULL;
  expect_ok(pje_program_from_bytes(PJE_PROGRAM_AUTO, text, strlen(text), &program));
  return program;
}

pje_loaded_executable *compile_replicas(pje_client *client, const char *text, int64_t replicas) {
  pje_program *program = program_from_text(text);
  pje_compile_options *options = NULL;
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_compile_options_create(&options));
  expect_ok(pje_compile_options_set_num_replicas(options, replicas));
  expect_ok(pje_client_compile(client, program, options, &executable));
  pje_compile_options_release(options);
  pje_program_release(program);
  assert_non_null(executable);
  return executable;
}

pje_loaded_executable *compile_text(pje_client *client, const char *text) {
  pje_program *program = program_from_text(text);
  pje_loaded_executable *executable = NULL;
  expect_ok(pje_client_compile(client, program, NULL, &executable));
  pje_program_release(program);
  assert_non_null(executable);
  return executable;
}

pje_buffer *upload_f32(pje_client *client, const float *values, size_t count) {
  int64_t dims[1] = {(int64_t)count};
  pje_buffer *buffer = NULL;
  expect_ok(pje_buffer_from_host(client, values, count * sizeof(float), PJE_F32, dims, 1, NULL, &buffer));
  assert_non_null(buffer);
  return buffer;
}

pje_buffer *upload_ramp(pje_client *client, size_t count) {
  float values[64];
  assert_true(count <= COUNT(values));
  for (size_t i = 0; i < count; ++i) values[i] = (float)i;
  return upload_f32(client, values, count);
}

void expect_f32(pje_buffer *buffer, const float *values, size_t count) {
  float got[64];
  assert_true(count <= COUNT(got));
  memset(got, 0xff, sizeof got);
  expect_ok(pje_buffer_to_host(buffer, got, count * sizeof(float)));
  for (size_t i = 0; i < count; ++i) {
    if (got[i] != values[i]) fail_msg("element %zu is %g, expected %g", i, (double)got[i], (double)values[i]);
  }
}

pje_array *array_f32(const float *values, size_t count) {
  int64_t dims[1] = {(int64_t)count};
  pje_array *array = NULL;
  expect_ok(pje_array_create(PJE_F32, dims, 1, &array));
  if (values != NULL) memcpy(pje_array_data(array), values, count * sizeof(float));
  return array;
}

void count_call(void *calls) { __sync_fetch_and_add(&((struct calls *)calls)->count, 1); }

int calls_so_far(const struct calls *calls) { return __sync_fetch_and_add((volatile int *)&calls->count, 0); }

void wait_for_calls(const struct calls *calls, int count) {
  for (int64_t deadline = now_ms() + 20000; calls_so_far(calls) < count && now_ms() < deadline;) sleep_ms(1);
  assert_int_equal(calls_so_far(calls), count);
}

struct inside_call {
  void (*inside)(void);
  struct calls done;
};

static void call_inside(void *user_data) {
  struct inside_call *call = user_data;
  call->inside();
  count_call(&call->done);
}

void run_in_callback(void (*inside)(void)) {
  pje_buffer *buffer = upload_ramp(shared_client(), 4);
  pje_event *event = NULL;
  struct inside_call call = {inside, {0}};
  expect_ok(pje_buffer_ready(buffer, &event));
  expect_ok(pje_event_wait(event));
  expect_ok(pje_event_on_ready(event, call_inside, &call));
  wait_for_calls(&call.done, 1);
  pje_event_release(event);
  pje_buffer_release(buffer);
}

const char *temporary_path(const char *name) {
  static char paths[8][512];
  static size_t next;
  if (temporary_folder[0] == '\0') {
    snprintf(temporary_folder, sizeof temporary_folder, "/tmp/pje_capi_XXXXXX");
    assert_non_null(mkdtemp(temporary_folder));
  }
  char *path = paths[next++ % COUNT(paths)];
  snprintf(path, sizeof paths[0], "%s/%s", temporary_folder, name);
  return path;
}

void write_file(const char *path, const void *data, size_t size) {
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, size, file), size);
  assert_int_equal(fclose(file), 0);
}

bool file_has(const char *path, const char *text) {
  char line[1024];
  bool found = false;
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  while (!found && fgets(line, sizeof line, file) != NULL) found = strstr(line, text) != NULL;
  fclose(file);
  return found;
}

void sleep_ms(int milliseconds) {
  struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000L};
  nanosleep(&time, NULL);
}

int64_t now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
