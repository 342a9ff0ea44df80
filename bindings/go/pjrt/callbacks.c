/* The library's callbacks, as functions of C that call those of Go. */
#include "_cgo_export.h"

static void on_line(void *user_data, int32_t kind, pje_code code, const char *function, const char *message) {
  (void)user_data;
  goLogLine(kind, (int32_t)code, (char *)function, (char *)message);
}

pje_error *bridge_log_to_go(bool on) { return pje_log_set_callback(on ? on_line : NULL, NULL); }

static bool on_out_of_memory(void *handle) { return goOutOfMemory((uintptr_t)handle); }

pje_error *bridge_out_of_memory_to_go(pje_client *client, uintptr_t handle) {
  return pje_client_set_out_of_memory_callback(client, handle != 0 ? on_out_of_memory : NULL, (void *)handle);
}
