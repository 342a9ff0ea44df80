#include "base/object.hpp"

#include <sys/mman.h>

#include <mutex>

#include "base/thread_context.hpp"
#include "base/validate.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define PJE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PJE_ASAN 1
#endif
#endif
#ifdef PJE_ASAN
#include <sanitizer/asan_interface.h>
#define PJE_POISON(slot) __asan_poison_memory_region((slot)->storage, sizeof((slot)->storage))
#define PJE_UNPOISON(slot) __asan_unpoison_memory_region((slot)->storage, sizeof((slot)->storage))
#else
#define PJE_POISON(slot) ((void)(slot))
#define PJE_UNPOISON(slot) ((void)(slot))
#endif

namespace pje {

std::atomic<uintptr_t> SlotPool::base_{0};
std::atomic<size_t> SlotPool::committed_{0};

namespace {

// A freed slot waits behind at least this many others before it is used again, so that a stale handle meets a
// changed generation for thousands of lives instead of 128.
constexpr size_t kMinWaiting = 64;
constexpr size_t kCacheHigh = 512;
constexpr size_t kFlush = 256;
constexpr size_t kBatch = 32;
constexpr size_t kCommitStep = size_t{1} << 20;

struct SlotList {
  Slot *head = nullptr;
  Slot *tail = nullptr;
  size_t count = 0;

  void push(Slot *slot) noexcept {
    slot->next = nullptr;
    if (tail == nullptr)
      head = slot;
    else
      tail->next = slot;
    tail = slot;
    ++count;
  }
  Slot *pop() noexcept {
    Slot *slot = pop_of_several();
    if (head == nullptr) tail = nullptr;
    return slot;
  }
  Slot *pop_of_several() noexcept {
    Slot *slot = head;
    head = slot->next;
    --count;
    return slot;
  }
  void move_to(SlotList &other, size_t n) noexcept {
    while (n-- > 0 && head != nullptr) other.push(pop());
  }
};

struct ThreadCache {
  SlotList waiting;
  Slot *fresh = nullptr;
  size_t num_fresh = 0;
  enum : uint8_t { kNew, kRegistered, kEnded } state = kNew;
};

[[gnu::tls_model("initial-exec")]] constinit thread_local ThreadCache cache;

struct Global {
  std::mutex mutex;
  SlotList waiting;
  size_t used = 0;
  size_t reserved = 0;
};

// Never destroyed: threads of plugins outlive main.
Global &global() noexcept {
  alignas(Global) static std::byte memory[sizeof(Global)];
  static Global &instance = *new (memory) Global;
  return instance;
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
      return;
    }
    throw std::bad_alloc();
  }

  static Slot *grow(Global &g, size_t &n) {
    if (g.reserved == 0) reserve(g);
    uintptr_t base = SlotPool::base_.load(std::memory_order_relaxed);
    size_t committed = SlotPool::committed_.load(std::memory_order_relaxed);
    if (g.used + n * kSlotSize > committed) {
      if (committed + kCommitStep > g.reserved) throw std::bad_alloc();
      if (mprotect(reinterpret_cast<void *>(base + committed), kCommitStep, PROT_READ | PROT_WRITE) != 0)
        throw std::bad_alloc();
      SlotPool::committed_.store(committed + kCommitStep, std::memory_order_relaxed);
    }
    auto *first = reinterpret_cast<Slot *>(base + g.used);
    g.used += n * kSlotSize;
    return first;
  }

  static Slot *refill() {
    Global &g = global();
    std::lock_guard lock(g.mutex);
    if (g.waiting.count > kMinWaiting) {
      g.waiting.move_to(cache.waiting, kBatch);
      return cache.waiting.pop();
    }
    size_t n = kBatch;
    Slot *first = grow(g, n);
    cache.fresh = first + 1;
    cache.num_fresh = n - 1;
    return first;
  }

  static void flush(size_t n) noexcept {
    Global &g = global();
    std::lock_guard lock(g.mutex);
    cache.waiting.move_to(g.waiting, n);
  }

