#include "base/slot_pool.hpp"

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <new>

#include "base/mutex.hpp"
#include "base/pins.hpp"
#include "base/validate.hpp"

namespace pje {

std::atomic<uintptr_t> SlotPool::base_{0};
std::atomic<size_t> SlotPool::committed_{0};
std::atomic<size_t> SlotPool::pinned_{0};

namespace {

constexpr size_t kMinWaiting = SlotCache::kMinWaiting;
// A thread keeps this many to take from; beyond it, half go to the other threads.
constexpr ptrdiff_t kCacheHigh = 448;
constexpr size_t kFlush = 256;
constexpr size_t kBatch = 32;
constexpr size_t kCommitStep = size_t{1} << 20;

struct Global {
  Mutex mutex;
  Slot *head = nullptr;
  Slot **end = &head;
  size_t count = 0;
  size_t used = 0;
  size_t reserved = 0;

  void push(Slot *first, Slot *last, size_t n) noexcept {
    *end = first;
    end = &last->next;
    count += n;
  }
};

// Never destroyed: threads of plugins outlive main.
Global &global() noexcept {
  alignas(Global) static std::byte memory[sizeof(Global)];
  static Global &instance = *new (memory) Global;
  return instance;
}

// The last of `n` chained slots.
Slot *last_of(Slot *first, size_t n) noexcept {
  for (; n > 1; --n) first = first->next;
  return first;
}

}  // namespace

struct SlotPoolImplementation {
  static void reserve(Global &g) {
    for (size_t size = size_t{1} << 36; size >= (size_t{1} << 26); size >>= 1) {
      void *memory = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (memory == MAP_FAILED) continue;
      uintptr_t base = (reinterpret_cast<uintptr_t>(memory) + kSlotSize - 1) & ~uintptr_t{kSlotSize - 1};
      g.reserved = size - kCommitStep;
      SlotPool::base_.store(base, std::memory_order_relaxed);
      handles_are_pinned.store(validating(), std::memory_order_relaxed);
      if (validating()) ordinary_callback_depth.store(-1, std::memory_order_relaxed);
      return;
    }
    throw std::bad_alloc();
  }

  // Memory that never was a slot, chained and ended by NULL.
  static Slot *grow(Global &g) {
    if (g.reserved == 0) reserve(g);
    uintptr_t base = SlotPool::base_.load(std::memory_order_relaxed);
    std::atomic<size_t> &known = validating() ? SlotPool::pinned_ : SlotPool::committed_;
    size_t committed = known.load(std::memory_order_relaxed);
    if (g.used + kBatch * kSlotSize > committed) {
      if (committed + kCommitStep > g.reserved) throw std::bad_alloc();
      if (mprotect(reinterpret_cast<void *>(base + committed), kCommitStep, PROT_READ | PROT_WRITE) != 0)
        throw std::bad_alloc();
      known.store(committed + kCommitStep, std::memory_order_relaxed);
    }
    auto *slots = reinterpret_cast<Slot *>(base + g.used);
    g.used += kBatch * kSlotSize;
    for (size_t i = 0; i < kBatch; ++i) slots[i].next = i + 1 < kBatch ? &slots[i + 1] : nullptr;
    return slots;
  }

  static Slot *refill() {
    Global &g = global();
    Lock lock(g.mutex);
    if (g.count <= kMinWaiting) return grow(g);
    // More than kMinWaiting stay, so the list does not become empty.
    size_t n = std::min(kBatch, g.count - kMinWaiting);
    Slot *first = g.head;
    Slot *last = last_of(first, n);
    g.head = std::exchange(last->next, nullptr);
    g.count -= n;
    return first;
  }

  // Gives the oldest of this thread's away, until it has room again.
  static void flush() noexcept {
    Global &g = global();
    Lock lock(g.mutex);
    while (slot_cache.available >= kCacheHigh) {
      Slot *first = slot_cache.head;
      Slot *last = last_of(first, kFlush);
      slot_cache.head = last->next;
      slot_cache.available -= static_cast<ptrdiff_t>(kFlush);
      g.push(first, last, kFlush);
    }
  }

  static void end_thread() noexcept {
    Global &g = global();
    Lock lock(g.mutex);
    auto waiting = static_cast<size_t>(slot_cache.available + SlotCache::kMinWaiting);
    if (waiting > 0) g.push(slot_cache.head, last_of(slot_cache.head, waiting), waiting);
    while (slot_cache.ready != nullptr) {
      Slot *slot = slot_cache.ready;
      slot_cache.ready = slot->next;
      g.push(slot, slot, 1);
    }
    slot_cache.end = &slot_cache.head;
    slot_cache.available = -SlotCache::kMinWaiting;
    slot_cache.limit = PTRDIFF_MIN;
    slot_cache.state = SlotCache::kEnded;
  }

