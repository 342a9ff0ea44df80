#include "raw_support.h"

typedef void *function(struct args *);

size_t index_of(const char *name) {
  size_t index = 0;
  while (index < pje_num_functions() && strcmp(pje_function_name(index), name) != 0) ++index;
  assert_true(index < pje_num_functions());
  return index;
}
void *call_with(const char *name, struct args *args) {
  /* Fit for callbacks, where nothing may be loaded. */
  pje_plugin *plugin = pje_client_plugin(shared_client());
  function *slot;
  size_t index = index_of(name), size = 0;
  const char *table = pje_plugin_raw_api(plugin, &size);
  args->struct_size = pje_function_args_size(index);
  assert_true(args->struct_size >= 24 && args->struct_size <= sizeof *args);
  assert_true(pje_function_offset(index) + sizeof slot <= size);
  memcpy(&slot, table + pje_function_offset(index), sizeof slot);
  return slot(args);
}
struct args call(const char *name, void *object) {
  struct args args;
  memset(&args, 0, sizeof args);
  args.object = object;
  assert_null(call_with(name, &args));
  return args;
}
