/* From load to release on the plugin given, which may lack functions. Prints one line per step that went
 * wrong, `CODE FUNCTION MESSAGE`, and last "done": a step whose input is missing is left out, everything else
 * must go on. usage: compat_smoke PLUGIN */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <pjrt_easy.h>

static const char kProgram[] =
    "func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
    "  %0 = stablehlo.add %arg0, %arg0 : tensor<4xf32>\n"
    "  return %0 : tensor<4xf32>\n"
    "}\n";

static int good(pje_error *error) {
  if (error == NULL) return 1;
  printf("%s %s %s\n", pje_code_name(pje_error_code(error)), pje_error_function(error),
         pje_error_message(error));
  pje_error_release(error);
  return 0;
}

static void check(const char *what, const float *got, float scale) {
  for (int i = 0; i < 4; ++i) {
    if (got[i] != scale * (float)(i + 1)) printf("WRONG %s value %d is %g\n", what, i, (double)got[i]);
  }
}

static void look_at_devices(pje_client *client) {
  for (size_t i = 0; i < pje_client_num_devices(client); ++i) {
    pje_device *device = pje_client_device(client, i);
    if (pje_device_kind(device) == NULL) printf("WRONG device %zu\n", i);
  }
}

static void use_buffer(pje_client *client, pje_loaded_executable *executable) {
  const float given[4] = {1, 2, 3, 4};
  const int64_t dims[1] = {4};
  float got[4] = {0};
  pje_buffer *in = NULL, *out = NULL;
  if (good(pje_buffer_from_host(client, given, sizeof given, PJE_F32, dims, 1, NULL, &in)) &&
      good(pje_buffer_to_host(in, got, sizeof got)))
    check("copy", got, 1);
  if (in != NULL && executable != NULL &&
      good(pje_loaded_executable_execute(executable, &in, 1, NULL, &out, 1)) &&
      good(pje_buffer_to_host(out, got, sizeof got)))
    check("sum", got, 2);
  if (in != NULL) (void)good(pje_buffer_delete(in));
  pje_buffer_release(in);
  pje_buffer_release(out);
}

int main(int argc, char **argv) {
  pje_client *client = NULL;
  pje_program *program = NULL;
  pje_loaded_executable *executable = NULL;
  if (argc != 2) return 2;
  if (good(pje_client_open(argv[1], NULL, &client))) {
    look_at_devices(client);
    if (good(pje_program_from_bytes(PJE_PROGRAM_MLIR, kProgram, sizeof kProgram - 1, &program)))
      (void)good(pje_client_compile(client, program, NULL, &executable));
    use_buffer(client, executable);
  }
  pje_loaded_executable_release(executable);
  pje_program_release(program);
  pje_client_release(client);
  puts("done");
  return 0;
}
