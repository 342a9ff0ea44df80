/* Element types: each in the host form of C, which for the small floats is their bit pattern. */
#include <inttypes.h>
#include <math.h>

#include "support.h"

static void dtype_table(void) {
  json names = {.size = 0};
  int64_t bytes[MAX_VALUES], bits[MAX_VALUES];
  size_t n = 0;
  for (int type = PJE_PRED; type <= PJE_F6E3M2FN; ++type, ++n) {
    json_add(&names, "%s\"%s\"", n == 0 ? "[" : ",", pje_dtype_name((pje_dtype)type));
    bytes[n] = (int64_t)pje_dtype_host_size((pje_dtype)type);
    bits[n] = (int64_t)pje_dtype_bits((pje_dtype)type);
  }
  json_add(&names, "]");
  put_raw("names", names.text);
  put_ints("bytes", bytes, n);
  put_ints("bits", bits, n);
}

/* Exponent bits, mantissa bits, bias. */
typedef struct small_float {
  pje_dtype dtype;
  int exponent, mantissa, bias;
} small_float;

static const small_float small_floats[] = {
    {PJE_F16, 5, 10, 15},        {PJE_BF16, 8, 7, 127},     {PJE_F8E5M2, 5, 2, 15},
    {PJE_F8E4M3FN, 4, 3, 7},     {PJE_F8E4M3, 4, 3, 7},     {PJE_F8E4M3B11FNUZ, 4, 3, 11},
    {PJE_F8E5M2FNUZ, 5, 2, 16},  {PJE_F8E4M3FNUZ, 4, 3, 8}, {PJE_F8E3M4, 3, 4, 3},
    {PJE_F8E8M0FNU, 8, -1, 127}, {PJE_F4E2M1FN, 2, 1, 1},   {PJE_F6E2M3FN, 2, 3, 1},
    {PJE_F6E3M2FN, 3, 2, 3},
};

static const small_float *small_float_of(pje_dtype dtype) {
  for (size_t i = 0; i < COUNT(small_floats); ++i)
    if (small_floats[i].dtype == dtype) return &small_floats[i];
  return NULL;
}

/* Finite values only. */
static double decode(const small_float *format, unsigned bits) {
  /* A power of two and nothing else. */
  if (format->mantissa < 0) return ldexp(1, (int)bits - format->bias);
  int exponent = (int)(bits >> format->mantissa) & ((1 << format->exponent) - 1);
  double mantissa = (double)(bits & ((1U << format->mantissa) - 1)) / (double)(1U << format->mantissa);
  double value =
      exponent == 0 ? ldexp(mantissa, 1 - format->bias) : ldexp(1 + mantissa, exponent - format->bias);
  return (bits >> (format->exponent + format->mantissa) & 1) != 0 ? -value : value;
}

/* The scenarios' values are exact in their types. */
static unsigned encode(const small_float *format, double value) {
  unsigned end = 1U << (format->exponent + format->mantissa + 1);
  for (unsigned bits = 0; bits < end; ++bits)
    if (decode(format, bits) == value) return bits;
  failed("a value is not exact in its type");
}

static void set_integer(void *at, size_t bytes, const char *text) {
  uint64_t value = text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 10);
  memcpy(at, &value, bytes);
}

/* Below 8 bits the upper ones of the byte say nothing: the sign is that of the type's own width. */
static void add_integer(json *out, const void *at, pje_dtype dtype) {
  uint64_t value = 0;
  memcpy(&value, at, pje_dtype_host_size(dtype));
  unsigned unused = (unsigned)(64 - pje_dtype_bits(dtype));
  if (pje_dtype_kind_of(dtype) == PJE_KIND_SIGNED) {
    json_add(out, "%" PRId64, (int64_t)(value << unused) >> unused);
  } else {
    json_add(out, "%" PRIu64, value);
  }
}

