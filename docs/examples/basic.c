/* A program on a plugin, host data in, host data out: the whole way without a helper.
 * cc basic.c $(pkg-config --cflags --libs pjrt_easy) -o basic && ./basic cpu model.mlir */
#include <pjrt_easy.h>
#include <stdio.h>

static int failed(pje_error *error) {
  fprintf(stderr, "%s\n", pje_error_message(error));
  pje_error_release(error);
  return 1;
}

int main(int argc, char **argv) {
  const float x[4] = {1, 2, 3, 4};
  float y[4];
  const int64_t dims[1] = {4};
  pje_client *client = NULL;
  pje_program *program = NULL;
  pje_loaded_executable *executable = NULL;
  pje_buffer *input = NULL, *output = NULL;
  if (argc != 3) {
    fprintf(stderr, "usage: %s PLUGIN MODEL\n", argv[0]);
    return 2;
  }
  pje_error *error = pje_client_open(argv[1], NULL, &client);
  if (!error) error = pje_program_from_file(argv[2], &program);
  if (!error) error = pje_client_compile(client, program, NULL, &executable);
  if (!error) error = pje_buffer_from_host(client, x, sizeof x, PJE_F32, dims, 1, NULL, &input);
  if (!error) error = pje_loaded_executable_execute(executable, &input, 1, NULL, &output, 1);
  if (!error) error = pje_buffer_to_host(output, y, sizeof y);
  /* Everything is released, in any order, whether or not it was made. */
  pje_client_release(client);
  pje_program_release(program);
  pje_loaded_executable_release(executable);
  pje_buffer_release(input);
  pje_buffer_release(output);
  if (error) return failed(error);
  printf("%g %g %g %g\n", (double)y[0], (double)y[1], (double)y[2], (double)y[3]);
  return 0;
}
