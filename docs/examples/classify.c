/* A classifier whose weights and images are .npy files; prints the class of each image. The files are the
 * program's arguments in order; its result has a row of scores for each image. cc classify.c $(pkg-config
 * --cflags --libs pjrt_easy) -o classify && ./classify cpu model.mlir weights.npy images.npy */
#include "example.h"

int main(int argc, char **argv) {
  if (argc < 4) {
    fprintf(stderr, "usage: %s PLUGIN MODEL ARGUMENT.npy...\n", argv[0]);
    return 2;
  }
  size_t n = (size_t)argc - 3;
  pje_client *client = NULL;
  pje_program *program = NULL;
  pje_loaded_executable *executable = NULL;
  pje_array **arguments = calloc(n, sizeof *arguments);
  pje_array *scores = NULL;
  if (arguments == NULL) return 1;
  check(pje_client_open(argv[1], NULL, &client));
  check(pje_program_from_file(argv[2], &program));
  check(pje_client_compile(client, program, NULL, &executable));
  for (size_t i = 0; i < n; ++i) check(pje_array_load_npy(argv[i + 3], &arguments[i]));
  check(pje_loaded_executable_run(executable, arguments, n, &scores, 1));
  if (pje_array_dtype(scores) != PJE_F32 || pje_array_rank(scores) != 2) {
    fprintf(stderr, "expected a result of rows of f32\n");
    return 1;
  }
  const int64_t *dims = pje_array_dims(scores);
  const float *row = pje_array_const_data(scores);
  for (int64_t image = 0; image < dims[0]; ++image, row += dims[1]) {
    int64_t best = 0;
    for (int64_t i = 1; i < dims[1]; ++i)
      if (row[i] > row[best]) best = i;
    printf("%d\n", (int)best);
  }
  for (size_t i = 0; i < n; ++i) pje_array_release(arguments[i]);
  free(arguments);
  pje_array_release(scores);
  pje_loaded_executable_release(executable);
  pje_program_release(program);
  pje_client_release(client);
  return 0;
}
