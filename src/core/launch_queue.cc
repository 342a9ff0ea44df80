#include "core/launch_queue.hpp"

#include <algorithm>

namespace pje {

LaunchQueue::Events LaunchQueue::last_locked(std::span<Device *const> devices) const {
  Events events;
  for (const Device *device : devices)
    if (auto found = last_.find(device); found != last_.end()) events.push_back(found->second);
  return events;
}

LaunchQueue::Events LaunchQueue::last_on(std::span<Device *const> devices) {
  Lock lock(mutex_);
  return last_locked(devices);
}

LaunchQueue::Events LaunchQueue::enter(const Ref<Event> &dispatched, std::span<Device *const> devices,
                                       std::vector<Use> uses) {
  Lock lock(mutex_);
  Events before = last_locked(devices);
  entries_.emplace(dispatched.get(), Entry{dispatched, std::move(uses)});
  for (const Device *device : devices) last_[device] = dispatched;
  return before;
}

void LaunchQueue::leave(const Event &dispatched) noexcept {
  // What is dropped here may be the last to hold something: not under the lock.
  Entry entry;
  Lock lock(mutex_);
  if (auto found = entries_.find(&dispatched); found != entries_.end()) {
    entry = std::move(found->second);
    entries_.erase(found);
  }
  std::erase_if(last_, [&](const auto &each) { return each.second.get() == &dispatched; });
  lock.unlock();
}

LaunchQueue::Events LaunchQueue::users_of(const Buffer &buffer, bool only_takers) {
  Events events;
  Lock lock(mutex_);
  for (const auto &[event, entry] : entries_) {
    auto uses = [&](const Use &use) { return use.buffer == &buffer && (use.is_taken || !only_takers); };
    if (std::any_of(entry.uses.begin(), entry.uses.end(), uses)) events.push_back(entry.dispatched);
  }
  return events;
}

}  // namespace pje