  static void end_thread() noexcept {
    Global &g = global();
    std::lock_guard lock(g.mutex);
    cache.waiting.move_to(g.waiting, cache.waiting.count);
    for (; cache.num_fresh > 0; --cache.num_fresh) g.waiting.push(cache.fresh++);
    cache.state = ThreadCache::kEnded;
  }

  static Slot *take_slowly() {
    Slot *slot = find_slot();
    if (validating()) note_taken(*slot);
    return slot;
  }

  static Slot *find_slot() {
    if (cache.num_fresh > 0) {
      --cache.num_fresh;
      return cache.fresh++;
    }
    bool ended = cache.state == ThreadCache::kEnded;
    if (cache.state == ThreadCache::kNew && !validating()) register_thread();
    Slot *slot = refill();
    if (ended) end_thread();
    return slot;
  }

  // Answers whether the slot still has to go to the cache.
  static bool prepare_to_give(Slot *slot) noexcept {
    // A thread is never known here while handles are validated: every slot comes this way, and none comes
    // back.
    if (validating()) {
      note_given(*slot);
      return false;
    }
    if (cache.state == ThreadCache::kEnded) {
      Global &g = global();
      std::lock_guard lock(g.mutex);
      g.waiting.push(slot);
      return false;
    }
    register_thread();
    return true;
  }

  static void register_thread();
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
  cache.state = ThreadCache::kRegistered;
}

Slot *SlotPool::take() {
  // An ended thread's cache is empty.
  Slot *slot = cache.waiting.count > kMinWaiting ? cache.waiting.pop_of_several()
                                                 : SlotPoolImplementation::take_slowly();
  PJE_UNPOISON(slot);
  return slot;
}

void SlotPool::give(Slot *slot) noexcept {
  unsigned generation = (SlotWord::generation(slot->word.load(std::memory_order_relaxed)) + 1) & 127;
  slot->word.store(SlotWord::make(generation, ObjectType::kFree, 0), std::memory_order_release);
  PJE_POISON(slot);
  if (cache.state != ThreadCache::kRegistered) [[unlikely]]
    if (!SlotPoolImplementation::prepare_to_give(slot)) return;
  cache.waiting.push(slot);
  if (cache.waiting.count > kCacheHigh) SlotPoolImplementation::flush(kFlush);
}

size_t SlotPool::live() noexcept {
  Global &g = global();
  std::lock_guard lock(g.mutex);
  auto *slots = reinterpret_cast<Slot *>(base_.load(std::memory_order_relaxed));
  size_t count = 0;
  for (size_t i = 0; i < g.used / kSlotSize; ++i)
    count += SlotWord::alive(slots[i].word.load(std::memory_order_relaxed)) ? 1 : 0;
  return count;
}

std::span<Slot> SlotPool::all() noexcept {
  Global &g = global();
  std::lock_guard lock(g.mutex);
  return {reinterpret_cast<Slot *>(base_.load(std::memory_order_relaxed)), g.used / kSlotSize};
}

void SlotPool::lock_for_fork() noexcept { global().mutex.lock(); }
void SlotPool::unlock_after_fork() noexcept { global().mutex.unlock(); }

void Object::release() const noexcept {
  uint64_t before = slot()->word.fetch_sub(SlotWord::kInternalOne, std::memory_order_acq_rel);
  if (!SlotWord::alive(before - SlotWord::kInternalOne)) const_cast<Object *>(this)->on_unreferenced();
}

void Object::destroy() noexcept {
  Slot *s = slot();
  this->~Object();
  SlotPool::give(s);
}

namespace {

// Finds the word of a handle, or NULL when the address is none of ours.
std::atomic<uint64_t> *word_of(const void *handle) noexcept {
  uintptr_t bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::contains(bits)) return nullptr;
  return &reinterpret_cast<Slot *>(bits & ~uintptr_t{kSlotSize - 1})->word;
}

