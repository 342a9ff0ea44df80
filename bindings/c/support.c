#include "support.h"

#include <inttypes.h>
#include <stdarg.h>

#include "reply.h"

const char *input(const char *key) {
  const char *value = request_value(key);
  if (value == NULL) failed(key);
  return value;
}

bool has_input(const char *key) { return request_value(key) != NULL; }

int64_t input_int(const char *key) { return strtoll(input(key), NULL, 10); }

const char *input_item(const char *key, size_t index) {
  static char item[256];
  const char *at = input(key);
  for (; index > 0 && at != NULL; --index) {
    at = strchr(at, ' ');
    if (at != NULL) ++at;
  }
  if (at == NULL || *at == '\0') return NULL;
  size_t size = strcspn(at, " ");
  if (size >= sizeof item) failed(key);
  memcpy(item, at, size);
  item[size] = '\0';
  return item;
}

size_t input_doubles(const char *key, double *values) {
  size_t n = 0;
  for (const char *item; (item = input_item(key, n)) != NULL; ++n) {
    if (n == MAX_VALUES) failed(key);
    values[n] = strtod(item, NULL);
  }
  return n;
}

size_t input_floats(const char *key, float *values) {
  double wide[MAX_VALUES];
  size_t n = input_doubles(key, wide);
  for (size_t i = 0; i < n; ++i) values[i] = (float)wide[i];
  return n;
}

size_t input_ints(const char *key, int64_t *values) {
  size_t n = 0;
  for (const char *item; (item = input_item(key, n)) != NULL; ++n) {
    if (n == MAX_VALUES) failed(key);
    values[n] = strtoll(item, NULL, 10);
  }
  return n;
}

void json_add(json *out, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(out->text + out->size, sizeof out->text - out->size, format, arguments);
  va_end(arguments);
  if (size < 0 || (size_t)size >= sizeof out->text - out->size) failed("the reply is too long");
  out->size += (size_t)size;
}

void json_add_floats(json *out, const float *values, size_t n) {
  json_add(out, "[");
  for (size_t i = 0; i < n; ++i) json_add(out, "%s%.9g", i == 0 ? "" : ",", (double)values[i]);
  json_add(out, "]");
}

void put_int(const char *key, int64_t value) {
  json out = {.size = 0};
  json_add(&out, "%" PRId64, value);
  put_raw(key, out.text);
}

void put_bool(const char *key, bool value) { put_raw(key, value ? "true" : "false"); }

void put_ints(const char *key, const int64_t *values, size_t n) {
  json out = {.size = 0};
  json_add(&out, "[");
  for (size_t i = 0; i < n; ++i) json_add(&out, "%s%" PRId64, i == 0 ? "" : ",", values[i]);
  json_add(&out, "]");
  put_raw(key, out.text);
}

void put_floats(const char *key, const float *values, size_t n) {
  json out = {.size = 0};
  json_add_floats(&out, values, n);
  put_raw(key, out.text);
}

void put_code(const char *key, pje_error *error) {
  put_text(key, pje_code_name(pje_error_code(error)));
  pje_error_release(error);
}

void ok_(pje_error *error, const char *expression, int line) {
  if (error == NULL) return;
  char text[1024];
  snprintf(text, sizeof text, "line %d: %s: %s", line, expression, pje_error_message(error));
  pje_error_release(error);
  failed(text);
}

pje_client *open_plain_client(void) {
  pje_client *client = NULL;
  ok(pje_client_open(plugin_path, NULL, &client));
  return client;
}

pje_client *open_client(void) {
  pje_named_values *values = NULL;
  ok(pje_named_values_create(&values));
  ok(pje_named_values_set_int64(values, "cpu_device_count", input_int("devices")));
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.options = values;
  pje_client *client = NULL;
  ok(pje_client_open(plugin_path, &options, &client));
  pje_named_values_release(values);
  return client;
}

pje_program *load_program(void) {
  pje_program *program = NULL;
  ok(pje_program_from_file(input("program"), &program));
  return program;
}

pje_compile_options *replica_options(int64_t replicas) {
  pje_compile_options *options = NULL;
  ok(pje_compile_options_create(&options));
  ok(pje_compile_options_set_num_replicas(options, replicas));
  return options;
}

pje_loaded_executable *compile(pje_client *client, const pje_compile_options *options) {
  pje_program *program = load_program();
  pje_loaded_executable *executable = NULL;
  ok(pje_client_compile(client, program, options, &executable));
  pje_program_release(program);
  return executable;
}

pje_buffer *upload_to(pje_client *client, const float *values, size_t n, pje_device *device) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = device;
  const int64_t dims[] = {(int64_t)n};
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, values, n * sizeof *values, PJE_F32, dims, 1, &options, &buffer));
  return buffer;
}

pje_buffer *upload(pje_client *client, const float *values, size_t n) {
  return upload_to(client, values, n, NULL);
}

pje_buffer *upload_input(pje_client *client, const char *key) {
  float values[MAX_VALUES];
  size_t n = input_floats(key, values);
  return upload(client, values, n);
}

pje_buffer *execute(pje_loaded_executable *executable, pje_buffer *argument) {
  pje_buffer *output = NULL;
  ok(pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1));
  return output;
}

size_t read_floats(pje_buffer *buffer, float *values) {
  size_t size = pje_buffer_host_size(buffer);
  if (size > MAX_VALUES * sizeof *values) failed("the buffer is too large");
  ok(pje_buffer_to_host(buffer, values, size));
  return size / sizeof *values;
}

void put_contents(const char *key, pje_buffer *buffer) {
  float values[MAX_VALUES];
  size_t n = read_floats(buffer, values);
  put_floats(key, values, n);
}

pje_array *array_of(const float *values, const int64_t *dims, size_t rank) {
  pje_array *array = NULL;
  ok(pje_array_create(PJE_F32, dims, rank, &array));
  memcpy(pje_array_data(array), values, pje_array_size(array));
  return array;
}

void put_array(const char *key, const pje_array *array) {
  put_floats(key, pje_array_const_data(array), pje_array_size(array) / sizeof(float));
}

void put_dims(const char *key, const int64_t *dims, size_t rank) { put_ints(key, dims, rank); }

void put_run(const char *key, pje_client *client, pje_loaded_executable *executable) {
  pje_buffer *x = upload_input(client, "x"), *y = execute(executable, x);
  put_contents(key, y);
  pje_buffer_release(y);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
}