static void set_element(pje_dtype dtype, char *data, size_t i, const char *text) {
  const small_float *format = small_float_of(dtype);
  size_t bytes = pje_dtype_host_size(dtype);
  if (format != NULL) {
    unsigned bits = encode(format, strtod(text, NULL));
    memcpy(data + i * bytes, &bits, bytes);
  } else if (dtype == PJE_F32 || dtype == PJE_C64) {
    ((float *)(void *)data)[i] = strtof(text, NULL);
  } else if (dtype == PJE_F64 || dtype == PJE_C128) {
    ((double *)(void *)data)[i] = strtod(text, NULL);
  } else {
    set_integer(data + i * bytes, bytes, text);
  }
}

static void add_element(json *values, json *bits, pje_dtype dtype, const char *data, size_t i) {
  const small_float *format = small_float_of(dtype);
  size_t bytes = pje_dtype_host_size(dtype);
  const char *comma = i == 0 ? "[" : ",";
  json_add(values, "%s", comma);
  if (format != NULL) {
    unsigned pattern = 0;
    memcpy(&pattern, data + i * bytes, bytes);
    json_add(values, "%.17g", decode(format, pattern));
    json_add(bits, "%s%u", comma, pattern);
  } else if (dtype == PJE_F32 || dtype == PJE_C64) {
    json_add(values, "%.9g", (double)((const float *)(const void *)data)[i]);
  } else if (dtype == PJE_F64 || dtype == PJE_C128) {
    json_add(values, "%.17g", ((const double *)(const void *)data)[i]);
  } else {
    add_integer(values, data + i * bytes, dtype);
  }
}

static void dtype_round_trip(void) {
  pje_dtype dtype = PJE_DTYPE_INVALID;
  if (!pje_dtype_from_name(input("dtype"), &dtype)) failed("no such element type");
  uint64_t aligned[2 * MAX_VALUES] = {0};
  char *data = (char *)aligned;
  size_t n = 0;
  for (const char *item; (item = input_item("values", n)) != NULL; ++n) set_element(dtype, data, n, item);
  bool complex = pje_dtype_kind_of(dtype) == PJE_KIND_COMPLEX;
  const int64_t dims[] = {(int64_t)(complex ? n / 2 : n)};
  size_t size = (size_t)dims[0] * pje_dtype_host_size(dtype);
  pje_client *client = open_client();
  pje_buffer *buffer = NULL;
  ok(pje_buffer_from_host(client, data, size, dtype, dims, 1, NULL, &buffer));
  if (has_input("program")) {
    pje_loaded_executable *executable = compile(client, NULL);
    pje_buffer *output = execute(executable, buffer);
    pje_buffer_release(buffer);
    buffer = output;
    pje_loaded_executable_release(executable);
  }
  put_text("dtype", pje_dtype_name(pje_buffer_dtype(buffer)));
  put_int("bytes", (int64_t)pje_buffer_host_size(buffer));
  memset(aligned, 0xff, sizeof aligned);
  ok(pje_buffer_to_host(buffer, data, size));
  json values = {.size = 0}, bits = {.size = 0};
  for (size_t i = 0; i < n; ++i) add_element(&values, &bits, dtype, data, i);
  json_add(&values, "]");
  put_raw("values", values.text);
  if (bits.size > 0) {
    json_add(&bits, "]");
    put_raw("bits", bits.text);
  }
  pje_buffer_release(buffer);
  pje_client_release(client);
}

static void dtype_token(void) {
  pje_client *client = open_client();
  pje_buffer *buffer = NULL;
  pje_error *error = pje_buffer_from_host(client, NULL, 0, PJE_TOKEN, NULL, 0, NULL, &buffer);
  put_bool("survived", (error == NULL) == (buffer != NULL));
  pje_error_release(error);
  pje_buffer_release(buffer);
  pje_client_release(client);
}

const scenario dtype_scenarios[] = {
    {"dtype_table", dtype_table}, {"dtype_token", dtype_token}, {"dtype_*", dtype_round_trip}, {NULL, NULL}};
