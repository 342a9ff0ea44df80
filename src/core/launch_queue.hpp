// What a client's runs launched from the pool have to wait for: those before them on the same device, and
// those that make their arguments.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include "base/mutex.hpp"
#include "core/event.hpp"

namespace pje {

class Buffer;

class LaunchQueue {
 public:
  struct Use {
    const Buffer *buffer;
    bool is_taken;
  };
  using Events = std::vector<Ref<Event>>;

  // Enters a run; its event is ready once it is dispatched. Answers the runs entered last on each of the
  // devices.
  Events enter(const Ref<Event> &dispatched, std::span<Device *const> devices, std::vector<Use> uses);
  void leave(const Event &dispatched) noexcept;
  // The runs entered last on each of the devices that are still to be dispatched.
  Events last_on(std::span<Device *const> devices);
  // The runs still to be dispatched that use a buffer, or only those that take it over.
  Events users_of(const Buffer &buffer, bool only_takers);

 private:
  struct Entry {
    Ref<Event> dispatched;
    std::vector<Use> uses;
  };
  Events last_locked(std::span<Device *const> devices) const;

  Mutex mutex_;
  std::unordered_map<const Event *, Entry> entries_;
  std::unordered_map<const Device *, Ref<Event>> last_;
};

}  // namespace pje
