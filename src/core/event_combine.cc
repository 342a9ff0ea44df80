#include "core/event_combine.hpp"

#include "base/workers.hpp"

namespace pje {

namespace {

struct AllState {
  AllState(size_t n, Ref<Event> event) : remaining(n), outcomes(n), out(std::move(event)) {}

  void member_done(size_t index, Status status) noexcept {
    outcomes[index] = std::move(status);
    if (remaining.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    Status first;
    for (Status &each : outcomes) {
      if (each.ok()) continue;
      first = std::move(each);
      break;
    }
    Event::finish(std::move(out), std::move(first));
  }

  std::atomic<size_t> remaining;
  std::vector<Status> outcomes;
  Ref<Event> out;
};

struct AnyState {
  void member_done(size_t which, Status status) noexcept {
    if (decided.exchange(true, std::memory_order_acq_rel)) return;
    if (index != nullptr) *index = which;
    Event::finish(std::move(out), std::move(status));
  }

  std::atomic<bool> decided{false};
  size_t *index;
  Ref<Event> out;
};

template <class State>
struct Member final : Event::Continuation {
  Member(std::shared_ptr<State> shared, size_t i) : state(std::move(shared)), index(i) {
    run = [](const Status &outcome, Continuation &self) noexcept {
      auto &member = static_cast<Member &>(self);
      member.state->member_done(member.index, outcome.copy());
    };
  }
  std::shared_ptr<State> state;
  size_t index;
};

template <class State>
void watch(std::span<Event *const> members, const std::shared_ptr<State> &state) {
  for (size_t i = 0; i < members.size(); ++i) {
    Status registered = members[i]->then(std::make_unique<Member<State>>(state, i));
    if (!registered.ok()) state->member_done(i, std::move(registered));
  }
}

struct Then final : Event::Continuation {
  pje_callback callback = nullptr;
  void *user_data = nullptr;
  Ref<Event> out;
};

}  // namespace

Result<Ref<Event>> event_all(std::span<Event *const> members) {
  Ref<Event> out = Event::make_unsettable();
  if (members.empty()) {
    Event::finish(out, {});
    return out;
  }
  watch(members, std::make_shared<AllState>(members.size(), out));
  return out;
}

Result<Ref<Event>> event_any(std::span<Event *const> members, size_t *index) {
  if (members.empty()) return invalid_argument("argument \"events\" is empty: expected at least one event");
  Ref<Event> out = Event::make_unsettable();
  auto state = std::make_shared<AnyState>();
  state->index = index;
  state->out = out;
  watch(members, state);
  return out;
}

Result<Ref<Event>> event_then(Event &event, pje_callback callback, void *user_data) {
  auto record = std::make_unique<Then>();
  record->callback = callback;
  record->user_data = user_data;
  record->out = Event::make_unsettable();
  Ref<Event> out = record->out;
  record->run = [](const Status &outcome, Event::Continuation &self) noexcept {
    auto &mine = static_cast<Then &>(self);
    // Copied: the record ends with this call, the function runs later.
    auto work = [run = mine.callback, data = mine.user_data, target = mine.out,
                 status = outcome.copy()]() mutable noexcept {
      run(data);
      Event::finish(std::move(target), std::move(status));
    };
    if (!Workers::dispatcher().post(std::move(work))) Event::finish(std::move(mine.out), out_of_memory());
  };
  PJE_TRY(event.then(std::move(record)));
  return out;
}

void Event::follow(Ref<Event> event, Event &source) noexcept {
  struct Follow final : Continuation {
    Ref<Event> event;
  };
  Status refused;
  try {
    auto record = std::make_unique<Follow>();
    record->event = event;
    record->run = [](const Status &outcome, Continuation &self) noexcept {
      finish(std::move(static_cast<Follow &>(self).event), outcome.copy());
    };
    refused = source.then(std::move(record));
    if (refused.ok()) return;
    // A plugin that does not call back can still be waited for.
    auto wait = [kept = Ref<Event>::share(&source), event]() mutable {
      Status outcome = kept->wait();
      kept = nullptr;
      finish(std::move(event), std::move(outcome));
    };
    if (Workers::pool().post(std::move(wait))) return;
  } catch (...) {
    refused = out_of_memory();
  }
  finish(std::move(event), std::move(refused));
}

Result<Ref<Event>> event_after(Event &first, Client *client, std::function<Result<Ref<Event>>()> next) {
  struct After final : Event::Continuation {
    std::function<Result<Ref<Event>>()> next;
    Ref<Event> out;
  };
  auto record = std::make_unique<After>();
  Ref<Event> out = Event::make_unsettable(client);
  record->next = std::move(next);
  record->out = out;
  record->run = [](const Status &outcome, Event::Continuation &self) noexcept {
    auto &mine = static_cast<After &>(self);
    Status status = outcome.copy();
    try {
      if (status.ok()) {
        Result<Ref<Event>> started = mine.next();
        mine.next = nullptr;
        if (started.ok()) return Event::follow(std::move(mine.out), *started.value());
        status = std::move(started).status();
      }
    } catch (...) {
      status = current_exception_status();
    }
    mine.next = nullptr;
    Event::finish(std::move(mine.out), std::move(status));
  };
  PJE_TRY(first.then(std::move(record)));
  return out;
}

}  // namespace pje
