// A look at everything that lives, without a list of it: creating and releasing pay nothing for it.
#pragma once

#include "base/object.hpp"

namespace pje {

// Whether the object in a slot was kept from going away. A buffer that only we hold may be on its way to the
// caller, without atomic steps: it is left alone.
inline bool pin(Slot &slot) noexcept {
  uint64_t old = slot.word.load(std::memory_order_acquire);
  do {
    if (!SlotWord::referenced(old)) return false;
    if ((old & SlotWord::kPublicMask) == 0 && SlotWord::type(old) == ObjectType::kBuffer) return false;
  } while (!slot.word.compare_exchange_weak(old, old + SlotWord::kInternalOne, std::memory_order_acq_rel));
  return true;
}

// How often the caller holds an object.
inline uint64_t num_public_references(const Object &object) noexcept {
  return (object.slot()->word.load(std::memory_order_relaxed) & SlotWord::kPublicMask) / SlotWord::kPublicOne;
}

// Calls `visit(object, type)` for each; what other threads create or release meanwhile may be seen or not.
template <class Visit>
void for_each_object(Visit &&visit) {
  for (Slot &slot : SlotPool::all()) {
    if (!pin(slot)) continue;
    auto *object = std::launder(reinterpret_cast<Object *>(slot.storage));
    Ref<Object> pinned = Ref<Object>::adopt(object);
    visit(*object, SlotWord::type(slot.word.load(std::memory_order_relaxed)));
  }
}

}  // namespace pje
