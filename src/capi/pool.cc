#include "pjrt_easy/pool.h"

#include "base/workers.hpp"
#include "capi/guard.hpp"

using pje::Status;
using pje::Workers;
using pje::capi::guarded;

namespace {

// More would be a mistake: each has a stack.
constexpr size_t kMaxThreads = 4096;

}  // namespace

extern "C" {

pje_error *pje_pool_set_num_threads(size_t n) noexcept {
  constexpr const char *function = "pje_pool_set_num_threads";
  return guarded(function, [&]() -> Status {
    if (n == 0 || n > kMaxThreads)
      return pje::invalid_argument(pje::concat("argument \"n\" is ", n, ": expected 1 to ", kMaxThreads));
    Workers::pool().set_max_threads(n);
    Workers::launcher().set_max_threads(n);
    return {};
  });
}

size_t pje_pool_num_threads(void) noexcept { return Workers::pool().max_threads(); }

}  // extern "C"
