// Events: waiting, callbacks, promises.
#include <atomic>
#include <chrono>
#include <thread>

#include "conform/checks.hpp"

namespace pje::conform {
namespace {

struct Counter {
  std::atomic<int> calls{0};
  std::atomic<int> errors{0};
};

PJRT_Event *ready_event(Session &s) {
  std::vector<float> values(1 << 16, 1.0F);
  return s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = s.upload(values)}).event;
}

// An event of a run, which may not be over yet.
PJRT_Event *run_event(Session &s) {
  auto run = s.try_run(s.compile(kAddOne), {s.upload({1, 2, 3, 4})}, 1);
  expect(run.answer.ok, "the run failed: ", run.answer.message);
  return run.done;
}

void count(Session &s, PJRT_Event *event, Counter *counter) {
  s.call(PJRT_Event_OnReady_Args{.event = event,
                                 .callback =
                                     [](PJRT_Error *error, void *to) {
                                       auto *counted = static_cast<Counter *>(to);
                                       if (error != nullptr) ++counted->errors;
                                       ++counted->calls;
                                     },
                                 .user_arg = counter});
}

void expect_calls(const Counter &counter, int want) {
  for (int i = 0; i < 200 && counter.calls < want; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  // One that comes twice comes late.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  expect(counter.calls == want, "callbacks ran ", counter.calls.load(), " times, expected ", want);
}

void is_ready_after_wait(Session &s) {
  PJRT_Event *event = run_event(s);
  s.call(PJRT_Event_Await_Args{.event = event});
  expect(s.call(PJRT_Event_IsReady_Args{.event = event}).is_ready,
         "an event that was waited for is not ready");
}

void wait_twice(Session &s) {
  PJRT_Event *event = run_event(s);
  s.call(PJRT_Event_Await_Args{.event = event});
  s.call(PJRT_Event_Await_Args{.event = event});
}

void no_error(Session &s) {
  PJRT_Event *event = run_event(s);
  s.call(PJRT_Event_Await_Args{.event = event});
  PJRT_Event_Error_Args args{.event = event};
  expect(s.try_call(args).ok, "an event that went well has an error");
}

void callback_once(Session &s) {
  static Counter counter;
  PJRT_Event *event = run_event(s);
  count(s, event, &counter);
  s.call(PJRT_Event_Await_Args{.event = event});
  expect_calls(counter, 1);
  expect(counter.errors == 0, "the callback of an event that went well was given an error");
}

void callback_when_ready(Session &s) {
  static Counter counter;
  PJRT_Event *event = ready_event(s);
  s.call(PJRT_Event_Await_Args{.event = event});
  count(s, event, &counter);
  expect_calls(counter, 1);
}

void two_callbacks(Session &s) {
  static Counter counter;
  PJRT_Event *event = run_event(s);
  count(s, event, &counter);
  count(s, event, &counter);
  expect_calls(counter, 2);
}

void callback_after_destroy(Session &s) {
  static Counter counter;
  PJRT_Event *event = run_event(s);
  count(s, event, &counter);
  s.call(PJRT_Event_Destroy_Args{.event = event});
  expect_calls(counter, 1);
}

void destroy_early(Session &s) {
  s.call(PJRT_Event_Destroy_Args{.event = run_event(s)});
  s.expect_floats(s.upload({1, 2}), {1, 2}, "an upload after that");
}

PJRT_Event *promise(Session &s) {
  auto made = s.call(PJRT_Event_Create_Args{});
  expect(made.event != nullptr, "PJRT_Event_Create answered OK without an event");
  return made.event;
}

void set(Session &s, PJRT_Event *event, PJRT_Error_Code code, const std::string &text) {
  s.call(PJRT_Event_Set_Args{
      .event = event, .error_code = code, .error_message = text.data(), .error_message_size = text.size()});
}

void promise_not_ready(Session &s) {
  expect(!s.call(PJRT_Event_IsReady_Args{.event = promise(s)}).is_ready,
         "an event is ready before it was set");
}

void promise_kept(Session &s) {
  static Counter counter;
  PJRT_Event *event = promise(s);
  count(s, event, &counter);
  expect(counter.calls == 0, "a callback ran before the event was set");
  set(s, event, PJRT_Error_Code_OK, "");
  expect_calls(counter, 1);
  s.must_wait(event, "an event that was set well");
}

void promise_broken(Session &s) {
  PJRT_Event *event = promise(s);
  set(s, event, PJRT_Error_Code_DATA_LOSS, "lost on the way");
  Answer answer = s.wait(event);
  expect(!answer.ok, "an event that was set with an error has none");
  expect(answer.code == PJRT_Error_Code_DATA_LOSS, "an event set with code ",
         static_cast<int>(PJRT_Error_Code_DATA_LOSS), " ended with ", answer.code);
  expect(answer.message.find("lost on the way") != std::string::npos,
         "the text of an event's error is lost: ", answer.message);
}

void error_to_callback(Session &s) {
  static Counter counter;
  PJRT_Event *event = promise(s);
  count(s, event, &counter);
  set(s, event, PJRT_Error_Code_ABORTED, "no");
  expect_calls(counter, 1);
  expect(counter.errors == 1, "the callback of a failed event was given no error");
}

}  // namespace

std::vector<Check> event_checks() {
  return {
      {"event.ready_after_wait", "an event that was waited for is ready", is_ready_after_wait},
      {"event.wait_twice", "an event can be waited for again", wait_twice},
      {"event.no_error", "an event that went well has no error", no_error},
      {"event.callback_once", "a callback runs once", callback_once},
      {"event.callback_when_ready", "a callback of a ready event runs", callback_when_ready},
      {"event.two_callbacks", "each of two callbacks runs", two_callbacks},
      {"event.callback_after_destroy", "a callback runs though its event was destroyed",
       callback_after_destroy},
      {"event.destroy_early", "an event may be destroyed before it is ready", destroy_early},
      {"event.promise_not_ready", "an event of ours is not ready before it is set", promise_not_ready},
      {"event.promise_kept", "an event of ours becomes ready when it is set", promise_kept},
      {"event.promise_broken", "an event of ours carries its error", promise_broken},
      {"event.error_to_callback", "a callback is given the error", error_to_callback},
  };
}

}  // namespace pje::conform
