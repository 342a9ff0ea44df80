#include "base/object.hpp"

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

Object *resolve_slowly(const void *, ObjectType) noexcept { return nullptr; }

bool retain_handle(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  if (slot == nullptr) return false;
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type)) return false;
    if ((old & SlotWord::kPublicMask) == SlotWord::kPublicMask) return false;
  } while (!slot->word.compare_exchange_weak(old, old + SlotWord::kPublicOne, std::memory_order_acq_rel));
  if ((old & SlotWord::kLent) != 0 && (old & SlotWord::kPublicMask) == 0)
    Object::in(slot)->on_first_public_reference();
  return true;
}

bool acquire_if_alive(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  if (slot == nullptr) return false;
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type)) return false;
  } while (!slot->word.compare_exchange_weak(old, old + SlotWord::kInternalOne, std::memory_order_acq_rel));
  return true;
}

bool release_handle(const void *handle, ObjectType type) noexcept {
  Slot *slot = slot_of(handle);
  if (slot == nullptr) return false;
  uint64_t old = slot->word.load(std::memory_order_relaxed);
  do {
    if (!matches(old, handle, type) || (old & SlotWord::kPublicMask) == 0) return false;
  } while (!slot->word.compare_exchange_weak(old, old - SlotWord::kPublicOne, std::memory_order_acq_rel));
  uint64_t now = old - SlotWord::kPublicOne;
  if ((now & SlotWord::kLent) != 0) {
    if ((now & SlotWord::kPublicMask) == 0) Object::in(slot)->on_last_public_reference();
  } else if (!SlotWord::alive(now)) {
    Object::in(slot)->on_unreferenced();
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