bool matches(uint64_t word, const void *handle, ObjectType type) noexcept {
  return SlotWord::matches(word, reinterpret_cast<uintptr_t>(handle) & (kSlotSize - 1), type);
}

Object *object_of(std::atomic<uint64_t> *word) noexcept {
  return std::launder(reinterpret_cast<Object *>(reinterpret_cast<Slot *>(word)->storage));
}

}  // namespace

bool retain_handle(const void *handle, ObjectType type) noexcept {
  std::atomic<uint64_t> *word = word_of(handle);
  if (word == nullptr) return false;
  uint64_t old = word->load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type)) return false;
    if ((old & SlotWord::kPublicMask) == SlotWord::kPublicMask) return false;
  } while (!word->compare_exchange_weak(old, old + SlotWord::kPublicOne, std::memory_order_acq_rel));
  if ((old & SlotWord::kLent) != 0 && (old & SlotWord::kPublicMask) == 0)
    object_of(word)->on_first_public_reference();
  return true;
}

bool acquire_if_alive(const void *handle, ObjectType type) noexcept {
  std::atomic<uint64_t> *word = word_of(handle);
  if (word == nullptr) return false;
  uint64_t old = word->load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type)) return false;
  } while (!word->compare_exchange_weak(old, old + SlotWord::kInternalOne, std::memory_order_acq_rel));
  return true;
}

bool release_handle(const void *handle, ObjectType type) noexcept {
  std::atomic<uint64_t> *word = word_of(handle);
  if (word == nullptr) return false;
  uint64_t old = word->load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type) || (old & SlotWord::kPublicMask) == 0) return false;
  } while (!word->compare_exchange_weak(old, old - SlotWord::kPublicOne, std::memory_order_acq_rel));
  uint64_t now = old - SlotWord::kPublicOne;
  if ((now & SlotWord::kLent) != 0) {
    if ((now & SlotWord::kPublicMask) == 0) object_of(word)->on_last_public_reference();
  } else if (!SlotWord::alive(now)) {
    object_of(word)->on_unreferenced();
  }
  return true;
}

const char *object_type_name(ObjectType type) noexcept {
  static constexpr const char *kNames[] = {"nothing",
                                           "pje_error",
                                           "pje_plugin",
                                           "pje_client",
                                           "pje_device",
                                           "pje_memory",
                                           "pje_topology",
                                           "pje_device_description",
                                           "pje_program",
                                           "pje_compile_options",
                                           "pje_executable",
                                           "pje_loaded_executable",
                                           "pje_buffer",
                                           "pje_event",
                                           "pje_completion_queue",
                                           "pje_request_queue",
                                           "pje_array",
                                           "pje_named_values",
                                           "pje_bytes",
                                           "pje_kv_store",
                                           "pje_execute_context",
                                           "pje_transfer_manager",
                                           "pje_copy_stream",
                                           "pje_layout",
                                           "pje_device_assignment",
                                           "pje_fulfilment",
                                           "pje_buffer_reference",
                                           "pje_dma_mapping",
                                           "pje_tracking_event",
                                           "pje_chunk",
                                           "a chunk given away",
                                           "pje_execute_handlers"};
  static_assert(sizeof(kNames) / sizeof(kNames[0]) == static_cast<size_t>(ObjectType::kCount));
  return type < ObjectType::kCount ? kNames[static_cast<size_t>(type)] : "nothing";
}

const char *describe_wrong_handle(const void *handle, ObjectType wanted) noexcept {
  if (handle == nullptr) return "is NULL";
  std::atomic<uint64_t> *word = word_of(handle);
  if (word == nullptr) return "is not a handle of this library";
  uint64_t value = word->load(std::memory_order_relaxed);
  uintptr_t low = reinterpret_cast<uintptr_t>(handle) & (kSlotSize - 1);
  if (low > 127) return "is not a handle of this library";
  if (!SlotWord::alive(value) || SlotWord::generation(value) != low) return "was released before";
  ObjectType type = SlotWord::type(value);
  return type == wanted ? "was released more often than retained" : object_type_name(type);
}

}  // namespace pje
