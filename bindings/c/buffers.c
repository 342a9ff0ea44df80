/* Buffers and arrays: where they lie, how they get there and back. */
#include "support.h"

/* The bytes of host memory that a call is told of, when it is not the dense size. */
static pje_error *upload_dims(pje_client *client, const float *data, size_t bytes,
                              const pje_from_host_options *options, pje_buffer **out) {
  int64_t dims[MAX_VALUES];
  size_t rank = input_ints("dims", dims);
  return pje_buffer_from_host(client, data, bytes, PJE_F32, dims, rank, options, out);
}

static void buffer_metadata(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  pje_buffer *buffer = NULL;
  ok(upload_dims(client, x, n * sizeof *x, NULL, &buffer));
  put_text("dtype", pje_dtype_name(pje_buffer_dtype(buffer)));
  put_dims("dims", pje_buffer_dims(buffer), pje_buffer_rank(buffer));
  put_int("rank", (int64_t)pje_buffer_rank(buffer));
  put_int("bytes", (int64_t)pje_buffer_host_size(buffer));
  put_int("device", pje_device_id(pje_buffer_device(buffer)));
  put_text("memory", pje_memory_kind(pje_buffer_memory(buffer)));
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void scalar_round_trip(void) {
  pje_client *client = open_client();
  int64_t v = input_int("v"), back = 0;
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, &v, sizeof v, PJE_S64, NULL, 0, NULL, &buffer));
  ok(pje_buffer_to_host(buffer, &back, sizeof back));
  put_int("v", back);
  put_int("rank", (int64_t)pje_buffer_rank(buffer));
  put_int("bytes", (int64_t)pje_buffer_host_size(buffer));
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void upload_to_device(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  pje_buffer *buffer =
      upload_to(client, x, n, pje_client_addressable_device(client, (size_t)input_int("device")));
  put_int("device", pje_device_id(pje_buffer_device(buffer)));
  put_contents("y", buffer);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void upload_to_memory(void) {
  pje_client *client = open_client();
  pje_device *device = pje_client_addressable_device(client, 0);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  for (size_t i = 0; i < pje_device_num_addressable_memories(device); ++i) {
    pje_memory *memory = pje_device_addressable_memory(device, i);
    if (strcmp(pje_memory_kind(memory), input("kind")) == 0) options.memory = memory;
  }
  if (options.memory == NULL) failed("no such memory");
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, x, (size_t)dims[0] * sizeof *x, PJE_F32, dims, 1, &options, &buffer));
  put_text("memory", pje_memory_kind(pje_buffer_memory(buffer)));
  put_contents("y", buffer);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

/* Uploads `x` seen through the request's strides; the first element is `x[first]`. */
static pje_buffer *upload_strided(pje_client *client, const float *x, size_t n, size_t first) {
  int64_t strides[MAX_VALUES];
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.num_byte_strides = input_ints("strides", strides);
  options.byte_strides = strides;
  pje_buffer *buffer = NULL;
  ok(upload_dims(client, x + first, n * sizeof *x, &options, &buffer));
  return buffer;
}

static void strided(size_t (*first_of)(size_t)) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  pje_buffer *buffer = upload_strided(client, x, n, first_of(n));
  put_contents("y", buffer);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static size_t the_first(size_t n) { return n - n; }
static size_t the_last(size_t n) { return n - 1; }

static void strided_upload(void) { strided(the_first); }
static void negative_strides(void) { strided(the_last); }

