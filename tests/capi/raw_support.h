/* The functions of the fake plugin, called past the library. */
#ifndef PJE_TESTS_CAPI_RAW_SUPPORT_H_
#define PJE_TESTS_CAPI_RAW_SUPPORT_H_

#include "harness.h"

/* What every argument struct begins with. */
struct args {
  size_t struct_size;
  void *extension;
  void *object;
  union {
    const void *pointer;
    int number;
    bool flag;
  } answer;
  size_t more[8];
};

size_t index_of(const char *name);
/* Calls PJRT_`name`; the `PJRT_Error *` is the caller's. */
void *call_with(const char *name, struct args *args);
/* Calls it on an object; its answer is the member after that. */
struct args call(const char *name, void *object);

#endif /* PJE_TESTS_CAPI_RAW_SUPPORT_H_ */
