// Buffers beyond uploads and results: copies, raw bytes, memory held, promised, borrowed or in error;
// devices.
#include <atomic>
#include <chrono>
#include <thread>

#include "support.hpp"

namespace real {
namespace {

using Floats = std::vector<float>;
using ReferenceHandle = Handle<pje_buffer_reference, pje_buffer_reference_release>;
const Dims kFour{4};
const Floats kValues{1, 2, 3, 4};

pje_device *device(Plugin &plugin, size_t index) { return plugin.device(index); }

void facts(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  const uint8_t nibbles[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  BufferHandle small = plugin.upload(nibbles, 8, PJE_U4, {8});
  size_t size = 0, dynamic = 9;
  int64_t dims[1] = {0};
  ok(pje_buffer_on_device_size(buffer.get(), &size));
  demand(size == 16, "another size on the device");
  ok(pje_buffer_on_device_size(small.get(), &size));
  demand(size == 4, "small elements are not packed");
  demand(pje_buffer_is_on_cpu(buffer.get()), "it is not on the CPU");
  ok(pje_buffer_unpadded_dims(buffer.get(), dims));
  demand(dims[0] == 4, "other unpadded dimensions");
  ok(pje_buffer_dynamic_dims(buffer.get(), 0, nullptr, &dynamic));
  demand(dynamic == 0, "there are dynamic dimensions");
}

void copies(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  ClientHandle other = plugin.open(2);
  for (size_t i = 0; i < 4; ++i) {
    pje_buffer *copy = nullptr;
    ok(pje_buffer_copy_to_device(buffer.get(), device(plugin, i), &copy));
    BufferHandle owned(copy);
    demand(pje_buffer_device(copy) == device(plugin, i) && floats(copy) == kValues, "the copy differs");
  }
  for (size_t i = 0; i < pje_client_num_addressable_memories(plugin.client()); ++i) {
    pje_memory *memory = pje_client_addressable_memory(plugin.client(), i);
    pje_buffer *copy = nullptr;
    pje_event *done = nullptr;
    ok(pje_buffer_copy_to_memory_async(buffer.get(), memory, &copy, &done));
    BufferHandle owned(copy);
    EventHandle event(done);
    ok(pje_event_wait(done));
    demand(pje_buffer_memory(copy) == memory && floats(copy) == kValues, "the copy in a memory differs");
  }
  pje_buffer *copy = nullptr;
  ok(pje_buffer_copy_to_device(buffer.get(), pje_client_addressable_device(other.get(), 1), &copy));
  BufferHandle owned(copy);
  demand(pje_buffer_client(copy) == other.get() && floats(copy) == kValues, "another client's copy differs");
}

void raw_bytes(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  float got[4] = {};
  pje_event *done = nullptr;
  ok(pje_buffer_copy_raw_to_host(buffer.get(), got, 4, 8));
  demand(got[0] == 2 && got[1] == 3, "raw bytes differ");
  ok(pje_buffer_copy_raw_to_host_async(buffer.get(), got, 0, 16, &done));
  EventHandle event(done);
  ok(pje_event_wait(done));
  demand(Floats(got, got + 4) == kValues, "raw bytes, asynchronous, differ");
  demand(fails(pje_buffer_copy_raw_to_host(buffer.get(), got, 8, 12), "out of range") == PJE_INVALID_ARGUMENT,
         "another code");
}

void raw_bytes_later(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  float got[2] = {};
  pje_fulfilment *later = nullptr;
  pje_event *done = nullptr;
  ok(pje_buffer_copy_raw_to_host_later(buffer.get(), 8, 8, &later, &done));
  FulfilmentHandle fulfilment(later);
  EventHandle event(done);
  ok(pje_fulfilment_set_data(later, got, 8));
  ok(pje_event_wait(done));
  demand(got[0] == 3 && got[1] == 4, "raw bytes named later differ");
  ok(pje_buffer_copy_raw_to_host_later(buffer.get(), 8, 8, &later, &done));
  EventHandle second(done);
  pje_fulfilment_release(later);
  demand(fails(pje_event_wait(done), "a place never named") == PJE_CANCELLED, "another code");
}

void references(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  pje_buffer_reference *made = nullptr;
  ok(pje_buffer_reference_create(buffer.get(), &made));
  ReferenceHandle reference(made);
  uint64_t address = 0;
  void *pointer = nullptr;
  ok(pje_buffer_reference_unsafe_pointer(made, &address));
  ok(pje_buffer_reference_device_pointer(made, &pointer));
  demand(
      std::memcmp(reinterpret_cast<const void *>(static_cast<uintptr_t>(address)), kValues.data(), 16) == 0,
      "the address differs");
  demand(pointer == reinterpret_cast<void *>(static_cast<uintptr_t>(address)), "the pointers differ");
}

void uninitialized(Plugin &plugin) {
  pje_buffer *buffer = nullptr;
  ok(pje_buffer_create_uninitialized(plugin.client(), PJE_F32, kFour.data(), 1, nullptr, &buffer));
  BufferHandle owned(buffer);
  demand(floats(buffer).size() == 4, "another size");
}

// With no layout named: real plugins end the process over a shape without one.
void error_buffer(Plugin &plugin) {
  ErrorHandle error(pje_error_create(PJE_DATA_LOSS, "gone for good"));
  pje_buffer *buffer = nullptr;
  ok(pje_buffer_create_error(plugin.client(), error.get(), PJE_F32, kFour.data(), 1, nullptr, &buffer));
  BufferHandle owned(buffer);
  float got[4];
  demand(fails(pje_buffer_to_host(buffer, got, 16), "reading an error") == PJE_DATA_LOSS, "another code");
}

void alias(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  BufferHandle source = plugin.upload(kValues);
  pje_fulfilment *made = nullptr;
  pje_buffer *pending = nullptr, *output = nullptr;
  ok(pje_buffer_create_alias(plugin.client(), PJE_F32, kFour.data(), 1, nullptr, &pending, &made));
  BufferHandle owned(pending);
  FulfilmentHandle fulfilment(made);
  ok(pje_loaded_executable_execute_async(executable.get(), &pending, 1, nullptr, &output, 1, nullptr));
  BufferHandle result(output);
  ok(pje_fulfilment_set_buffer(made, source.get()));
  demand(floats(output) == Floats({2, 3, 4, 5}), "the result of a run on an alias differs");
  demand(floats(pending) == kValues, "the alias differs");
  demand(fails(pje_fulfilment_set_buffer(made, source.get()), "twice") == PJE_FAILED_PRECONDITION,
         "another code");
}

void alias_with_error(Plugin &plugin) {
  pje_fulfilment *made = nullptr;
  pje_buffer *pending = nullptr;
  ok(pje_buffer_create_alias(plugin.client(), PJE_F32, kFour.data(), 1, nullptr, &pending, &made));
  BufferHandle owned(pending);
  FulfilmentHandle fulfilment(made);
  ErrorHandle error(pje_error_create(PJE_DATA_LOSS, "gone for good"));
  ok(pje_fulfilment_set_error(made, error.get()));
  float got[4];
  fails(pje_buffer_to_host(pending, got, 16), "reading a failed alias");
}

void view(Plugin &plugin) {
  alignas(64) float memory[16] = {1, 2, 3, 4};
  std::atomic<int> released{0};
  pje_view_options options = PJE_VIEW_OPTIONS_INIT;
  options.release = [](void *count) { ++*static_cast<std::atomic<int> *>(count); };
  options.release_data = &released;
  pje_buffer *made = nullptr;
  fails(pje_buffer_create_view(plugin.client(), memory + 1, 16, PJE_F32, kFour.data(), 1, &options, &made),
        "misaligned memory");
  demand(released == 0, "released although it failed");
  ok(pje_buffer_create_view(plugin.client(), memory, 16, PJE_F32, kFour.data(), 1, &options, &made));
  BufferHandle buffer(made);
  demand(floats(made) == kValues, "the view differs");
  buffer.reset();
  for (int i = 0; i < 5000 && released == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  demand(released == 1, "released " + std::to_string(released.load()) + " times");
}

void bitcast(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  const Dims square{2, 2};
  pje_buffer *made = nullptr;
  ok(pje_buffer_bitcast(buffer.get(), PJE_U32, square.data(), 2, nullptr, &made));
  BufferHandle words(made);
  uint32_t got[4];
  ok(pje_buffer_to_host(made, got, 16));
  demand(std::memcmp(got, kValues.data(), 16) == 0, "the bits differ");
}

void dependency(Plugin &plugin) {
  BufferHandle buffer = plugin.upload(kValues);
  pje_buffer *taken = nullptr;
  pje_fulfilment *made = nullptr;
  ok(pje_buffer_donate_with_dependency(buffer.get(), &taken, &made));
  BufferHandle owned(taken);
  FulfilmentHandle fulfilment(made);
  demand(pje_buffer_is_deleted(buffer.get()), "the old buffer is still there");
  ok(pje_fulfilment_set_done(made));
  demand(floats(taken) == kValues, "the contents differ");
}

void device_attributes(Plugin &plugin) {
  pje_named_values *values = nullptr;
  ok(pje_device_current_attributes(device(plugin, 0), &values));
  ValuesHandle owned(values);
}

void device_lookup(Plugin &plugin) {
  for (auto *look : {pje_client_lookup_device, pje_client_lookup_addressable_device}) {
    pje_device *found = nullptr;
    ok(look(plugin.client(), 2, &found));
    demand(found == device(plugin, 2), "another device");
    demand(fails(look(plugin.client(), 99, &found), "device 99") == PJE_INVALID_ARGUMENT, "another code");
    demand(found == nullptr, "there is a device");
  }
}

void process_info(Plugin &plugin) {
  const int32_t task = 0, state = PJE_PROCESS_CONNECTED;
  const uint64_t incarnation = 1;
  ok(pje_client_update_global_process_info(plugin.client(), &task, &incarnation, &state, nullptr, 1));
}

void poison(Plugin &plugin) {
  ErrorHandle error(pje_error_create(PJE_ABORTED, "enough"));
  bool poisoned = true;
  ok(pje_device_poison_execution(device(plugin, 0), 12345, error.get(), &poisoned));
  demand(!poisoned, "a run that is not there was poisoned");
}

void tracking(Plugin &plugin) {
  pje_tracking_event *event = nullptr;
  ok(pje_tracking_event_create(device(plugin, 0), "a span", &event));
  pje_tracking_event_release(event);
}

void memory_stats(Plugin &plugin) {
  pje_named_values *values = nullptr;
  ok(pje_device_memory_stats(device(plugin, 0), &values));
  pje_named_values_release(values);
}

void clear_memory_stats(Plugin &plugin) { ok(pje_device_clear_memory_stats(device(plugin, 0))); }

void dma(Plugin &plugin) {
  alignas(64) static char memory[4096];
  pje_dma_mapping *mapping = nullptr;
  ok(pje_dma_mapping_create(plugin.client(), memory, sizeof memory, &mapping));
  pje_dma_mapping_release(mapping);
}

}  // namespace

std::vector<Case> special_cases() {
  return {{"buffer_facts", facts},
          {"buffer_copies", copies},
          {"raw_bytes", raw_bytes},
          {"raw_bytes_later", raw_bytes_later},
          {"buffer_references", references},
          {"uninitialized_buffer", uninitialized},
          {"error_buffer", error_buffer},
          {"alias_buffer", alias},
          {"alias_buffer_with_error", alias_with_error},
          {"view_of_memory", view},
          {"bitcast", bitcast},
          {"donate_with_dependency", dependency},
          {"device_attributes", device_attributes},
          {"device_lookup", device_lookup},
          {"process_info", process_info},
          {"poison_execution", poison},
          {"tracking_event", tracking},
          {"memory_stats", memory_stats},
          {"clear_memory_stats", clear_memory_stats},
          {"dma_mapping", dma}};
}

}  // namespace real
