// Events made from events.
#pragma once

#include <functional>
#include <span>

#include "core/event.hpp"

namespace pje {

// Ready when every member is; carries the error of the lowest index that failed. Without members: ready.
Result<Ref<Event>> event_all(std::span<Event *const> members);

// Waits for each, however it ends.
inline void wait_for_all(std::span<const Ref<Event>> events) {
  for (const Ref<Event> &event : events) (void)event->wait();
}

// Ready when the first member is, with that member's outcome; `index` (may be NULL) is written before.
Result<Ref<Event>> event_any(std::span<Event *const> members, size_t *index);

// Ready after `callback` has run on the dispatcher's thread, with the outcome of `event`.
Result<Ref<Event>> event_then(Event &event, pje_callback callback, void *user_data);

// Ready when the event that `next` gives is. `next` runs where `first` is made ready, and not when that
// failed.
Result<Ref<Event>> event_after(Event &first, Client *client, std::function<Result<Ref<Event>>()> next);

}  // namespace pje
