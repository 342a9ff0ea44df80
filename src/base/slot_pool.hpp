// Slots of one size in a reserved range that is never unmapped, for the objects behind handles.
//
// Freed slots wait in a queue of their thread, behind at least 64 others, before they are used again, so that
// a stale handle meets a changed generation for thousands of lives instead of 128. Taking and giving without
// a look beyond the thread is inlined; everything rarer is in slot_pool.cc.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#define PJE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PJE_ASAN 1
#endif
#endif
#ifdef PJE_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace pje {

enum class ObjectType : uint8_t;

// One word settles every question about a slot: who holds it, what it is, and which life it is in.
// Public references (the caller's) and internal ones (ours) are counted apart, so that releasing a handle too
// often can never take away a reference that a child holds.
struct SlotWord {
  static constexpr uint64_t kInternalOne = 1;
  static constexpr uint64_t kInternalMask = (uint64_t{1} << 25) - 1;
  static constexpr uint64_t kPublicOne = uint64_t{1} << 25;
  static constexpr uint64_t kPublicMask = ((uint64_t{1} << 24) - 1) << 25;
  static constexpr uint64_t kLent = uint64_t{1} << 49;
  static constexpr int kTypeShift = 50;
  static constexpr uint64_t kTypeMask = uint64_t{63} << kTypeShift;
  // The highest bit is never set: see expected().
  static constexpr int kGenerationShift = 56;
  static constexpr uint64_t kGenerationOne = uint64_t{1} << kGenerationShift;
  static constexpr uint64_t kGenerationMask = uint64_t{127} << kGenerationShift;
  static constexpr uint64_t kTopBit = uint64_t{1} << 63;

  static constexpr bool alive(uint64_t word) noexcept {
    return (word & (kInternalMask | kPublicMask | kLent)) != 0;
  }
  static constexpr bool referenced(uint64_t word) noexcept {
    return (word & (kInternalMask | kPublicMask)) != 0;
  }
  static constexpr unsigned generation(uint64_t word) noexcept {
    return static_cast<unsigned>(word >> kGenerationShift);
  }
  static constexpr ObjectType type(uint64_t word) noexcept {
    return static_cast<ObjectType>((word & kTypeMask) >> kTypeShift);
  }
  // What a living slot has above its counts when a handle is right. The handle's low byte is its generation;
  // an eighth bit in it meets one that no word has.
  static constexpr uint64_t expected(uintptr_t handle, ObjectType type) noexcept {
    return (uint64_t{handle} << kGenerationShift) + (static_cast<uint64_t>(type) << kTypeShift);
  }
  static constexpr bool matches(uint64_t word, uintptr_t handle, ObjectType type) noexcept {
    // Equal above the counts, and the counts are not all zero.
    return word - expected(handle, type) - 1 < (uint64_t{1} << kTypeShift) - 1;
  }
  // Of a living slot, counts left out: whether a handle is right. What nobody holds any more, and is about to
  // end, still passes.
  static constexpr bool names(uint64_t word, uintptr_t handle, ObjectType type) noexcept {
    return (((uint64_t{handle} << kGenerationShift) ^ word) >> kTypeShift) == static_cast<uint64_t>(type);
  }
  // A free slot keeps the generation of its last life, and nothing else; the next life has the next one.
  static constexpr uint64_t freed(uint64_t word) noexcept { return word & kGenerationMask; }
  static constexpr uint64_t freed_by(uintptr_t handle) noexcept {
    return uint64_t{handle} << kGenerationShift;
  }
  static constexpr uint64_t begun(uint64_t free_word, ObjectType type, uint64_t counts) noexcept {
    return (free_word + (kGenerationOne + (static_cast<uint64_t>(type) << kTypeShift) + counts)) & ~kTopBit;
  }
};
static_assert(SlotWord::kLent << 1 == uint64_t{1} << SlotWord::kTypeShift);
static_assert(SlotWord::kTypeMask + (uint64_t{1} << SlotWord::kTypeShift) == SlotWord::kGenerationOne);

inline constexpr size_t kSlotSize = 256;

struct alignas(kSlotSize) Slot {
  std::atomic<uint64_t> word;
  Slot *next;
  // Not 0: the storage holds an object as the creator of that stamp leaves it but for a few members, and
  // after the end of its life too, so that the next one can begin with those members alone.
  std::atomic<uint64_t> stamp;
  std::byte storage[kSlotSize - 24];

  uintptr_t handle_of(uint64_t value) const noexcept {
    return reinterpret_cast<uintptr_t>(this) | SlotWord::generation(value);
  }
  static Slot *of(uintptr_t handle) noexcept {
    return reinterpret_cast<Slot *>(handle & ~uintptr_t{kSlotSize - 1});
  }
  // Where the object of a handle would be, if it were one.
  static void *storage_at(uintptr_t handle) noexcept {
    return reinterpret_cast<void *>((handle & ~uintptr_t{kSlotSize - 1}) + offsetof(Slot, storage));
  }
#ifdef PJE_ASAN
  void poison() noexcept { __asan_poison_memory_region(storage, sizeof(storage)); }
  void unpoison() noexcept { __asan_unpoison_memory_region(storage, sizeof(storage)); }
#else
  void poison() noexcept {}
  void unpoison() noexcept {}
#endif
};
static_assert(sizeof(Slot) == kSlotSize);

// Which addresses can be handles. Loops keep a copy: a handle that the caller had before the call is in it.
struct SlotRange {
  uintptr_t base;
  size_t size;
  bool contains(uintptr_t address) const noexcept { return address - base < size; }
};

