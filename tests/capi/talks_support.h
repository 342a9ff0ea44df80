/* A program that talks to its host while it runs, and a host that answers. */
#ifndef PJE_TESTS_CAPI_TALKS_SUPPORT_H_
#define PJE_TESTS_CAPI_TALKS_SUPPORT_H_

#include <pthread.h>

#include "harness.h"

/* Sends 2 x and returns what it receives, plus x. */
extern const char kTalks[];
extern const float kAnswer[6];

/* What the handlers of a test have seen and are to do. */
struct host {
  float sent[6];
  size_t sent_bytes;
  int chunks;
  int last;
  const float *answer;
  size_t piece;
  const char *refuse;
  pje_chunk *kept;
  pje_copy_stream *stream;
  pthread_t thread;
  bool in_a_thread;
  bool ends_early;
  struct calls released;
  struct calls ended;
};

pje_error *take_chunk(void *user_data, const pje_transfer_info *info, pje_chunk *chunk);
pje_error *give_stream(void *user_data, const pje_transfer_info *info, pje_copy_stream *stream);
pje_execute_handlers *handlers_of(struct host *host);
pje_buffer *upload_2x3(void);
pje_error *run_talks(struct host *host, uint64_t flags, pje_buffer **output);
void expect_talked(struct host *host, int chunks);

#endif /* PJE_TESTS_CAPI_TALKS_SUPPORT_H_ */
