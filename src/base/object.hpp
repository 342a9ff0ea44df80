// Counted objects behind the handles of the C API.
//
// Objects live in fixed-size slots of one reserved range that is never unmapped, so a handle can be tested
// without following it into memory that is not ours. A handle is the slot's address with the slot's
// generation in the low seven bits; the generation changes when the slot is freed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

namespace pje {

enum class ObjectType : uint8_t {
  kFree = 0,
  kError,
  kPlugin,
  kClient,
  kDevice,
  kMemory,
  kTopology,
  kDeviceDescription,
  kProgram,
  kCompileOptions,
  kExecutable,
  kLoadedExecutable,
  kBuffer,
  kEvent,
  kCompletionQueue,
  kRequestQueue,
  kArray,
  kNamedValues,
  kBytes,
  kKvStore,
  kExecuteContext,
  kTransferManager,
  kCopyStream,
  kLayout,
  kDeviceAssignment,
  kFulfilment,
  kBufferReference,
  kDmaMapping,
  kTrackingEvent,
  kChunk,
  kChunkLease,
  kExecuteHandlers,
  kCount
};

const char *object_type_name(ObjectType type) noexcept;

// One word settles every question about a slot: who holds it, what it is, and which life it is in.
// Public references (the caller's) and internal ones (ours) are counted apart, so that releasing a handle too
// often can never take away a reference that a child holds.
struct SlotWord {
  static constexpr uint64_t kInternalOne = 1;
  static constexpr uint64_t kInternalMask = (uint64_t{1} << 26) - 1;
  static constexpr uint64_t kPublicOne = uint64_t{1} << 26;
  static constexpr uint64_t kPublicMask = ((uint64_t{1} << 24) - 1) << 26;
  static constexpr uint64_t kLent = uint64_t{1} << 50;
  static constexpr int kTypeShift = 51;
  static constexpr uint64_t kTypeMask = uint64_t{63} << kTypeShift;
  static constexpr int kGenerationShift = 57;
  static constexpr uint64_t kGenerationMask = uint64_t{127} << kGenerationShift;

  static constexpr uint64_t make(unsigned generation, ObjectType type, uint64_t counts) noexcept {
    return uint64_t{generation} << kGenerationShift | static_cast<uint64_t>(type) << kTypeShift | counts;
  }
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
  // Whether a slot is in the life, and of the type, that the low bits of a handle name. Generation and type
  // stand above the counts, so each half of the question is one shift.
  static constexpr bool matches(uint64_t word, uintptr_t low, ObjectType type) noexcept {
    constexpr int kTypeBits = kGenerationShift - kTypeShift;
    return word >> kTypeShift == (low << kTypeBits | static_cast<uint64_t>(type)) &&
           word << (64 - kTypeShift) != 0;
  }
};
static_assert(SlotWord::kLent << 1 == uint64_t{1} << SlotWord::kTypeShift);

inline constexpr size_t kSlotSize = 256;

struct alignas(kSlotSize) Slot {
  std::atomic<uint64_t> word;
  Slot *next;
  alignas(16) std::byte storage[kSlotSize - 16];
};
static_assert(sizeof(Slot) == kSlotSize);

class SlotPool {
 public:
  // Takes a slot of generation `SlotWord::generation(slot->word)`; throws std::bad_alloc.
  static Slot *take();
  static void give(Slot *slot) noexcept;
  static bool contains(uintptr_t address) noexcept {
    return address - base_.load(std::memory_order_relaxed) < committed_.load(std::memory_order_relaxed);
  }
  // Slots in use; exact only while no other thread creates or frees.
  static size_t live() noexcept;
  // Every slot that was ever taken.
  static std::span<Slot> all() noexcept;
  // Keeps the lock of the pool usable in a child made by fork.
  static void lock_for_fork() noexcept;
  static void unlock_after_fork() noexcept;

 private:
  friend struct SlotPoolImplementation;
  static std::atomic<uintptr_t> base_;
  static std::atomic<size_t> committed_;
};

class Object {
 public:
  // Each type of object has its own; that of a reference to any is not given out.
  using Handle = void;
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;
  virtual ~Object() = default;

  void retain() const noexcept { slot()->word.fetch_add(SlotWord::kInternalOne, std::memory_order_relaxed); }
  void release() const noexcept;
  // Drops several of our references at once and leaves what follows to the caller; answers whether nobody
  // holds the object any more.
  bool drop_references(uint64_t n) const noexcept {
    uint64_t before = slot()->word.fetch_sub(n * SlotWord::kInternalOne, std::memory_order_acq_rel);
    return !SlotWord::alive(before - n * SlotWord::kInternalOne);
  }
  // For a new object that goes straight to the caller: turns the maker's reference into a public one.
  void make_public() const noexcept {
    slot()->word.fetch_add(SlotWord::kPublicOne - SlotWord::kInternalOne, std::memory_order_release);
  }
  // Likewise for one that no other thread can have heard of, without the locked instruction; returns its
  // handle.
  uintptr_t make_public_unshared() const noexcept {
    Slot *s = slot();
    uint64_t word = s->word.load(std::memory_order_relaxed) + SlotWord::kPublicOne - SlotWord::kInternalOne;
    s->word.store(word, std::memory_order_release);
    return reinterpret_cast<uintptr_t>(s) | SlotWord::generation(word);
  }
  // Lent objects are valid without references; their owner keeps one of its own.
  void make_lent() const noexcept { slot()->word.fetch_or(SlotWord::kLent, std::memory_order_relaxed); }
  void end_lending() const noexcept { slot()->word.fetch_and(~SlotWord::kLent, std::memory_order_acq_rel); }

