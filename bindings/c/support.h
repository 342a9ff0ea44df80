/* What the scenarios in C share: the request, the reply, and a few steps that most scenarios take.
 *
 * A request is one line, `NAME<TAB>key=value<TAB>key=value…`; lists are separated by spaces, a list of lists
 * does not occur. The reply is one line of JSON. See bindings/scenarios.md. */
#ifndef PJE_BINDINGS_C_SUPPORT_H_
#define PJE_BINDINGS_C_SUPPORT_H_

#include <pjrt_easy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_VALUES 64

typedef void (*scenario_function)(void);
typedef struct scenario {
  const char *name;
  scenario_function run;
} scenario;

extern const scenario main_scenarios[], buffer_scenarios[], dtype_scenarios[], error_scenarios[],
    event_scenarios[], donation_scenarios[], device_scenarios[], lifetime_scenarios[], object_scenarios[],
    transfer_scenarios[], kv_store_scenarios[];

/* The plugin's path. */
extern const char *plugin_path;

/* The request: a missing key ends the scenario as failed. */
const char *input(const char *key);
bool has_input(const char *key);
int64_t input_int(const char *key);
size_t input_ints(const char *key, int64_t *values);
size_t input_floats(const char *key, float *values);
size_t input_doubles(const char *key, double *values);
/* Value `index` of a list, as text; NULL behind the end. */
const char *input_item(const char *key, size_t index);

/* The reply. */
void put_text(const char *key, const char *value);
void put_int(const char *key, int64_t value);
void put_bool(const char *key, bool value);
void put_ints(const char *key, const int64_t *values, size_t n);
void put_floats(const char *key, const float *values, size_t n);
void put_raw(const char *key, const char *json);
/* The code's name, "OK" for NULL; releases the error. */
void put_code(const char *key, pje_error *error);
/* A piece of JSON that grows; put_raw takes it. */
typedef struct json {
  char text[4096];
  size_t size;
} json;
void json_add(json *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void json_add_floats(json *out, const float *values, size_t n);

/* Ends the scenario as failed when `error` is one; says where. */
void ok_(pje_error *error, const char *expression, int line);
#define ok(expression) ok_((expression), #expression, __LINE__)
void failed(const char *why) __attribute__((noreturn));

/* Steps. */
pje_client *open_client(void);
/* Without the option that sets the number of devices. */
pje_client *open_plain_client(void);
pje_program *load_program(void);
pje_compile_options *replica_options(int64_t replicas);
pje_loaded_executable *compile(pje_client *client, const pje_compile_options *options);
pje_buffer *upload(pje_client *client, const float *values, size_t n);
pje_buffer *upload_to(pje_client *client, const float *values, size_t n, pje_device *device);
pje_buffer *upload_input(pje_client *client, const char *key);
/* One argument, one output, and waits. */
pje_buffer *execute(pje_loaded_executable *executable, pje_buffer *argument);
/* Reads a buffer of f32 and puts it. */
void put_contents(const char *key, pje_buffer *buffer);
size_t read_floats(pje_buffer *buffer, float *values);
/* Runs the request's `x` through an executable, puts the result, and releases the executable. */
void put_run(const char *key, pje_client *client, pje_loaded_executable *executable);
pje_array *array_of(const float *values, const int64_t *dims, size_t rank);
void put_array(const char *key, const pje_array *array);
void put_dims(const char *key, const int64_t *dims, size_t rank);

#endif /* PJE_BINDINGS_C_SUPPORT_H_ */
