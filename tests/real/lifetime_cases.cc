// Buffers in every state that a caller may meet them in, and objects whose last reference goes in a callback.
#include <atomic>
#include <chrono>
#include <thread>

#include "support.hpp"

namespace real {
namespace {

using ViewHandle = Handle<pje_host_view, pje_host_view_release>;

constexpr int64_t kMinute = 60'000'000'000;
const std::vector<float> kValues{1, 2, 3, 4};
const Dims kFour{4};

// A buffer that is pending until the fulfilment says what it is.
struct Pending {
  explicit Pending(pje_client *client) {
    pje_fulfilment *made = nullptr;
    pje_buffer *pending = nullptr;
    ok(pje_buffer_create_alias(client, PJE_F32, kFour.data(), 1, nullptr, &pending, &made));
    buffer.reset(pending);
    fulfilment.reset(made);
  }
  BufferHandle buffer;
  FulfilmentHandle fulfilment;
};

void demand_four_of_f32(pje_buffer *buffer) {
  demand(pje_buffer_dtype(buffer) == PJE_F32 && pje_buffer_rank(buffer) == 1 &&
             pje_buffer_dims(buffer)[0] == 4 && pje_buffer_host_size(buffer) == 16,
         "another type");
}

// Every way to see the contents fails with that code, and leaves no output behind.
void demand_unreadable(pje_buffer *buffer, pje_code code, const std::string &state) {
  float data[4];
  pje_array *array = nullptr;
  pje_host_view *view = nullptr;
  size_t size = sizeof data;
  void *place = data;
  auto refuses = [&](pje_error *error, const char *how) {
    demand(fails(error, how + (" of " + state)) == code, how + (" of " + state) + ": another code");
  };
  refuses(pje_buffer_to_host(buffer, data, sizeof data), "to_host");
  refuses(pje_buffer_to_array(buffer, &array), "to_array");
  refuses(pje_buffers_to_host(&buffer, 1, &place, &size), "buffers_to_host");
  refuses(pje_buffer_host_view(buffer, &view), "host_view");
  refuses(pje_buffer_copy_raw_to_host(buffer, data, 0, 16), "copy_raw_to_host");
  pje_buffer_reference *reference = nullptr;
  refuses(pje_buffer_reference_create(buffer, &reference), "reference_create");
  demand(reference == nullptr, state + ": its memory was held");
  demand(array == nullptr && view == nullptr, state + ": something was handed over");
}

void pending_buffer(Plugin &plugin) {
  BufferHandle source = plugin.upload(kValues);
  Pending pending(plugin.client());
  pje_buffer *buffer = pending.buffer.get();
  demand_four_of_f32(buffer);
  demand(!pje_buffer_is_deleted(buffer), "deleted");
  pje_event *ready = nullptr, *read = nullptr;
  ok(pje_buffer_ready(buffer, &ready));
  EventHandle owned_ready(ready);
  float data[4] = {};
  ok(pje_buffer_to_host_async(buffer, data, sizeof data, &read));
  EventHandle owned_read(read);
  float raw[4] = {};
  pje_event *copied_raw = nullptr;
  ok(pje_buffer_copy_raw_to_host_async(buffer, raw, 0, sizeof raw, &copied_raw));
  EventHandle owned_raw(copied_raw);
  demand(fails(pje_event_wait_for(read, 0), "a look at the read") == PJE_DEADLINE_EXCEEDED, "another code");
  demand(!pje_event_is_ready(ready), "ready too early");
  // Plugins give the address of what is still pending: whoever looks or copies waits first.
  std::atomic<bool> filled{false}, early{false};
  std::atomic<int> about_to_wait{0};
  std::vector<float> viewed, copied;
  std::string failure;
  std::thread viewer([&] {
    try {
      pje_host_view *view = nullptr;
      ++about_to_wait;
      ok(pje_buffer_host_view(buffer, &view));
      ViewHandle owned(view);
      if (!filled) early = true;
      const auto *values = static_cast<const float *>(pje_host_view_data(view));
      viewed.assign(values, values + 4);
    } catch (const std::exception &error) {
      failure = error.what();
    }
  });
  std::thread reader([&] {
    float values[4] = {};
    ++about_to_wait;
    pje_error_release(pje_buffer_to_host(buffer, values, sizeof values));
    if (!filled) early = true;
    copied.assign(values, values + 4);
  });
  while (about_to_wait < 2) std::this_thread::yield();
  filled = true;
  pje_error *fulfilled = pje_fulfilment_set_buffer(pending.fulfilment.get(), source.get());
  viewer.join();
  reader.join();
  ok(fulfilled);
  demand(failure.empty(), failure);
  demand(!early, "a pending buffer was read");
  demand(viewed == kValues && copied == kValues, "the contents differ");
  ok(pje_event_wait_for(read, kMinute));
  ok(pje_event_wait_for(ready, kMinute));
  ok(pje_event_wait_for(copied_raw, kMinute));
  demand(std::vector<float>(raw, raw + 4) == kValues, "the raw copy differs");
  demand(std::vector<float>(data, data + 4) == kValues, "the asynchronous read differs");
}

void failed_buffer(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  Pending pending(plugin.client());
  pje_buffer *buffer = pending.buffer.get(), *output = nullptr;
  pje_event *done = nullptr, *ready = nullptr;
  ok(pje_loaded_executable_execute_async(executable.get(), &buffer, 1, nullptr, &output, 1, &done));
  BufferHandle owned_output(output);
  EventHandle owned_done(done);
  ErrorHandle error(pje_error_create(PJE_DATA_LOSS, "gone for good"));
  ok(pje_fulfilment_set_error(pending.fulfilment.get(), error.get()));
  ok(pje_buffer_ready(buffer, &ready));
  EventHandle owned_ready(ready);
  pje_code code = fails(pje_event_wait_for(ready, kMinute), "the event of a failed buffer");
  demand_unreadable(buffer, code, "a failed buffer");
  demand_four_of_f32(buffer);
  // Some plugins lose the code of what a run was to take.
  code = fails(pje_event_wait_for(done, kMinute), "a run on a failed buffer");
  demand_four_of_f32(output);
  demand_unreadable(output, code, "the result of a run on it");
}

void donated_buffer(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("alias_output/program.mlir");
  std::vector<float> values(1024, 3.0F);
  BufferHandle taken = plugin.upload(values), other = plugin.upload(values);
  pje_buffer *args[] = {taken.get(), other.get()}, *output = nullptr;
  ok(pje_loaded_executable_execute(executable.get(), args, 2, nullptr, &output, 1));
  BufferHandle owned(output);
  demand(pje_buffer_is_deleted(taken.get()), "still there");
  demand(pje_buffer_host_size(taken.get()) == 4096, "another size");
  float data[1024];
  pje_array *array = nullptr;
  pje_host_view *view = nullptr;
  pje_buffer *copy = nullptr;
  pje_event *done = nullptr;
  auto gone = [](pje_error *error, const char *how) {
    demand(fails(error, how) == PJE_FAILED_PRECONDITION, std::string(how) + ": another code");
  };
  gone(pje_buffer_to_host(taken.get(), data, sizeof data), "to_host");
  gone(pje_buffer_to_host_async(taken.get(), data, sizeof data, &done), "to_host_async");
  gone(pje_buffer_to_array(taken.get(), &array), "to_array");
  gone(pje_buffer_host_view(taken.get(), &view), "host_view");
  gone(pje_buffer_copy_to_device(taken.get(), plugin.device(1), &copy), "copy_to_device");
  gone(pje_buffer_copy_raw_to_host(taken.get(), data, 0, 16), "copy_raw_to_host");
  demand(array == nullptr && view == nullptr && copy == nullptr && done == nullptr, "something was made");
}

void released_buffer(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  pje_buffer *old = buffer.get();
  buffer.reset();
  demand_unreadable(old, PJE_INVALID_ARGUMENT, "a released buffer");
  pje_event *event = nullptr;
  demand(fails(pje_buffer_ready(old, &event), "ready") == PJE_INVALID_ARGUMENT, "another code");
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  pje_buffer *output = nullptr;
  demand(fails(pje_loaded_executable_execute(executable.get(), &old, 1, nullptr, &output, 1), "a run") ==
             PJE_INVALID_ARGUMENT,
         "another code");
  demand(pje_buffer_host_size(old) == 0 && pje_buffer_dims(old) == nullptr, "an accessor followed it");
  uint64_t misuses = pje_misuse_count();
  pje_buffer_release(old);
  demand(pje_misuse_count() == misuses + 1, "the second release was not noticed");
}

// Everything that one client's use makes, each as something that lets go of it.
struct Holdings {
  std::vector<std::function<void()>> releases;
  size_t last = 0;
  std::atomic<bool> done{false};
};

void release_all_but_then(void *data) {
  auto &held = *static_cast<Holdings *>(data);
  for (size_t i = 0; i < held.releases.size(); ++i)
    if (i != held.last) held.releases[i]();
  held.releases[held.last]();
  held.done = true;
}

template <class T>
void hold(Holdings &held, T *object, void (*release)(T *)) {
  held.releases.emplace_back([=] { release(object); });
}

// Answers how many kinds of objects there are.
size_t release_with_last(Plugin &plugin, size_t last) {
  Holdings held;
  held.last = last;
  pje_client *client = plugin.open(1).release();
  hold(held, client, pje_client_release);
  pje_program *program = nullptr;
  ok(pje_program_from_file(PJE_TEST_DIR "/programs/add1_f32/program.mlir", &program));
  hold(held, program, pje_program_release);
  pje_compile_options *options = compile_options(1, 1).release();
  hold(held, options, pje_compile_options_release);
  pje_loaded_executable *loaded = nullptr;
  ok(pje_client_compile(client, program, options, &loaded));
  hold(held, loaded, pje_loaded_executable_release);
  pje_executable *executable = nullptr;
  ok(pje_loaded_executable_executable(loaded, &executable));
  hold(held, executable, pje_executable_release);
  hold(held, pje_device_retain(pje_client_device(client, 0)), pje_device_release);
  Pending pending(client);
  pje_buffer *arg = pending.buffer.get(), *output = nullptr;
  pje_event *done = nullptr;
  ok(pje_loaded_executable_execute_async(loaded, &arg, 1, nullptr, &output, 1, &done));
  hold(held, pending.buffer.release(), pje_buffer_release);
  hold(held, output, pje_buffer_release);
  hold(held, done, pje_event_release);
  pje_completion_queue *queue = nullptr;
  ok(pje_completion_queue_create(&queue));
  ok(pje_completion_queue_add(queue, done, 7));
  hold(held, queue, pje_completion_queue_release);
  pje_array *array = nullptr;
  ok(pje_array_create(PJE_F32, kFour.data(), 1, &array));
  hold(held, array, pje_array_release);
  pje_buffer *source = nullptr;
  ok(pje_buffer_from_array(client, array, nullptr, &source));
  hold(held, source, pje_buffer_release);
  pje_prepared_call *call = nullptr;
  ok(pje_prepared_call_create(loaded, nullptr, &call));
  hold(held, call, pje_prepared_call_release);
  hold(held, pending.fulfilment.get(), pje_fulfilment_release);
  pje_fulfilment *fulfilment = pending.fulfilment.release();
  ok(pje_event_on_ready(done, release_all_but_then, &held));
  demand(!held.done, "the run did not wait for its argument");
  // The callback releases the fulfilment too, maybe before this call returns.
  pje_fulfilment *kept = pje_fulfilment_retain(fulfilment);
  pje_error *fulfilled = pje_fulfilment_set_buffer(kept, source);
  for (int i = 0; i < 60'000 && !held.done; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  demand(held.done, "the callback did not end");
  pje_fulfilment_release(kept);
  ok(fulfilled);
  return held.releases.size();
}

void last_release_in_a_callback(Plugin &plugin) {
  uint64_t before = pje_live_objects(nullptr);
  size_t kinds = 1;
  for (size_t last = 0; last < kinds; ++last) {
    kinds = release_with_last(plugin, last);
    demand(pje_live_objects(nullptr) == before, "objects are left");
  }
}

}  // namespace

std::vector<Case> lifetime_cases() {
  return {{"pending_buffer", pending_buffer},
          {"failed_buffer", failed_buffer},
          {"donated_buffer", donated_buffer},
          {"released_buffer", released_buffer},
          {"last_release_in_a_callback", last_release_in_a_callback}};
}

}  // namespace real
