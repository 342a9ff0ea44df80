/* What the tests of the compile options share. */
#ifndef PJE_TESTS_CAPI_COMPILE_OPTIONS_SUPPORT_H_
#define PJE_TESTS_CAPI_COMPILE_OPTIONS_SUPPORT_H_

#include "harness.h"

pje_compile_options *make_options(void);
pje_bytes *bytes_of(const pje_compile_options *options);
bool same_bytes(const pje_bytes *a, const pje_bytes *b);
bool field_is_set(const pje_compile_options *options, const char *field);
void clear_field(pje_compile_options *options, const char *field);
/* Whether the text dump has `part`. */
bool text_has(const pje_compile_options *options, const char *part);

/* The options themselves, a copy of them, and what comes back from their bytes: each must say the same. */
#define COPIES 3
pje_compile_options *nth_copy(const pje_compile_options *options, size_t index);
#define IN_EVERY_COPY(options, copy)                                                      \
  for (size_t copy_index_ = 0; copy_index_ < COPIES; ++copy_index_)                       \
    for (pje_compile_options *copy = nth_copy(options, copy_index_), *once_##copy = copy; \
         once_##copy != NULL; pje_compile_options_release(copy), once_##copy = NULL)

/* A refusal must leave everything as it was. */
#define CHANGES_NOTHING(options)                                                              \
  for (pje_bytes *before_ = bytes_of(options), *once_before_ = before_; once_before_ != NULL; \
       expect_unchanged_(options, before_, __FILE__, __LINE__), once_before_ = NULL)
void expect_unchanged_(const pje_compile_options *options, pje_bytes *before, const char *file, int line);

#endif /* PJE_TESTS_CAPI_COMPILE_OPTIONS_SUPPORT_H_ */