static void column_major(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  pje_buffer *in = upload_strided(client, x, n, 0), *out = execute(executable, in);
  put_contents("y", out);
  pje_buffer_release(out);
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void column_major_outputs(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  float x[MAX_VALUES];
  size_t n = input_floats("x", x);
  const int64_t dims[] = {2, 3};
  pje_buffer *in = NULL;
  ok(pje_buffer_from_host(client, x, n * sizeof *x, PJE_F32, dims, 2, NULL, &in));
  pje_buffer *out = execute(executable, in);
  put_contents("y", out);
  pje_buffer_release(out);
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static void empty_array(void) {
  pje_client *client = open_client();
  pje_loaded_executable *executable = compile(client, NULL);
  const int64_t dims[] = {0, 3};
  pje_buffer *in = NULL;
  ok(pje_buffer_from_host(client, NULL, 0, PJE_F32, dims, 2, NULL, &in));
  pje_buffer *out = execute(executable, in);
  float nothing = 0;
  ok(pje_buffer_to_host(out, &nothing, 0));
  put_dims("dims", pje_buffer_dims(out), pje_buffer_rank(out));
  put_int("bytes", (int64_t)pje_buffer_host_size(out));
  put_int("elements", (int64_t)(pje_buffer_host_size(out) / sizeof(float)));
  pje_buffer_release(out);
  pje_buffer_release(in);
  pje_loaded_executable_release(executable);
  pje_client_release(client);
}

static pje_array *input_array(void) {
  float x[MAX_VALUES];
  int64_t dims[MAX_VALUES];
  input_floats("x", x);
  return array_of(x, dims, input_ints("dims", dims));
}

static void array_round_trip(void) {
  pje_client *client = open_client();
  pje_array *in = input_array(), *out = NULL;
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_array(client, in, NULL, &buffer));
  ok(pje_buffer_to_array(buffer, &out));
  put_array("y", out);
  put_dims("dims", pje_array_dims(out), pje_array_rank(out));
  put_text("dtype", pje_dtype_name(pje_array_dtype(out)));
  pje_array_release(out);
  pje_array_release(in);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void array_consumed(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_array *array = array_of(x, dims, 1);
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_array_consume(client, &array, NULL, &buffer));
  put_contents("y", buffer);
  put_bool("empty", array == NULL);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void npy_round_trip(void) {
  pje_array *saved = input_array(), *loaded = NULL;
  ok(pje_array_save_npy(saved, input("path")));
  ok(pje_array_load_npy(input("path"), &loaded));
  put_text("dtype", pje_dtype_name(pje_array_dtype(loaded)));
  put_dims("dims", pje_array_dims(loaded), pje_array_rank(loaded));
  put_array("y", loaded);
  pje_array_release(loaded);
  pje_array_release(saved);
}

static float from_bf16(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value = 0;
  memcpy(&value, &wide, sizeof value);
  return value;
}

static uint16_t to_bf16(float value) {
  uint32_t bits = 0;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)(bits >> 16);
}

static void npy_reinterpret(void) {
  float values[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("values", values)};
  pje_array *saved = NULL, *loaded = NULL, *again = NULL;
  ok(pje_array_create(PJE_BF16, dims, 1, &saved));
  uint16_t *bits = pje_array_data(saved);
  for (int64_t i = 0; i < dims[0]; ++i) bits[i] = to_bf16(values[i]);
  ok(pje_array_save_npy(saved, input("path")));
  ok(pje_array_load_npy(input("path"), &loaded));
  put_text("loaded", pje_dtype_name(pje_array_dtype(loaded)));
  ok(pje_array_reinterpret(loaded, PJE_BF16, &again));
  put_text("dtype", pje_dtype_name(pje_array_dtype(again)));
  const uint16_t *back = pje_array_const_data(again);
  for (int64_t i = 0; i < dims[0]; ++i) values[i] = from_bf16(back[i]);
  put_floats("y", values, (size_t)dims[0]);
  pje_array_release(again);
  pje_array_release(loaded);
  pje_array_release(saved);
}

static void npy_errors(void) {
  pje_array *array = NULL;
  put_code("missing", pje_array_load_npy(input("path"), &array));
  put_code("garbage", pje_array_load_npy(input("program"), &array));
}

static void host_memory_kept(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES] __attribute__((aligned(64)));
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.semantics = PJE_HOST_IMMUTABLE_ZERO_COPY;
  pje_buffer *buffer = NULL;
  pje_event *done = NULL;
  ok(pje_buffer_from_host_async(client, x, (size_t)dims[0] * sizeof *x, PJE_F32, dims, 1, &options, &buffer,
                                &done));
  put_contents("y", buffer);
  pje_buffer_release(buffer);
  put_code("host_done", pje_event_wait(done));
  pje_event_release(done);
  pje_client_release(client);
}

static void async_upload(void) {
  pje_client *client = open_client();
  float x[MAX_VALUES];
  const int64_t dims[] = {(int64_t)input_floats("x", x)};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.semantics = PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES;
  pje_buffer *buffer = NULL;
  pje_event *done = NULL, *ready = NULL;
  ok(pje_buffer_from_host_async(client, x, (size_t)dims[0] * sizeof *x, PJE_F32, dims, 1, &options, &buffer,
                                &done));
  put_code("host_done", pje_event_wait(done));
  ok(pje_buffer_ready(buffer, &ready));
  put_code("ready", pje_event_wait(ready));
  put_contents("y", buffer);
  pje_event_release(ready);
  pje_event_release(done);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void async_read_back(void) {
  pje_client *client = open_client();
  pje_buffer *buffer = upload_input(client, "x");
  float y[MAX_VALUES];
  size_t size = pje_buffer_host_size(buffer);
  pje_event *done = NULL;
  ok(pje_buffer_to_host_async(buffer, y, size, &done));
  put_code("done", pje_event_wait(done));
  put_floats("y", y, size / sizeof *y);
  pje_event_release(done);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void buffer_delete(void) {
  pje_client *client = open_client();
  pje_buffer *buffer = upload_input(client, "x");
  float y[MAX_VALUES];
  put_bool("before", pje_buffer_is_deleted(buffer));
  ok(pje_buffer_delete(buffer));
  put_bool("after", pje_buffer_is_deleted(buffer));
  put_code("twice", pje_buffer_delete(buffer));
  put_code("read", pje_buffer_to_host(buffer, y, sizeof y));
  pje_buffer_release(buffer);
  pje_client_release(client);
}

const scenario buffer_scenarios[] = {{"buffer_metadata", buffer_metadata},
                                     {"scalar_round_trip", scalar_round_trip},
                                     {"upload_to_device", upload_to_device},
                                     {"upload_to_memory", upload_to_memory},
                                     {"strided_upload", strided_upload},
                                     {"negative_strides", negative_strides},
                                     {"broadcast_strides", strided_upload},
                                     {"column_major", column_major},
                                     {"column_major_outputs", column_major_outputs},
                                     {"layout_ignored", column_major_outputs},
                                     {"empty_array", empty_array},
                                     {"array_round_trip", array_round_trip},
                                     {"array_consumed", array_consumed},
                                     {"npy_round_trip", npy_round_trip},
                                     {"npy_reinterpret", npy_reinterpret},
                                     {"npy_errors", npy_errors},
                                     {"host_memory_kept", host_memory_kept},
                                     {"async_upload", async_upload},
                                     {"async_read_back", async_read_back},
                                     {"buffer_delete", buffer_delete},
                                     {NULL, NULL}};
