// What calls use while PJE_VALIDATE=1: it lives until they end, whoever releases it meanwhile, and that is
// told.
#pragma once

#include <atomic>
#include <new>

#include "base/mutex.hpp"

namespace pje {

class Object;
struct Slot;
enum class ObjectType : uint8_t;

// Set before the first handle exists, if ever. Handles are then in no range that the quick ways look at.
inline constinit std::atomic<bool> handles_are_pinned{false};

// Calls on threads that are more often in callbacks than this have something to do first: refuse, or begin
// their scope. One look for both, since nearly every call takes it.
inline constinit std::atomic<int> ordinary_callback_depth{0};

// The time of a call of the program's, once it has begun.
class CallScope {
 public:
  CallScope() noexcept = default;
  ~CallScope() {
    if (handles_are_pinned.load(std::memory_order_relaxed)) [[unlikely]]
      end(this);
  }
  CallScope(const CallScope &) = delete;
  CallScope &operator=(const CallScope &) = delete;

  // False when handles are not pinned, or there is no memory to note it.
  bool begin(const char *function) noexcept;

 private:
  static void end(const CallScope *scope) noexcept;
};

// Part of a call in which the library uses handles of its own objects. These must be able to go before the
// call ends: memory that was uploaded without a copy is free again only after its buffer.
class OwnHandles {
 public:
  OwnHandles() {
    if (handles_are_pinned.load(std::memory_order_relaxed) && !scope_.begin(nullptr)) throw std::bad_alloc();
  }

 private:
  CallScope scope_;
};

// The object that a handle names, or NULL; what the program's call names lives until that ends.
Object *pin_to_call(const void *handle, ObjectType type) noexcept;

// Held while objects are found for calls: a last release sees either what a call uses, or comes before it.
Mutex &pins_mutex() noexcept;
// With the lock held: the function by which another thread uses an object that must not lose its last handle
// meanwhile, or NULL.
const char *call_of_another_thread(const Slot &slot) noexcept;
// With the lock held, in a child made by fork: the calls of threads that are not there any more. What they
// use is never ended.
void forget_calls_of_other_threads() noexcept;

}  // namespace pje
