// What the files of the compile options share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "capi/guard.hpp"
#include "core/bytes.hpp"
#include "core/compile_options.hpp"
#include "core/layout.hpp"
#include "pjrt_easy/compile_options.h"

namespace pje::capi {

// Runs `body` on the options behind a handle.
template <class Body>
pje_error *on_options(const char *function, const pje_compile_options *options, Body &&body) noexcept {
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(CompileOptions, self, options);
    return body(self);
  });
}

// Likewise, and gives what it returns to the caller.
template <class Body>
pje_error *bytes_from_options(const char *function, const pje_compile_options *options, pje_bytes **out,
                              Body &&body) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_ASSIGN(std::string bytes, body(self));
    *out = make<Bytes>(std::move(bytes)).to_public();
    return {};
  });
}

template <class Answer, class Body>
Answer options_answer(const char *function, const pje_compile_options *options, Answer fallback,
                      Body &&body) noexcept {
  return answered<CompileOptions>(function, "options", options, fallback, std::forward<Body>(body));
}

// Lends a list or string: its address, or NULL when it is empty, and its size.
template <class List>
auto lend(const List &list, size_t *size) noexcept -> decltype(list.data()) {
  if (size != nullptr) *size = list.size();
  return list.size() == 0 ? nullptr : list.data();
}

}  // namespace pje::capi

// Checks an input list or block of bytes; NULL stands for an empty one.
#define PJE_INPUT(pointer, size)                                                           \
  do {                                                                                     \
    if (pointer == nullptr && size != 0)                                                   \
      return ::pje::invalid_argument(                                                      \
          ::pje::concat("argument \"" #pointer "\" is NULL but \"" #size "\" is ", size)); \
  } while (false)