// The slots that a thread freed, oldest first.
struct SlotCache {
  static constexpr ptrdiff_t kMinWaiting = 64;

  Slot *head = nullptr;
  // Where the next one is linked in; set once the thread is known.
  Slot **end = nullptr;
  // How many may be taken: all that wait but the last kMinWaiting, and but those that are spoken for.
  ptrdiff_t available = -kMinWaiting;
  // From here on give() does not just link.
  ptrdiff_t limit = PTRDIFF_MIN;
  // Slots that need not wait: never used, or waited elsewhere.
  Slot *ready = nullptr;
  enum : uint8_t { kNew, kRegistered, kEnded } state = kNew;
};

// Always named as it is: through a reference, the null check of UndefinedBehaviorSanitizer reads flags that
// the linker's shorter form of the access does not set.
[[gnu::tls_model("initial-exec")]] inline constinit thread_local SlotCache slot_cache;

class SlotPool {
 public:
  // Takes a slot whose word holds its generation and nothing else; throws std::bad_alloc.
  static Slot *take() {
    Slot *slot;
    if (slot_cache.available > 0) [[likely]] {
      --slot_cache.available;
      slot = slot_cache.head;
      slot_cache.head = slot->next;
    } else {
      slot = take_slowly();
    }
    slot->unpoison();
    return slot;
  }
  // Ends the life that the slot's word names.
  static void give(Slot *slot) noexcept {
    slot->stamp.store(0, std::memory_order_relaxed);
    slot->word.store(SlotWord::freed(slot->word.load(std::memory_order_relaxed)), std::memory_order_release);
    slot->poison();
    put(slot, slot, 1);
  }
  // A promise of slots that this thread has: one that is not kept is withdrawn. False: it has too few.
  static bool promise(size_t count) noexcept {
    if (static_cast<ptrdiff_t>(count) > slot_cache.available && count != 0) [[unlikely]]
      return false;
    slot_cache.available -= static_cast<ptrdiff_t>(count);
    return true;
  }
  static void withdraw(size_t count) noexcept { slot_cache.available += static_cast<ptrdiff_t>(count); }
  // Calls `body(slot, i)` with promised slots in turn. The body must not take or give slots itself.
  template <class Body>
  [[gnu::always_inline]] static void take_promised(size_t count, Body &&body) noexcept {
    slot_cache.head = walk(slot_cache.head, count, body);
  }
  // Links in slots that are free already, chained by `next` from the first to the last.
  static void put(Slot *first, Slot *last, ptrdiff_t count) noexcept {
    if (slot_cache.available >= slot_cache.limit) [[unlikely]]
      return put_slowly(first, last, count);
    *slot_cache.end = first;
    slot_cache.end = &last->next;
    slot_cache.available += count;
  }
  static SlotRange range() noexcept {
    return {base_.load(std::memory_order_relaxed), committed_.load(std::memory_order_relaxed)};
  }
  static bool contains(uintptr_t address) noexcept {
    return range().contains(address) || contains_pinned(address);
  }
  // Slots in use; exact only while no other thread creates or frees.
  static size_t live() noexcept;
  // Every slot that was ever taken.
  static std::span<Slot> all() noexcept;

 private:
  friend struct SlotPoolImplementation;
  friend class SlotReservation;
  template <class Body>
  [[gnu::always_inline]] static Slot *walk(Slot *at, size_t count, Body &body) noexcept {
    for (size_t i = 0; i < count; ++i) {
      Slot *slot = std::exchange(at, at->next);
      slot->unpoison();
      body(slot, i);
    }
    return at;
  }
  static bool contains_pinned(uintptr_t address) noexcept;
  static Slot *take_slowly();
  static void put_slowly(Slot *first, Slot *last, ptrdiff_t count) noexcept;

  static std::atomic<uintptr_t> base_;
  static std::atomic<size_t> committed_;
  // Instead of the above while handles are pinned, so that no quick way finds one.
  static std::atomic<size_t> pinned_;
};

// Slots promised before a call that must not fail afterwards; taken once it has gone well.
class SlotReservation {
 public:
  explicit SlotReservation(size_t count) : left_(count) {
    if (static_cast<ptrdiff_t>(count) <= slot_cache.available) [[likely]]
      slot_cache.available -= static_cast<ptrdiff_t>(count);
    else
      reserve_slowly();
  }
  SlotReservation(const SlotReservation &) = delete;
  SlotReservation &operator=(const SlotReservation &) = delete;
  ~SlotReservation() {
    if (left_ != 0) [[unlikely]]
      give_back();
  }
  // Calls `body(slot, i)` with that many slots in turn. The body must not take or give slots itself.
  template <class Body>
  [[gnu::always_inline]] void take(size_t count, Body &&body) noexcept {
    Slot *&head = is_own_ ? own_ : slot_cache.head;
    head = SlotPool::walk(head, count, body);
    left_ -= count;
  }

 private:
  void reserve_slowly();
  void give_back() noexcept;

  size_t left_;
  // Slots of our own while the thread has not enough waiting.
  Slot *own_ = nullptr;
  bool is_own_ = false;
};

// What SlotPool::promise has promised, to be taken like what was reserved.
struct PromisedSlots {
  template <class Body>
  [[gnu::always_inline]] void take(size_t count, Body &&body) const noexcept {
    SlotPool::take_promised(count, body);
  }
};

}  // namespace pje
