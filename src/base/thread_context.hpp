// What this thread is doing on our behalf.
#pragma once

#include "base/mutex.hpp"

namespace pje {

// The library may be loaded late, but these few bytes fit the space that the dynamic loader keeps for that;
// every call reads them, and the general model costs a function call each time.
[[gnu::tls_model("initial-exec")]] inline constinit thread_local int callback_depth = 0;

inline bool in_callback() noexcept { return callback_depth > 0; }

// Marks the time in which a thread runs code of the user or of a plugin's callback.
class CallbackScope {
 public:
  CallbackScope() noexcept {
    assert_no_lock_held();
    ++callback_depth;
  }
  ~CallbackScope() { --callback_depth; }
  CallbackScope(const CallbackScope &) = delete;
  CallbackScope &operator=(const CallbackScope &) = delete;
};

}  // namespace pje
