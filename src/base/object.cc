#include "base/object.hpp"

#include "base/log.hpp"
#include "base/pins.hpp"
#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

void Object::destroy() noexcept {
  Slot *s = slot();
  this->~Object();
  SlotPool::give(s);
}

namespace {

// The slot that a handle names, or NULL when the address is none of ours.
Slot *slot_of(const void *handle) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  return SlotPool::contains(bits) ? Slot::of(bits) : nullptr;
}

bool matches(uint64_t word, const void *handle, ObjectType type) noexcept {
  return SlotWord::matches(word, reinterpret_cast<uintptr_t>(handle), type);
}

}  // namespace

Object *resolve_slowly(const void *handle, ObjectType type) noexcept {
  return handles_are_pinned.load(std::memory_order_relaxed) ? pin_to_call(handle, type) : nullptr;
}

namespace {

bool retain_in(Slot *slot, const void *handle, ObjectType type) noexcept {
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type)) return false;
    if ((old & SlotWord::kPublicMask) == SlotWord::kPublicMask) return false;
  } while (!slot->word.compare_exchange_weak(old, old + SlotWord::kPublicOne, std::memory_order_acq_rel));
  if ((old & SlotWord::kLent) != 0 && (old & SlotWord::kPublicMask) == 0)
    Object::in(slot)->on_first_public_reference();
  return true;
}

// Takes one of the caller's references away, and tells what the slot then says; false when the handle is
// wrong.
[[gnu::always_inline]] inline bool drop_public_reference(Slot *slot, const void *handle, ObjectType type,
                                                         uint64_t *now) noexcept {
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type) || (old & SlotWord::kPublicMask) == 0) return false;
  } while (!slot->word.compare_exchange_weak(old, old - SlotWord::kPublicOne, std::memory_order_acq_rel));
  *now = old - SlotWord::kPublicOne;
  return true;
}

[[gnu::always_inline]] inline void after_release(Slot *slot, uint64_t now) noexcept {
  if ((now & SlotWord::kLent) != 0) {
    if ((now & SlotWord::kPublicMask) == 0) Object::in(slot)->on_last_public_reference();
  } else if (!SlotWord::alive(now)) {
    Object::in(slot)->on_unreferenced();
  }
}

void report_use(const char *function, ObjectType type) noexcept {
  try {
    report_misuse(
        concat(object_type_name(type), "_release"), "handle",
        concat("is in use by ", function, " on another thread: expected the last release after it"));
  } catch (...) {
    // Without memory it is not told; the object lives until the call ends all the same.
  }
}

// The same for handles outside the range of the quick ways: pinned ones, or wrong ones.

[[gnu::cold, gnu::noinline]] bool retain_pinned(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  return slot != nullptr && retain_in(slot, handle, type);
}

[[gnu::cold, gnu::noinline]] bool acquire_pinned(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  return slot != nullptr && acquire_in(slot, handle, type);
}

[[gnu::cold, gnu::noinline]] bool release_pinned(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  if (slot == nullptr) return false;
  const char *function = nullptr;
  Ref<Object> used;
  uint64_t now;
  {
    Lock lock(pins_mutex());
    if (!drop_public_reference(slot, handle, type, &now)) return false;
    if ((now & (SlotWord::kPublicMask | SlotWord::kLent)) == 0) function = call_of_another_thread(*slot);
    if (function != nullptr) used = Ref<Object>::share(Object::in(slot));
  }
  if (function == nullptr) {
    after_release(slot, now);
  } else {
    report_use(function, type);
    used->on_released_in_use();
  }
  return true;
}

}  // namespace

bool retain_handle(const void *handle, ObjectType type) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::range().contains(bits)) [[unlikely]]
    return retain_pinned(handle, type);
  return retain_in(Slot::of(bits), handle, type);
}

bool acquire_if_alive(const void *handle, ObjectType type) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::range().contains(bits)) [[unlikely]]
    return acquire_pinned(handle, type);
  return acquire_in(Slot::of(bits), handle, type);
}

bool release_handle(const void *handle, ObjectType type) noexcept {
  auto bits = reinterpret_cast<uintptr_t>(handle);
  if (!SlotPool::range().contains(bits)) [[unlikely]]
    return release_pinned(handle, type);
  uint64_t now;
  if (!drop_public_reference(Slot::of(bits), handle, type, &now)) return false;
  after_release(Slot::of(bits), now);
  return true;
}

Object *take_back(const void *handle, ObjectType type) noexcept {
  if (!acquire_if_alive(handle, type)) return nullptr;
  (void)release_handle(handle, type);
  return Object::in(slot_of(handle));
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
                                           "pje_execute_handlers",
                                           "pje_prepared_call",
                                           "pje_host_view"};
  static_assert(sizeof(kNames) / sizeof(kNames[0]) == static_cast<size_t>(ObjectType::kCount));
  return type < ObjectType::kCount ? kNames[static_cast<size_t>(type)] : "nothing";
}

const char *describe_wrong_handle(const void *handle, ObjectType wanted) noexcept {
  if (handle == nullptr) return "is NULL";
  Slot *slot = slot_of(handle);
  if (slot == nullptr) return "is not a handle of this library";
  uint64_t value = slot->word.load(std::memory_order_relaxed);
  uintptr_t low = reinterpret_cast<uintptr_t>(handle) & (kSlotSize - 1);
  if (low > 127) return "is not a handle of this library";
  if (!SlotWord::alive(value) || SlotWord::generation(value) != low) return "was released before";
  ObjectType type = SlotWord::type(value);
  return type == wanted ? "was released more often than retained" : object_type_name(type);
}

}  // namespace pje
