// Getting data in and out: element types, memories, strides, promises about host memory.
#include <atomic>
#include <chrono>
#include <thread>

#include "support.hpp"

namespace real {
namespace {

void round_trip(Plugin &plugin, pje_dtype dtype) {
  const Dims dims{2, 3};
  size_t size = 6 * pje_dtype_host_size(dtype);
  unsigned mask = pje_dtype_bits(dtype) < 8 ? (1U << pje_dtype_bits(dtype)) - 1 : 255;
  if (dtype == PJE_PRED) mask = 1;
  std::vector<unsigned char> data(size), got(size, 0xEE);
  for (size_t i = 0; i < size; ++i) data[i] = static_cast<unsigned char>((7 * i + 3) & mask);
  BufferHandle buffer = plugin.upload(data.data(), size, dtype, dims);
  demand(pje_buffer_dtype(buffer.get()) == dtype, "another dtype");
  demand(pje_buffer_host_size(buffer.get()) == size, "another size");
  ok(pje_buffer_to_host(buffer.get(), got.data(), size));
  for (size_t i = 0; i < size; ++i)
    demand((got[i] & mask) == data[i], "byte " + std::to_string(i) + " differs");
}

// Every kind of memory of every device takes and gives data.
void memories(Plugin &plugin) {
  const std::vector<float> values{1, 2, 3, 4};
  bool pinned = false;
  size_t count = pje_client_num_addressable_memories(plugin.client());
  demand(count >= 4, "too few memories");
  for (size_t m = 0; m < count; ++m) {
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    options.memory = pje_client_addressable_memory(plugin.client(), m);
    BufferHandle buffer = plugin.upload(values.data(), 16, PJE_F32, {4}, &options);
    demand(pje_buffer_memory(buffer.get()) == options.memory, "it is in another memory");
    demand(floats(buffer.get()) == values, "the values differ");
    pinned |= std::strcmp(pje_memory_kind(options.memory), "pinned_host") == 0;
  }
  demand(pinned, "there is no pinned_host memory");
}

void devices(Plugin &plugin) {
  const std::vector<float> values{5, 6};
  demand(pje_client_num_addressable_devices(plugin.client()) == 4, "not four devices");
  for (size_t d = 0; d < 4; ++d) {
    BufferHandle buffer = plugin.upload(values, plugin.device(d));
    demand(pje_buffer_device(buffer.get()) == plugin.device(d), "it is on another device");
    demand(floats(buffer.get()) == values, "the values differ");
  }
}

void expect_strided(Plugin &plugin, const int16_t *first, size_t size, const Dims &strides,
                    const std::vector<int16_t> &expected) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.byte_strides = strides.data();
  options.num_byte_strides = strides.size();
  BufferHandle buffer = plugin.upload(first, size, PJE_S16, {2, 3}, &options);
  std::vector<int16_t> got(6);
  ok(pje_buffer_to_host(buffer.get(), got.data(), 12));
  demand(got == expected, "strides " + std::to_string(strides[0]) + ", " + std::to_string(strides[1]));
}

void strides(Plugin &plugin) {
  const int16_t values[] = {1, 2, 3, 4, 5, 6};
  expect_strided(plugin, values, 12, {2, 4}, {1, 3, 5, 2, 4, 6});
  expect_strided(plugin, values + 5, 12, {-6, -2}, {6, 5, 4, 3, 2, 1});
  expect_strided(plugin, values, 6, {0, 2}, {1, 2, 3, 1, 2, 3});
  expect_strided(plugin, values + 3, 2, {0, 0}, {4, 4, 4, 4, 4, 4});
}

void wait_for(const std::atomic<int> &calls, int count) {
  for (int i = 0; i < 5000 && calls < count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  demand(calls == count, "the release callback ran " + std::to_string(calls.load()) + " times");
}

void semantics(Plugin &plugin, int32_t which, size_t shift) {
  alignas(64) float memory[32] = {};
  float *data = memory + shift;
  std::vector<float> values;
  for (int i = 0; i < 16; ++i) values.push_back(data[i] = static_cast<float>(i));
  std::atomic<int> calls{0};
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.semantics = which;
  options.release = [](void *count) { ++*static_cast<std::atomic<int> *>(count); };
  options.release_data = &calls;
  BufferHandle buffer = plugin.upload(data, 64, PJE_F32, {16}, &options);
  if (which < PJE_HOST_IMMUTABLE_ZERO_COPY) {
    wait_for(calls, 1);
    std::memset(memory, 0, sizeof memory);
  }
  demand(floats(buffer.get()) == values, "the values differ");
  buffer.reset();
  wait_for(calls, 1);
}

void shapes(Plugin &plugin) {
  const double value = 2.5;
  double got = 0;
  BufferHandle scalar = plugin.upload(&value, 8, PJE_F64, {});
  ok(pje_buffer_to_host(scalar.get(), &got, 8));
  demand(got == value, "the scalar differs");
  BufferHandle empty = plugin.upload(nullptr, 0, PJE_F32, {3, 0});
  demand(pje_buffer_host_size(empty.get()) == 0, "the empty buffer has a size");
  ok(pje_buffer_to_host(empty.get(), nullptr, 0));
  pje_array *array = nullptr;
  ok(pje_buffer_to_array(empty.get(), &array));
  demand(pje_array_dims(ArrayHandle(array).get())[0] == 3, "the empty array has other dimensions");
}

void deleted(Plugin &plugin) {
  BufferHandle buffer = plugin.upload({1, 2});
  float got[2];
  ok(pje_buffer_delete(buffer.get()));
  ok(pje_buffer_delete(buffer.get()));
  demand(pje_buffer_is_deleted(buffer.get()), "it is not deleted");
  demand(
      fails(pje_buffer_to_host(buffer.get(), got, 8), "reading a deleted buffer") == PJE_FAILED_PRECONDITION,
      "another code");
}

// The second process of two, as far as one can be told without the first.
void client_options(Plugin &plugin) {
  pje_named_values *values = nullptr;
  ok(pje_named_values_create(&values));
  ValuesHandle owned_values(values);
  ok(pje_named_values_set_int64(values, "cpu_device_count", 2));
  ok(pje_named_values_set_bool(values, "asynchronous", false));
  ok(pje_named_values_set_int64(values, "process_id", 1));
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.options = values;
  pje_client *client = nullptr;
  ok(pje_client_create(pje_client_plugin(plugin.client()), &options, &client));
  ClientHandle owned(client);
  demand(pje_client_num_addressable_devices(client) == 2, "another number of devices");
  demand(pje_client_process_index(client) == 1, "another process");
  pje_device *second = pje_client_addressable_device(client, 1), *found = nullptr;
  demand(pje_device_id(second) > 1, "the second process counts its devices from 0");
  ok(pje_client_lookup_device(client, pje_device_id(second), &found));
  demand(found == second, "another device has the id");
  const float values_there[] = {1, 2};
  const Dims dims{2};
  pje_from_host_options place = PJE_FROM_HOST_OPTIONS_INIT;
  place.device = second;
  pje_buffer *buffer = nullptr;
  ok(pje_buffer_from_host(client, values_there, 8, PJE_F32, dims.data(), 1, &place, &buffer));
  demand(floats(BufferHandle(buffer).get()) == std::vector<float>{1, 2}, "the values differ");
}

void consumed_array(Plugin &plugin) {
  ArrayHandle array = load("add1_f32", "in0.npy");
  std::vector<float> values(4);
  std::memcpy(values.data(), pje_array_data(array.get()), 16);
  pje_array *given = array.release();
  pje_buffer *buffer = nullptr;
  ok(pje_buffer_from_array_consume(plugin.client(), &given, nullptr, &buffer));
  BufferHandle owned(buffer);
  demand(given == nullptr, "the array is still there");
  demand(floats(buffer) == values, "the values differ");
}

}  // namespace

std::vector<Case> data_cases() {
  std::vector<Case> cases;
  for (int number = PJE_PRED; number <= PJE_F6E3M2FN; ++number) {
    auto dtype = static_cast<pje_dtype>(number);
    if (dtype == PJE_TOKEN) continue;
    cases.push_back(
        {std::string("dtype_") + pje_dtype_name(dtype), [dtype](Plugin &p) { round_trip(p, dtype); }});
  }
  for (int32_t which = PJE_HOST_DEFAULT; which <= PJE_HOST_MUTABLE_ZERO_COPY; ++which) {
    cases.push_back(
        {"semantics_" + std::to_string(which) + "_aligned", [which](Plugin &p) { semantics(p, which, 0); }});
    cases.push_back({"semantics_" + std::to_string(which) + "_unaligned",
                     [which](Plugin &p) { semantics(p, which, 1); }});
  }
  for (const Case &other : std::vector<Case>{{"memories", memories},
                                             {"devices", devices},
                                             {"strides", strides},
                                             {"shapes", shapes},
                                             {"deleted", deleted},
                                             {"every_client_option", client_options},
                                             {"consumed_array", consumed_array}})
    cases.push_back(other);
  return cases;
}

}  // namespace real
