// Runs that are started by the end of the run before: through pje_event_then, through a completion queue,
// and, refused, from inside a callback. XLA's CPU plugin takes 32 runs at a time: shorter and longer chains.
#include <atomic>
#include <chrono>
#include <thread>

#include "support.hpp"

namespace real {
namespace {

using QueueHandle = Handle<pje_completion_queue, pje_completion_queue_release>;

constexpr int64_t kMinute = 60'000'000'000;
const std::vector<float> kStart{0, 1, 2, 3};

std::vector<float> after(size_t runs) {
  auto n = static_cast<float>(runs);
  return {n, n + 1, n + 2, n + 3};
}

// Adds 1 to a buffer again and again; each step takes the result of the one before.
struct Chain {
  Chain(Plugin &plugin, size_t runs)
      : executable(plugin.compile("add1_f32/program.mlir")), last(plugin.upload(kStart)), remaining(runs) {}

  EventHandle start_one() {
    pje_buffer *input = last.get(), *output = nullptr;
    pje_event *done = nullptr;
    ok(pje_loaded_executable_execute_async(executable.get(), &input, 1, nullptr, &output, 1, &done));
    last.reset(output);
    --remaining;
    return EventHandle(done);
  }

  ExecutableHandle executable;
  BufferHandle last;
  size_t remaining;
  EventHandle finished;
  std::string failure;
};

void finish(Chain &chain) { pje_error_release(pje_event_set(chain.finished.get(), nullptr)); }

void step(void *data) {
  auto &chain = *static_cast<Chain *>(data);
  try {
    if (chain.remaining == 0) return finish(chain);
    EventHandle done = chain.start_one();
    pje_event *next = nullptr;
    ok(pje_event_then(done.get(), step, &chain, &next));
    pje_event_release(next);
  } catch (const std::exception &failure) {
    chain.failure = failure.what();
    finish(chain);
  }
}

void chain_through_then(Plugin &plugin, size_t runs) {
  Chain chain(plugin, runs);
  pje_event *made = nullptr;
  ok(pje_event_create(&made));
  chain.finished.reset(made);
  step(&chain);
  ok(pje_event_wait_for(made, kMinute));
  demand(chain.failure.empty(), chain.failure);
  demand(floats(chain.last.get()) == after(runs), "the result differs");
}

void chain_through_queue(Plugin &plugin, size_t runs) {
  Chain chain(plugin, runs);
  pje_completion_queue *made = nullptr;
  ok(pje_completion_queue_create(&made));
  QueueHandle queue(made);
  while (chain.remaining > 0) {
    EventHandle done = chain.start_one();
    ok(pje_completion_queue_add(made, done.get(), chain.remaining));
    uint64_t tag = 0;
    pje_error *error = nullptr;
    size_t count = 0;
    ok(pje_completion_queue_next(made, kMinute, 1, &tag, &error, &count));
    demand(count == 1 && tag == chain.remaining, "another completion");
    ok(error);
  }
  demand(floats(chain.last.get()) == after(runs), "the result differs");
}

struct Refused {
  pje_loaded_executable *executable;
  pje_buffer *input;
  std::atomic<size_t> refused{0};
  std::atomic<size_t> calls{0};
};

void run_inside_a_callback(void *data) {
  auto &test = *static_cast<Refused *>(data);
  pje_buffer *output = test.input;
  pje_event *done = reinterpret_cast<pje_event *>(test.input);
  pje_error *error =
      pje_loaded_executable_execute_async(test.executable, &test.input, 1, nullptr, &output, 1, &done);
  if (pje_error_code(error) == PJE_FAILED_PRECONDITION && output == nullptr && done == nullptr)
    ++test.refused;
  pje_error_release(error);
  ++test.calls;
}

// All runs wait for one buffer where the plugin takes that many at a time, so that the callbacks come while
// they are in flight.
void refused_in_callbacks(Plugin &plugin, size_t runs) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  BufferHandle source = plugin.upload(kStart);
  const int64_t dims[] = {4};
  pje_fulfilment *made = nullptr;
  pje_buffer *pending = nullptr;
  ok(pje_buffer_create_alias(plugin.client(), PJE_F32, dims, 1, nullptr, &pending, &made));
  BufferHandle owned(pending);
  FulfilmentHandle fulfilment(made);
  bool together = runs < 32;
  if (!together) ok(pje_fulfilment_set_buffer(made, source.get()));
  Refused test{executable.get(), source.get()};
  std::vector<EventHandle> events;
  std::vector<BufferHandle> outputs;
  for (size_t i = 0; i < runs; ++i) {
    pje_buffer *output = nullptr;
    pje_event *done = nullptr;
    ok(pje_loaded_executable_execute_async(executable.get(), &pending, 1, nullptr, &output, 1, &done));
    outputs.emplace_back(output);
    events.emplace_back(done);
    ok(pje_event_on_ready(done, run_inside_a_callback, &test));
  }
  if (together) {
    demand(test.calls == 0, "a run did not wait for its argument");
    ok(pje_fulfilment_set_buffer(made, source.get()));
  }
  for (const EventHandle &event : events) ok(pje_event_wait_for(event.get(), kMinute));
  for (int i = 0; i < 30'000 && test.calls < runs; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  demand(test.calls == runs, std::to_string(test.calls) + " callbacks for " + std::to_string(runs) + " runs");
  demand(test.refused == runs, std::to_string(test.refused) + " refused of " + std::to_string(runs));
  for (const BufferHandle &output : outputs) demand(floats(output.get()) == after(1), "a result differs");
}

// Arrays in and out without a wait, several runs at a time.
void runs_on_arrays(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  ArrayHandle input = load("add1_f32", "in0.npy");
  pje_array *arg = input.get();
  std::vector<ArrayHandle> outputs;
  std::vector<EventHandle> events;
  for (int i = 0; i < 20; ++i) {
    pje_array *output = nullptr;
    pje_event *done = nullptr;
    if (i % 2 == 0) {
      ok(pje_loaded_executable_run_async(executable.get(), &arg, 1, &output, 1, &done));
    } else {
      const int64_t dims[] = {4};
      pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
      options.launch = i % 4 == 1 ? PJE_LAUNCH_POOL : PJE_LAUNCH_CALLER;
      ok(pje_array_create(PJE_F32, dims, 1, &output));
      ok(pje_loaded_executable_run_into_async(executable.get(), &arg, 1, &options, &output, 1, &done));
    }
    outputs.emplace_back(output);
    events.emplace_back(done);
  }
  input.reset();
  for (const EventHandle &event : events) ok(pje_event_wait_for(event.get(), kMinute));
  for (const ArrayHandle &output : outputs) {
    const auto *values = static_cast<const float *>(pje_array_const_data(output.get()));
    expect_close({values, values + 4}, "add1_f32", "out0.npy", 1e-6F);
  }
}

}  // namespace

std::vector<Case> chain_cases() {
  std::vector<Case> cases{{"runs_on_arrays", runs_on_arrays}};
  for (size_t runs : {8U, 31U, 40U, 200U}) {
    std::string n = std::to_string(runs);
    cases.push_back({"chain_through_then_" + n, [runs](Plugin &p) { chain_through_then(p, runs); }});
    cases.push_back({"chain_through_queue_" + n, [runs](Plugin &p) { chain_through_queue(p, runs); }});
    cases.push_back({"refused_in_callbacks_" + n, [runs](Plugin &p) { refused_in_callbacks(p, runs); }});
  }
  return cases;
}

}  // namespace real
