/* Errors: whose they are, their codes, and what works after them. */
#include "support.h"

static void put_function(const char *key, pje_error *error) { put_text(key, pje_error_function(error)); }

static void error_every_code(void) {
  int64_t codes[16];
  bool messages = true;
  for (int code = 1; code <= 16; ++code) {
    pje_error *error = pje_error_create((pje_code)code, input("message"));
    codes[code - 1] = pje_error_code(error);
    messages = messages && strstr(pje_error_detail(error), input("message")) != NULL;
    pje_error_release(error);
  }
  put_ints("codes", codes, COUNT(codes));
  put_bool("messages", messages);
}

static pje_error *compile_error(pje_client *client) {
  pje_program *program = load_program();
  pje_loaded_executable *executable = NULL;
  pje_error *error = pje_client_compile(client, program, NULL, &executable);
  pje_program_release(program);
  pje_loaded_executable_release(executable);
  return error;
}

static void error_bad_program(void) {
  pje_client *client = open_client();
  pje_error *error = compile_error(client);
  put_function("function", error);
  put_bool("one_line", strchr(pje_error_message(error), '\n') == NULL);
  put_code("code", error);
  pje_client_release(client);
}

static void error_no_such_file(void) {
  pje_program *program = NULL;
  pje_error *error = pje_program_from_file(input("path"), &program);
  put_function("function", error);
  put_code("code", error);
}

static void error_no_such_plugin(void) {
  pje_client *client = NULL;
  put_code("path", pje_client_open(input("path"), NULL, &client));
  put_code("name", pje_client_open(input("plugin_name"), NULL, &client));
}

static void error_unknown_option(void) {
  pje_named_values *values = NULL;
  ok(pje_named_values_create(&values));
  ok(pje_named_values_set_int64(values, input("option"), 1));
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.options = values;
  pje_client *client = NULL;
  pje_error *error = pje_client_open(plugin_path, &options, &client);
  put_function("function", error);
  put_code("code", error);
  pje_named_values_release(values);
}

static void error_empty_program(void) {
  pje_program *program = NULL;
  put_code("code", pje_program_from_bytes(PJE_PROGRAM_AUTO, "", 0, &program));
}

/* Executes with `n` arguments, which are released, and puts the code. */
static void put_execute_code(pje_client *client, const pje_compile_options *options, pje_buffer **args,
                             size_t n) {
  pje_loaded_executable *executable = compile(client, options);
  pje_buffer *outputs[2] = {NULL};
  put_code("code", pje_loaded_executable_execute(executable, args, n, NULL, outputs,
                                                 pje_loaded_executable_num_outputs(executable)));
  pje_buffers_release(args, n);
  pje_loaded_executable_release(executable);
}

static void error_argument_count(void) {
  pje_client *client = open_client();
  pje_buffer *x = upload_input(client, "x");
  put_execute_code(client, NULL, &x, 1);
  pje_client_release(client);
}

static void error_argument_dtype(void) {
  pje_client *client = open_client();
  const int32_t values[] = {1, 2, 3, 4};
  const int64_t dims[] = {4};
  pje_buffer *x = NULL;
  ok(pje_buffer_from_host(client, values, sizeof values, PJE_S32, dims, 1, NULL, &x));
  put_execute_code(client, NULL, &x, 1);
  pje_client_release(client);
}

static pje_error *upload_as_asked(pje_client *client, pje_buffer **out) {
  float x[MAX_VALUES];
  int64_t dims[MAX_VALUES], strides[MAX_VALUES];
  size_t n = input_floats("x", x), rank = input_ints("dims", dims);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  if (has_input("strides")) {
    options.num_byte_strides = input_ints("strides", strides);
    options.byte_strides = strides;
  }
  return pje_buffer_from_host(client, x, n * sizeof *x, PJE_F32, dims, rank, &options, out);
}

static void error_argument_dims(void) {
  pje_client *client = open_client();
  pje_buffer *x = NULL;
  ok(upload_as_asked(client, &x));
  put_execute_code(client, NULL, &x, 1);
  pje_client_release(client);
}

static void error_several_devices(void) {
  pje_client *client = open_client();
  pje_compile_options *options = replica_options(input_int("replicas"));
  pje_buffer *x = upload_input(client, "x");
  put_execute_code(client, options, &x, 1);
  pje_compile_options_release(options);
  pje_client_release(client);
}

static void refused_upload(void) {
  pje_client *client = open_client();
  pje_buffer *buffer = NULL;
  put_code("code", upload_as_asked(client, &buffer));
  pje_client_release(client);
}

static void error_foreign_buffer(void) {
  pje_client *client = open_client(), *other = open_client();
  pje_buffer *x = upload_input(other, "x");
  put_execute_code(client, NULL, &x, 1);
  pje_client_release(other);
  pje_client_release(client);
}

static void error_no_such_device(void) {
  pje_client *client = open_client();
  pje_device *device = NULL;
  put_code("missing", pje_client_lookup_device(client, (int32_t)input_int("id"), &device));
  ok(pje_client_lookup_device(client, 1, &device));
  put_int("found", pje_device_id(device));
  pje_client_release(client);
}

static void error_compile_options(void) {
  pje_compile_options *options = NULL;
  bool set = false;
  ok(pje_compile_options_create(&options));
  put_code("replicas", pje_compile_options_set_num_replicas(options, 0));
  put_code("field", pje_compile_options_is_set(options, input("field"), &set));
  pje_compile_options_release(options);
}