  ObjectType type() const noexcept { return SlotWord::type(slot()->word.load(std::memory_order_relaxed)); }
  Slot *slot() const noexcept {
    return reinterpret_cast<Slot *>(reinterpret_cast<uintptr_t>(this) & ~uintptr_t{kSlotSize - 1});
  }
  uintptr_t handle_bits() const noexcept {
    Slot *s = slot();
    return reinterpret_cast<uintptr_t>(s) | SlotWord::generation(s->word.load(std::memory_order_relaxed));
  }

  // What a lent object does when the caller takes its first reference, and gives its last one back.
  virtual void on_first_public_reference() const noexcept {}
  virtual void on_last_public_reference() const noexcept {}
  // The client that the object belongs to, or NULL.
  virtual const Object *owner() const noexcept { return nullptr; }
  // Gives back all that a plugin made for the object, since its client ends now; nobody uses it meanwhile.
  virtual void on_client_close() noexcept {}
  // What happens when nobody holds the object any more. Overridden by what must not be destroyed on this
  // thread.
  virtual void on_unreferenced() noexcept { destroy(); }

 protected:
  Object() = default;
  void destroy() noexcept;

 private:
  friend bool release_handle(const void *, ObjectType) noexcept;
};

template <class T>
class Ref {
 public:
  Ref() noexcept = default;
  Ref(std::nullptr_t) noexcept {}
  static Ref adopt(T *object) noexcept {
    Ref ref;
    ref.object_ = object;
    return ref;
  }
  static Ref share(T *object) noexcept {
    if (object != nullptr) object->retain();
    return adopt(object);
  }
  Ref(const Ref &other) noexcept : object_(other.object_) {
    if (object_ != nullptr) object_->retain();
  }
  Ref(Ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Ref &operator=(Ref other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Ref() {
    if (object_ != nullptr) object_->release();
  }
  T *get() const noexcept { return object_; }
  T *operator->() const noexcept { return object_; }
  T &operator*() const noexcept { return *object_; }
  explicit operator bool() const noexcept { return object_ != nullptr; }
  // Gives the reference away as one of the caller's.
  typename T::Handle *to_public() && noexcept {
    T *object = std::exchange(object_, nullptr);
    if (object == nullptr) return nullptr;
    object->make_public();
    return reinterpret_cast<typename T::Handle *>(object->handle_bits());
  }
  T *leak() && noexcept { return std::exchange(object_, nullptr); }

 private:
  T *object_ = nullptr;
};

// Makes an object with one internal reference.
template <class T, class... Args>
Ref<T> make(Args &&...args) {
  static_assert(std::is_base_of_v<Object, T>);
  static_assert(sizeof(T) <= sizeof(Slot::storage), "move rarely used members to the heap");
  static_assert(alignof(T) <= 16);
  Slot *slot = SlotPool::take();
  T *object;
  try {
    object = new (slot->storage) T(std::forward<Args>(args)...);
  } catch (...) {
    SlotPool::give(slot);
    throw;
  }
  unsigned generation = SlotWord::generation(slot->word.load(std::memory_order_relaxed));
  slot->word.store(SlotWord::make(generation, T::kType, SlotWord::kInternalOne), std::memory_order_release);
  return Ref<T>::adopt(object);
}

// The handle of an object that the caller borrows.
template <class T>
typename T::Handle *borrow(const T *object) noexcept {
  return object == nullptr ? nullptr : reinterpret_cast<typename T::Handle *>(object->handle_bits());
}

// Whether a handle names a living object of the type; reads nothing outside our own range.
inline bool handle_is_valid(const void *handle, ObjectType type) noexcept {
  uintptr_t bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::contains(bits)) return false;
  uintptr_t low = bits & (kSlotSize - 1);
  uint64_t word = reinterpret_cast<Slot *>(bits - low)->word.load(std::memory_order_acquire);
  return SlotWord::matches(word, low, type);
}

template <class T>
T *resolve(const typename T::Handle *handle) noexcept {
  if (!handle_is_valid(handle, T::kType)) return nullptr;
  auto *slot = reinterpret_cast<Slot *>(reinterpret_cast<uintptr_t>(handle) & ~uintptr_t{kSlotSize - 1});
  return static_cast<T *>(std::launder(reinterpret_cast<Object *>(slot->storage)));
}

// The caller's retain and release: settled in one compare-and-swap, so that even racing double releases are
// found. Both answer whether the handle was right.
bool retain_handle(const void *handle, ObjectType type) noexcept;
bool release_handle(const void *handle, ObjectType type) noexcept;

// Takes an internal reference if the handle still names a living object; for callbacks that may come too
// late.
bool acquire_if_alive(const void *handle, ObjectType type) noexcept;

// Why a handle is wrong, for messages: "is NULL", "was released", "is a pje_client", "is not a handle".
const char *describe_wrong_handle(const void *handle, ObjectType wanted) noexcept;

}  // namespace pje
