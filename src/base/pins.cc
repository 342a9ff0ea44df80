#include "base/pins.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/object.hpp"

namespace pje {

namespace {

struct Call {
  const CallScope *scope;
  // NULL: handles of the library's own.
  const char *function;
  std::vector<Ref<Object>> pins;
};

struct Calls {
  Mutex mutex;
  // A callback's calls are inside another one's.
  std::unordered_map<std::thread::id, std::vector<Call>> of_thread;
};

// Never destroyed: threads of plugins outlive main.
Calls &calls() noexcept {
  alignas(Calls) static std::byte memory[sizeof(Calls)];
  static Calls &instance = *new (memory) Calls;
  return instance;
}

// With the lock held: where this thread's call notes what it uses, or NULL.
std::vector<Ref<Object>> *pins_of_this_call() noexcept {
  auto found = calls().of_thread.find(std::this_thread::get_id());
  if (found == calls().of_thread.end() || found->second.empty()) return nullptr;
  if (found->second.back().function == nullptr) return nullptr;
  return &found->second.back().pins;
}

// Whoever is woken by these, or called, may let go of the object before they return.
bool may_be_left_behind(std::string_view function) noexcept {
  static constexpr std::array<std::string_view, 11> kEnds = {
      "_on_ready", "_then",  "_all",    "_any",         "_add",       "_set",
      "_wake",     "_close", "_answer", "_on_nonempty", "_on_request"};
  return function.starts_with("pje_fulfilment_set_") ||
         std::any_of(kEnds.begin(), kEnds.end(),
                     [&](std::string_view end) { return function.ends_with(end); });
}

}  // namespace

bool CallScope::begin(const char *function) noexcept {
  if (!handles_are_pinned.load(std::memory_order_relaxed)) return false;
  try {
    Lock lock(calls().mutex);
    std::vector<Call> &stack = calls().of_thread[std::this_thread::get_id()];
    stack.push_back({this, function, {}});
    return true;
  } catch (...) {
    // Without memory nothing is pinned, as without PJE_VALIDATE.
    return false;
  }
}

void CallScope::end(const CallScope *scope) noexcept {
  // Ends after the lock: an object may go here, with all that its end calls.
  std::vector<Ref<Object>> pins;
  Lock lock(calls().mutex);
  auto found = calls().of_thread.find(std::this_thread::get_id());
  // It may have begun before the first handle was made, or without memory to note it.
  if (found == calls().of_thread.end() || found->second.empty() || found->second.back().scope != scope)
    return;
  pins = std::move(found->second.back().pins);
  found->second.pop_back();
  if (found->second.empty()) calls().of_thread.erase(found);
}

Object *pin_to_call(const void *handle, ObjectType type) noexcept {
  Lock lock(calls().mutex);
  std::vector<Ref<Object>> *pins = pins_of_this_call();
  try {
    if (pins != nullptr) pins->reserve(pins->size() + 1);
  } catch (...) {
    pins = nullptr;
  }
  if (!acquire_if_alive(handle, type)) return nullptr;
  auto object = Ref<Object>::adopt(Object::in(Slot::of(reinterpret_cast<uintptr_t>(handle))));
  if (pins != nullptr) {
    pins->push_back(std::move(object));
    return pins->back().get();
  }
  lock.unlock();
  return object.get();
}

Mutex &pins_mutex() noexcept { return calls().mutex; }

const char *call_of_another_thread(const Slot &slot) noexcept {
  for (const auto &[thread, stack] : calls().of_thread) {
    if (thread == std::this_thread::get_id()) continue;
    for (const Call &call : stack)
      for (const Ref<Object> &pin : call.pins)
        if (pin->slot() == &slot && !may_be_left_behind(call.function)) return call.function;
  }
  return nullptr;
}

void forget_calls_of_other_threads() noexcept {
  for (auto &[thread, stack] : calls().of_thread) {
    if (thread == std::this_thread::get_id()) continue;
    for (Call &call : stack)
      for (Ref<Object> &pin : call.pins) (void)std::move(pin).leak();
  }
  std::erase_if(calls().of_thread,
                [](const auto &entry) { return entry.first != std::this_thread::get_id(); });
}

}  // namespace pje
