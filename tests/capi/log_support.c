#include "log_support.h"

#include <pthread.h>

struct record records[256];
size_t num_records;
static pthread_mutex_t records_lock = PTHREAD_MUTEX_INITIALIZER;

void note(void *user_data, int32_t kind, pje_code code, const char *function, const char *message) {
  assert_ptr_equal(user_data, records);
  pthread_mutex_lock(&records_lock);
  struct record *record = &records[num_records++ % COUNT(records)];
  record->kind = kind;
  record->code = code;
  snprintf(record->function, sizeof record->function, "%s", function);
  snprintf(record->message, sizeof record->message, "%s", message);
  pthread_mutex_unlock(&records_lock);
}

void start_notes(void) {
  num_records = 0;
  expect_ok(pje_log_set_callback(note, records));
}

void end_notes(void) { expect_ok(pje_log_set_callback(NULL, NULL)); }

const struct record *find_record(int32_t kind, const char *part) {
  for (size_t i = 0; i < num_records && i < COUNT(records); ++i)
    if (records[i].kind == kind && strstr(records[i].message, part) != NULL) return &records[i];
  return NULL;
}
