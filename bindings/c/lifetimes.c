/* Lifetimes: any order of release, no leaks, flat memory; and named values. */
#include "support.h"

static void release_order(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x");
  pje_client_release(client);
  pje_buffer *y = execute(executable, x);
  pje_loaded_executable_release(executable);
  pje_buffer_release(x);
  put_contents("y", y);
  pje_buffer_release(y);
}

static void release_while_running(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  ok(pje_loaded_executable_execute_async(executable, &x, 1, NULL, &y, 1, NULL));
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  put_contents("y", y);
  pje_buffer_release(y);
  pje_client_release(client);
}

static void many_objects(void) {
  pje_client *client = open_client();
  int64_t n = input_int("n"), made = 0;
  for (; made < n; ++made) pje_buffer_release(upload_input(client, "x"));
  put_int("made", made);
  pje_client_release(client);
}

static long resident_kib(void) {
  long pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1) failed("resident memory cannot be read");
  fclose(file);
  return pages * 4;
}

static void flat_memory(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x");
  long before = 0;
  int64_t n = input_int("n");
  for (int64_t i = 0; i < n; ++i) {
    if (i == n / 10) before = resident_kib();
    pje_buffer_release(execute(executable, x));
  }
  put_bool("flat", resident_kib() - before < 16 * 1024);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void put_kinds(const pje_named_values *values) {
  static const char *const names[] = {"string", "int64", "int64_list", "float", "bool"};
  json kinds = {.size = 0};
  for (size_t i = 0; i < pje_named_values_count(values); ++i)
    json_add(&kinds, "%s\"%s\"", i == 0 ? "[" : ",", names[pje_named_values_kind(values, i)]);
  json_add(&kinds, "]");
  put_raw("kinds", kinds.text);
}

static void named_values(void) {
  pje_named_values *values = NULL;
  int64_t list[MAX_VALUES], number = 0;
  const int64_t *stored = NULL;
  const char *text = NULL;
  float real[MAX_VALUES];
  bool flag = false;
  size_t count = input_ints("list", list);
  input_floats("float", real);
  ok(pje_named_values_create(&values));
  ok(pje_named_values_set_string(values, "string", input("string")));
  ok(pje_named_values_set_int64(values, "int64", input_int("int64")));
  ok(pje_named_values_set_int64_list(values, "list", list, count));
  ok(pje_named_values_set_float(values, "float", real[0]));
  ok(pje_named_values_set_bool(values, "bool", strcmp(input("bool"), "true") == 0));
  put_int("count", (int64_t)pje_named_values_count(values));
  put_kinds(values);
  ok(pje_named_values_get_string(values, pje_named_values_find(values, "string"), &text));
  put_text("string", text);
  ok(pje_named_values_get_int64(values, pje_named_values_find(values, "int64"), &number));
  put_int("int64", number);
  ok(pje_named_values_get_int64_list(values, pje_named_values_find(values, "list"), &stored, &count));
  put_ints("list", stored, count);
  ok(pje_named_values_get_float(values, pje_named_values_find(values, "float"), real));
  json value = {.size = 0};
  json_add(&value, "%.9g", (double)real[0]);
  put_raw("float", value.text);
  ok(pje_named_values_get_bool(values, pje_named_values_find(values, "bool"), &flag));
  put_bool("bool", flag);
  put_bool("missing", pje_named_values_find(values, "missing") != SIZE_MAX);
  pje_named_values_release(values);
}

const scenario lifetime_scenarios[] = {{"release_order", release_order},
                                       {"release_while_running", release_while_running},
                                       {"many_objects", many_objects},
                                       {"dropped_objects", many_objects},
                                       {"flat_memory", flat_memory},
                                       {"named_values", named_values},
                                       {NULL, NULL}};
