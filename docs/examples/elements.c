/* bfloat16, half precision and complex numbers, which C has no types for, or others: they travel as their
 * bits. cc elements.c $(pkg-config --cflags --libs pjrt_easy) -o elements && ./elements cpu */
#include "example.h"

/* The upper half of a float is a bfloat16. */
static uint16_t to_bf16(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

static float from_bf16(uint16_t half) {
  uint32_t bits = (uint32_t)half << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* For numbers that f16 has, other than subnormal ones. */
static float from_f16(uint16_t half) {
  const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = half & 0x7fff;
  const uint32_t bits = sign | (rest == 0 ? 0 : (rest << 13) + (112U << 23));
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Through a program that doubles its argument. */
static void doubled(pje_client *client, const char *element, pje_dtype dtype, const void *data, size_t size,
                    void *out) {
  char text[512];
  const int64_t dims[1] = {2};
  pje_buffer *input = NULL, *output = NULL;
  snprintf(text, sizeof text,
           "module @double {\n"
           "  func.func public @main(%%arg0: tensor<2x%s>) -> tensor<2x%s> {\n"
           "    %%0 = stablehlo.add %%arg0, %%arg0 : tensor<2x%s>\n"
           "    return %%0 : tensor<2x%s>\n"
           "  }\n"
           "}\n",
           element, element, element, element);
  pje_loaded_executable *executable = compile(client, text, NULL);
  check(pje_buffer_from_host(client, data, size, dtype, dims, 1, NULL, &input));
  check(pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1));
  check(pje_buffer_to_host(output, out, size));
  printf("%s:", pje_dtype_name(pje_buffer_dtype(output)));
  pje_buffer_release(input);
  pje_buffer_release(output);
  pje_loaded_executable_release(executable);
}

int main(int argc, char **argv) {
  pje_client *client = open_client(argc, argv, 1);
  const uint16_t brain[2] = {to_bf16(1.5F), to_bf16(-0.1F)};
  const uint16_t half[2] = {0x3e00, 0xc000}; /* 1.5 and -2 */
  const float pairs[4] = {1, 2, 0, -3};      /* 1+2i and -3i: real and imaginary part one after the other */
  uint16_t halves[2];
  float out[4];
  doubled(client, "bf16", PJE_BF16, brain, sizeof brain, halves);
  printf(" %g %g\n", (double)from_bf16(halves[0]), (double)from_bf16(halves[1]));
  doubled(client, "f16", PJE_F16, half, sizeof half, halves);
  printf(" %g %g\n", (double)from_f16(halves[0]), (double)from_f16(halves[1]));
  doubled(client, "complex<f32>", PJE_C64, pairs, sizeof pairs, out);
  printf(" %g%+gi %g%+gi\n", (double)out[0], (double)out[1], (double)out[2], (double)out[3]);
  pje_client_release(client);
  return 0;
}