  static void register_thread();
  static Slot *find_slot();
};

namespace {

struct CacheEnd {
  ~CacheEnd() { SlotPoolImplementation::end_thread(); }
};

}  // namespace

void SlotPoolImplementation::register_thread() {
  // The cache itself stays trivial so that reaching it costs no guard; only this one has a destructor.
  thread_local CacheEnd end;
  (void)&end;
  slot_cache.state = SlotCache::kRegistered;
  slot_cache.end = &slot_cache.head;
  slot_cache.limit = kCacheHigh;
}

bool SlotPool::contains_pinned(uintptr_t address) noexcept {
  return SlotRange{base_.load(std::memory_order_relaxed), pinned_.load(std::memory_order_relaxed)}.contains(
      address);
}

Slot *SlotPool::take_slowly() {
  Slot *slot = SlotPoolImplementation::find_slot();
  if (validating()) note_taken(*slot);
  return slot;
}

Slot *SlotPoolImplementation::find_slot() {
  if (slot_cache.state == SlotCache::kNew && !validating()) register_thread();
  if (slot_cache.ready == nullptr) slot_cache.ready = refill();
  Slot *slot = slot_cache.ready;
  slot_cache.ready = slot->next;
  if (slot_cache.state == SlotCache::kEnded) end_thread();
  return slot;
}

void SlotPool::put_slowly(Slot *first, Slot *last, ptrdiff_t count) noexcept {
  // A thread is never known here while handles are validated: every slot comes this way, and none comes back.
  if (validating()) {
    while (count-- > 0) note_given(*std::exchange(first, first->next));
    return;
  }
  if (slot_cache.state == SlotCache::kEnded) {
    Global &g = global();
    Lock lock(g.mutex);
    g.push(first, last, static_cast<size_t>(count));
    return;
  }
  if (slot_cache.state == SlotCache::kNew) SlotPoolImplementation::register_thread();
  *slot_cache.end = first;
  slot_cache.end = &last->next;
  slot_cache.available += count;
  if (slot_cache.available >= kCacheHigh) SlotPoolImplementation::flush();
}

size_t SlotPool::live() noexcept {
  Global &g = global();
  Lock lock(g.mutex);
  auto *slots = reinterpret_cast<Slot *>(base_.load(std::memory_order_relaxed));
  size_t count = 0;
  for (size_t i = 0; i < g.used / kSlotSize; ++i)
    count += SlotWord::alive(slots[i].word.load(std::memory_order_relaxed)) ? 1 : 0;
  return count;
}

std::span<Slot> SlotPool::all() noexcept {
  Global &g = global();
  Lock lock(g.mutex);
  return {reinterpret_cast<Slot *>(base_.load(std::memory_order_relaxed)), g.used / kSlotSize};
}

// A child made by fork has none of the threads that might hold one of these.
[[gnu::constructor]] static void keep_locks_usable_after_fork() {
  auto lock_all = [] {
    global().mutex.lock();
    creation_sites_mutex().lock();
    pins_mutex().lock();
  };
  auto unlock_all = [] {
    pins_mutex().unlock();
    creation_sites_mutex().unlock();
    global().mutex.unlock();
  };
  auto in_child = [] {
    forget_calls_of_other_threads();
    pins_mutex().unlock();
    creation_sites_mutex().unlock();
    global().mutex.unlock();
  };
  pthread_atfork(lock_all, unlock_all, in_child);
}

void SlotReservation::reserve_slowly() {
  is_own_ = true;
  size_t wanted = std::exchange(left_, 0);
  try {
    for (; left_ < wanted; ++left_) {
      Slot *slot = SlotPool::take();
      slot->next = own_;
      own_ = slot;
    }
  } catch (...) {
    give_back();
    throw;
  }
}

void SlotReservation::give_back() noexcept {
  if (!is_own_) {
    slot_cache.available += static_cast<ptrdiff_t>(left_);
    left_ = 0;
    return;
  }
  // Nobody has heard of these, but the next one to take them should not be surprised by their order.
  for (; left_ > 0; --left_) SlotPool::give(std::exchange(own_, own_->next));
}

}  // namespace pje
