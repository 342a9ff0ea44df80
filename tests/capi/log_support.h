/* What the log callback was told. */
#ifndef PJE_TESTS_CAPI_LOG_SUPPORT_H_
#define PJE_TESTS_CAPI_LOG_SUPPORT_H_

#include "harness.h"

struct record {
  int32_t kind;
  pje_code code;
  char function[64];
  char message[256];
};
/* Oldest first. */
extern struct record records[256];
extern size_t num_records;

/* A log callback; its data is `records`. */
void note(void *user_data, int32_t kind, pje_code code, const char *function, const char *message);
void start_notes(void);
void end_notes(void);
const struct record *find_record(int32_t kind, const char *part);

#endif /* PJE_TESTS_CAPI_LOG_SUPPORT_H_ */
