/* The loop that runs from Zig are measured against, wholly in C, and what both are measured with. */
#include <pjrt_easy.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

double thread_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* 0 when it cannot be read. */
size_t resident_bytes(void) {
  size_t pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%*d %zu", &pages) != 1) pages = 0;
  fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* Executes `n` times with one argument and one output; false when a run failed. */
bool execute_in_c(pje_loaded_executable *executable, pje_buffer *argument, size_t n) {
  for (; n > 0; --n) {
    pje_buffer *output = NULL;
    pje_error *error = pje_loaded_executable_execute(executable, &argument, 1, NULL, &output, 1);
    if (error != NULL) {
      pje_error_release(error);
      return false;
    }
    pje_buffer_release(output);
  }
  return true;
}