static void error_injected(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  pje_error *error = pje_loaded_executable_execute(executable, &x, 1, NULL, &y, 1);
  put_function("function", error);
  put_bool("text", strstr(pje_error_detail(error), input("text")) != NULL);
  put_code("code", error);
  y = execute(executable, x);
  put_contents("y", y);
  pje_buffer_release(y);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void error_late(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  pje_buffer *x = upload_input(client, "x"), *y = NULL;
  pje_event *done = NULL;
  float values[MAX_VALUES];
  ok(pje_loaded_executable_execute_async(executable, &x, 1, NULL, &y, 1, &done));
  put_code("wait", pje_event_wait(done));
  put_code("read", pje_buffer_to_host(y, values, sizeof values));
  pje_event_release(done);
  pje_buffer_release(y);
  pje_buffer_release(x);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void error_of_an_input(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES], values[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_buffer *buffer = NULL;
  /* A plugin may also refuse at once. */
  pje_error *error =
      pje_buffer_from_host(client, x, (size_t)dims[0] * sizeof *x, PJE_F32, dims, 1, NULL, &buffer);
  if (error == NULL) error = pje_buffer_to_host(buffer, values, sizeof values);
  put_code("read", error);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void error_unknown_code(void) {
  pje_client *client = open_client();
  pje_error *error = compile_error(client);
  put_bool("text", strstr(pje_error_detail(error), input("text")) != NULL);
  put_code("code", error);
  pje_client_release(client);
}

static void error_payload(void) {
  pje_client *client = open_client();
  pje_error *error = compile_error(client);
  json keys = {.size = 0}, values = {.size = 0};
  json_add(&keys, "[");
  json_add(&values, "[");
  for (size_t i = 0; i < pje_error_num_payloads(error); ++i) {
    const char *key = NULL;
    const void *data = NULL;
    size_t size = 0;
    if (!pje_error_payload(error, i, &key, &data, &size)) failed("no payload");
    json_add(&keys, "%s\"%s\"", i == 0 ? "" : ",", key);
    json_add(&values, "%s\"%.*s\"", i == 0 ? "" : ",", (int)size, (const char *)data);
  }
  json_add(&keys, "]");
  json_add(&values, "]");
  put_raw("keys", keys.text);
  put_raw("values", values.text);
  put_code("code", error);
  pje_client_release(client);
}

static void error_missing_function(void) {
  pje_client *client = open_client();
  pje_device *device = NULL;
  put_bool("has", pje_plugin_has_function(pje_client_plugin(client), "PJRT_Client_LookupDevice"));
  put_code("code", pje_client_lookup_device(client, 0, &device));
  pje_client_release(client);
}

static void error_out_of_memory(void) {
  pje_client *client = open_client();
  static float large[1024];
  const int64_t dims[] = {COUNT(large)};
  pje_buffer *buffer = NULL;
  pje_error *error = pje_buffer_from_host(client, large, sizeof large, PJE_F32, dims, 1, NULL, &buffer);
  if (error == NULL) error = pje_buffer_to_host(buffer, large, sizeof large);
  put_code("code", error);
  pje_buffer_release(buffer);
  pje_buffer *x = upload_input(client, "x");
  put_contents("y", x);
  pje_buffer_release(x);
  pje_client_release(client);
}

static void use_after_close(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL), *none = NULL;
  pje_program *program = load_program();
  pje_buffer *x = upload_input(client, "x"), *closed = upload_input(client, "x"), *y = NULL;
  float values[MAX_VALUES];
  pje_buffer_release(closed);
  put_code("buffer", pje_buffer_to_host(closed, values, sizeof values));
  pje_loaded_executable_release(executable);
  put_code("executable", pje_loaded_executable_execute(executable, &x, 1, NULL, &y, 1));
  /* A client that is the last owner: others keep it alive. */
  pje_buffer_release(x);
  pje_client_release(client);
  put_code("client", pje_client_compile(client, program, NULL, &none));
  pje_program_release(program);
}

const scenario error_scenarios[] = {{"error_every_code", error_every_code},
                                    {"error_bad_program", error_bad_program},
                                    {"error_no_such_file", error_no_such_file},
                                    {"error_no_such_plugin", error_no_such_plugin},
                                    {"error_unknown_option", error_unknown_option},
                                    {"error_empty_program", error_empty_program},
                                    {"error_argument_count", error_argument_count},
                                    {"error_argument_dtype", error_argument_dtype},
                                    {"error_argument_dims", error_argument_dims},
                                    {"error_several_devices", error_several_devices},
                                    {"error_short_host_data", refused_upload},
                                    {"error_strides_leave_memory", refused_upload},
                                    {"error_negative_dimension", refused_upload},
                                    {"error_foreign_buffer", error_foreign_buffer},
                                    {"error_no_such_device", error_no_such_device},
                                    {"error_compile_options", error_compile_options},
                                    {"error_injected", error_injected},
                                    {"error_late", error_late},
                                    {"error_of_an_input", error_of_an_input},
                                    {"error_unknown_code", error_unknown_code},
                                    {"error_payload", error_payload},
                                    {"error_missing_function", error_missing_function},
                                    {"error_out_of_memory", error_out_of_memory},
                                    {"use_after_close", use_after_close},
                                    {NULL, NULL}};
