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
#include <type_traits>
#include <utility>

#include "base/slot_pool.hpp"

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
  kPreparedCall,
  kHostView,
  kCount
};

const char *object_type_name(ObjectType type) noexcept;

class Object {
 public:
  // Each type of object has its own; that of a reference to any is not given out.
  using Handle = void;
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;
  virtual ~Object() = default;

  void retain() const noexcept { slot()->word.fetch_add(SlotWord::kInternalOne, std::memory_order_relaxed); }
  void release() const noexcept {
    if (drop_references(1)) [[unlikely]]
      const_cast<Object *>(this)->on_unreferenced();
  }
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
  // Lent objects are valid without references; their owner keeps one of its own.
  void make_lent() const noexcept { slot()->word.fetch_or(SlotWord::kLent, std::memory_order_relaxed); }
  void end_lending() const noexcept { slot()->word.fetch_and(~SlotWord::kLent, std::memory_order_acq_rel); }

  ObjectType type() const noexcept { return SlotWord::type(slot()->word.load(std::memory_order_relaxed)); }
  Slot *slot() const noexcept { return Slot::of(reinterpret_cast<uintptr_t>(this)); }
  uintptr_t handle_bits() const noexcept {
    Slot *s = slot();
    return s->handle_of(s->word.load(std::memory_order_relaxed));
  }
  static Object *in(Slot *slot) noexcept {
    auto *object = std::launder(reinterpret_cast<Object *>(slot->storage));
    // Said, so that nobody tests for it what resolve() found.
    if (object == nullptr) __builtin_unreachable();
    return object;
  }

  // What a lent object does when the caller takes its first reference, and gives its last one back.
  virtual void on_first_public_reference() const noexcept {}
  virtual void on_last_public_reference() const noexcept {}
  // Its last handle went while a call of another thread uses it, and keeps it: PJE_VALIDATE=1 only.
  virtual void on_released_in_use() noexcept {}
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

// Where an object is made: what the last one left there is of no use any more.
inline void *storage_for_new(Slot *slot) noexcept {
  slot->stamp.store(0, std::memory_order_relaxed);
  return slot->storage;
}

// Brings a slot to life, with the counts that its object starts with; answers the slot's word.
template <class T>
uint64_t begin_life(Slot *slot, uint64_t counts) noexcept {
  static_assert(std::is_base_of_v<Object, T>);
  static_assert(sizeof(T) <= sizeof(Slot::storage), "move rarely used members to the heap");
  static_assert(alignof(T) <= alignof(void *));
  uint64_t word = SlotWord::begun(slot->word.load(std::memory_order_relaxed), T::kType, counts);
  slot->word.store(word, std::memory_order_release);
  return word;
}

// Makes an object with one internal reference.
template <class T, class... Args>
Ref<T> make(Args &&...args) {
  Slot *slot = SlotPool::take();
  T *object;
  try {
    object = new (storage_for_new(slot)) T(std::forward<Args>(args)...);
  } catch (...) {
    SlotPool::give(slot);
    throw;
  }
  begin_life<T>(slot, SlotWord::kInternalOne);
  return Ref<T>::adopt(object);
}

// Makes an object that goes straight to the caller, in a slot that was reserved: nothing may fail any more.
template <class T, class... Args>
typename T::Handle *make_for_caller(Slot *slot, Args &&...args) noexcept {
  new (storage_for_new(slot)) T(std::forward<Args>(args)...);
  uint64_t word = begin_life<T>(slot, SlotWord::kPublicOne);
  return reinterpret_cast<typename T::Handle *>(slot->handle_of(word));
}

// The handle of an object that the caller borrows.
template <class T>
typename T::Handle *borrow(const T *object) noexcept {
  return object == nullptr ? nullptr : reinterpret_cast<typename T::Handle *>(object->handle_bits());
}

// For handles outside the range: there is none, or all of them are while PJE_VALIDATE=1.
Object *resolve_slowly(const void *handle, ObjectType type) noexcept;

// The object that a handle names, or NULL; reads nothing outside our own range.
[[gnu::always_inline]] inline Object *resolve_in(const SlotRange &range, const void *handle,
                                                 ObjectType type) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!range.contains(bits)) [[unlikely]]
    return resolve_slowly(handle, type);
  Slot *slot = Slot::of(bits);
  if (!SlotWord::matches(slot->word.load(std::memory_order_acquire), bits, type)) [[unlikely]]
    return nullptr;
  return Object::in(slot);
}

template <class T>
[[gnu::always_inline]] inline T *resolve(const typename T::Handle *handle) noexcept {
  return static_cast<T *>(resolve_in(SlotPool::range(), handle, T::kType));
}

inline bool handle_is_valid(const void *handle, ObjectType type) noexcept {
  return resolve_in(SlotPool::range(), handle, type) != nullptr;
}

// The caller's retain and release: settled in one compare-and-swap, so that even racing double releases are
// found. Both answer whether the handle was right.
bool retain_handle(const void *handle, ObjectType type) noexcept;
bool release_handle(const void *handle, ObjectType type) noexcept;

// Takes an internal reference if the handle still names a living object.
bool acquire_if_alive(const void *handle, ObjectType type) noexcept;
// Likewise for what was a handle of that slot once.
inline bool acquire_in(Slot *slot, const void *handle, ObjectType type) noexcept {
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!SlotWord::matches(old, reinterpret_cast<uintptr_t>(handle), type)) return false;
  } while (!slot->word.compare_exchange_weak(old, old + SlotWord::kInternalOne, std::memory_order_acq_rel));
  return true;
}

// Turns one of the caller's references into an internal one; NULL when the handle is wrong.
Object *take_back(const void *handle, ObjectType type) noexcept;
template <class T>
Ref<T> take_back(typename T::Handle *handle) noexcept {
  return Ref<T>::adopt(static_cast<T *>(take_back(handle, T::kType)));
}

// The commonest release: of the only reference that anybody holds. Ends the life that the handle names in the
// same step; the object is to be destroyed as it is, on_unreferenced() is not asked. False, and nothing has
// changed: release_handle() has to look.
template <class T>
[[gnu::always_inline]] inline bool end_sole_reference(const SlotRange &range,
                                                      const typename T::Handle *handle) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!range.contains(bits)) [[unlikely]]
    return false;
  uint64_t sole = SlotWord::expected(bits, T::kType) + SlotWord::kPublicOne;
  return Slot::of(bits)->word.compare_exchange_strong(sole, SlotWord::freed_by(bits),
                                                      std::memory_order_acq_rel, std::memory_order_relaxed);
}

// Why a handle is wrong, for messages: "is NULL", "was released", "is a pje_client", "is not a handle".
const char *describe_wrong_handle(const void *handle, ObjectType wanted) noexcept;

}  // namespace pje
