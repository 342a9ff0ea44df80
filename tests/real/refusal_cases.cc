// Bad input, and what ends the process of those who call these plugins directly: an error, or the right data.
#include <cstdint>

#include "support.hpp"

namespace real {
namespace {

using BytesHandle = Handle<pje_bytes, pje_bytes_release>;
using ManagerHandle = Handle<pje_transfer_manager, pje_transfer_manager_release>;
using ReferenceHandle = Handle<pje_buffer_reference, pje_buffer_reference_release>;
using Floats = std::vector<float>;

const Floats kValues{1, 2, 3, 4};

void expect_invalid(pje_error *error, const std::string &what) {
  pje_code code = fails(error, what);
  demand(code == PJE_INVALID_ARGUMENT, what + ": " + pje_code_name(code));
}

pje_error *upload(pje_client *client, size_t size, const Dims &dims, const pje_from_host_options *options) {
  pje_buffer *made = nullptr;
  pje_error *error =
      pje_buffer_from_host(client, kValues.data(), size, PJE_F32, dims.data(), dims.size(), options, &made);
  pje_buffer_release(made);
  return error;
}

pje_error *execute(pje_loaded_executable *executable, pje_buffer *arg,
                   const pje_execute_options *options = nullptr) {
  pje_buffer *made = nullptr;
  pje_error *error = pje_loaded_executable_execute(executable, &arg, 1, options, &made, 1);
  pje_buffer_release(made);
  return error;
}

void wrong_sizes(Plugin &plugin) {
  constexpr int64_t kHuge = int64_t{1} << 40;
  expect_invalid(upload(plugin.client(), 15, {4}, nullptr), "15 bytes for 16");
  expect_invalid(upload(plugin.client(), 16, {-4}, nullptr), "a negative dimension");
  expect_invalid(upload(plugin.client(), 16, {kHuge, kHuge}, nullptr), "dimensions that overflow");
  expect_invalid(upload(plugin.client(), 16, {0, kHuge, kHuge}, nullptr),
                 "dimensions that overflow, and a 0");
  BufferHandle buffer = plugin.upload(kValues);
  float got[4];
  expect_invalid(pje_buffer_to_host(buffer.get(), got, 15), "15 bytes to read 16");
  expect_invalid(pje_buffer_copy_raw_to_host(buffer.get(), got, 17, 0), "an offset past the end");
  expect_invalid(pje_buffer_copy_raw_to_host(buffer.get(), got, SIZE_MAX, 2), "a range that overflows");
}

void strides_that_leave(Plugin &plugin) {
  for (const Dims &strides : {Dims{8}, Dims{-8}, Dims{INT64_MAX}, Dims{INT64_MIN}, Dims{4, 4}}) {
    pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
    options.byte_strides = strides.data();
    options.num_byte_strides = strides.size();
    expect_invalid(upload(plugin.client(), 16, {4}, &options), "stride " + std::to_string(strides[0]));
  }
}

void places_of_another_client(Plugin &plugin) {
  ClientHandle other = plugin.open(1);
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.device = pje_client_addressable_device(other.get(), 0);
  expect_invalid(upload(plugin.client(), 16, {4}, &options), "a device of another client");
  options.device = nullptr;
  options.memory = pje_client_addressable_memory(other.get(), 0);
  expect_invalid(upload(plugin.client(), 16, {4}, &options), "a memory of another client");
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  BufferHandle arg = plugin.upload(kValues);
  pje_execute_options run = PJE_EXECUTE_OPTIONS_INIT;
  run.device = pje_client_addressable_device(other.get(), 0);
  expect_invalid(execute(executable.get(), arg.get(), &run), "a run on a device of another client");
}

void bad_arguments(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  expect_invalid(execute(executable.get(), nullptr), "NULL in the argument list");
  BufferHandle deleted = plugin.upload(kValues);
  ok(pje_buffer_delete(deleted.get()));
  expect_invalid(execute(executable.get(), deleted.get()), "a deleted argument");
  BufferHandle let_go = plugin.upload(kValues);
  pje_buffer *released = let_go.get();
  let_go.reset();
  expect_invalid(execute(executable.get(), released), "a released argument");
}

// A run answers at once, and the failure comes with what it makes.
void error_as_argument(Plugin &plugin) {
  const pje_dtype dtype = PJE_F32;
  const int64_t dims[] = {4}, *shape = dims;
  const size_t rank = 1;
  pje_transfer_manager *manager = nullptr;
  pje_buffer *failed = nullptr, *output = nullptr;
  ok(pje_transfer_manager_create(plugin.client(), 1, &dtype, &shape, &rank, nullptr, nullptr, &manager));
  ManagerHandle owned_manager(manager);
  ok(pje_transfer_manager_retrieve_buffer(manager, 0, &failed));
  BufferHandle owned(failed);
  ErrorHandle reason(pje_error_create(PJE_DATA_LOSS, "gone for good"));
  ok(pje_transfer_manager_set_buffer_error(manager, 0, reason.get()));
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  fails(execute(executable.get(), failed), "a run on an error");
  pje_event *done = nullptr;
  ErrorHandle refused(
      pje_loaded_executable_execute_async(executable.get(), &failed, 1, nullptr, &output, 1, &done));
  BufferHandle result(output);
  EventHandle event(done);
  if (refused) return;
  float got[4];
  fails(pje_event_wait(done), "the event of a run on an error");
  fails(pje_buffer_to_host(output, got, 16), "the result of a run on an error");
}

// Plugins copy then; what the reference refers to stays as it was.
void donation_under_a_reference(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("alias_output/program.mlir");
  const Floats values(1024, 3.0F);
  BufferHandle a = plugin.upload(values), b = plugin.upload(values), c = plugin.upload(values);
  auto run = [&](pje_buffer *first) {
    pje_buffer *args[] = {first, b.get()}, *output = nullptr;
    ok(pje_loaded_executable_execute(executable.get(), args, 2, nullptr, &output, 1));
    return floats(BufferHandle(output).get());
  };
  const Floats expected = run(c.get());
  pje_buffer_reference *made = nullptr;
  ok(pje_buffer_reference_create(a.get(), &made));
  ReferenceHandle reference(made);
  uint64_t address = 0;
  ok(pje_buffer_reference_unsafe_pointer(made, &address));
  demand(run(a.get()) == expected, "the result differs");
  demand(
      std::memcmp(reinterpret_cast<const void *>(static_cast<uintptr_t>(address)), values.data(), 4096) == 0,
      "the memory that is referred to was written to");
}

// Plugins abort over them.
void options_without_replicas(Plugin &plugin) {
  pje_compile_options *options = nullptr;
  expect_invalid(pje_compile_options_from_bytes("", 0, &options), "options that say nothing");
  ok(pje_compile_options_create(&options));
  OptionsHandle owned(options);
  expect_invalid(pje_compile_options_set_num_replicas(options, 0), "0 replicas");
  expect_invalid(pje_compile_options_set_num_partitions(options, -1), "-1 partitions");
  BufferHandle arg = plugin.upload(kValues);
  ok(execute(plugin.compile("add1_f32/program.mlir", options).get(), arg.get()));
}

// Plugins before 0.115 abort over an option of another type, those after 0.81 over a negative number.
void client_options(Plugin &plugin) {
  for (int kind = 0; kind < 4; ++kind) {
    pje_named_values *values = nullptr;
    ok(pje_named_values_create(&values));
    ValuesHandle owned(values);
    if (kind == 0) ok(pje_named_values_set_string(values, "cpu_device_count", "4"));
    if (kind == 1) ok(pje_named_values_set_int64(values, "cpu_device_count", -1));
    if (kind == 2) ok(pje_named_values_set_int64(values, "cpu_device_count", 0));
    if (kind == 3) ok(pje_named_values_set_int64(values, "no_such_option", 1));
    pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
    options.options = values;
    pje_client *client = nullptr;
    expect_invalid(pje_client_create(pje_client_plugin(plugin.client()), &options, &client),
                   "options " + std::to_string(kind));
    demand(client == nullptr, "there is a client");
  }
}

// Plugins crash when a buffer is read, and when a topology of theirs is destroyed.
void after_the_client(Plugin &plugin) {
  ClientHandle client = plugin.open(2);
  pje_topology *topology = nullptr;
  ok(pje_client_topology(client.get(), &topology));
  topology = pje_topology_retain(topology);
  pje_buffer *made = nullptr;
  const int64_t dims[] = {4};
  ok(pje_buffer_from_host(client.get(), kValues.data(), 16, PJE_F32, dims, 1, nullptr, &made));
  BufferHandle buffer(made);
  ok(pje_client_close(client.get(), -1));
  float got[4];
  demand(fails(pje_buffer_to_host(made, got, 16), "reading after the client") == PJE_FAILED_PRECONDITION,
         "another code");
  pje_event *ready = nullptr;
  demand(fails(pje_buffer_ready(made, &ready), "asking after the client") == PJE_FAILED_PRECONDITION,
         "another code");
  pje_topology_release(topology);
  client.reset();
}

void cut_bytes(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  pje_executable *executable = nullptr;
  ok(pje_loaded_executable_executable(loaded.get(), &executable));
  pje_deserialize_options trusted = PJE_DESERIALIZE_OPTIONS_INIT;
  trusted.trusted = 1;
  pje_bytes *made = nullptr, *raw = nullptr;
  ok(pje_executable_serialize(executable, &made));
  ok(pje_executable_serialize_raw(executable, &raw));
  pje_executable_release(executable);
  BytesHandle bytes(made), raw_bytes(raw);
  pje_loaded_executable *again = nullptr;
  for (size_t size : {size_t{1}, pje_bytes_size(made) / 2, pje_bytes_size(made) - 1})
    fails(pje_client_deserialize_and_load(plugin.client(), pje_bytes_data(made), size, &trusted, &again),
          "bytes cut at " + std::to_string(size));
  // Without the header the plugin itself has to notice.
  fails(pje_client_deserialize_and_load_raw(plugin.client(), pje_bytes_data(raw), pje_bytes_size(raw) / 2,
                                            &trusted, &again),
        "raw bytes cut in the middle");
  demand(again == nullptr, "there is an executable");
}

}  // namespace

std::vector<Case> refusal_cases() {
  return {{"wrong_sizes", wrong_sizes},
          {"strides_that_leave", strides_that_leave},
          {"places_of_another_client", places_of_another_client},
          {"bad_arguments", bad_arguments},
          {"error_as_argument", error_as_argument},
          {"donation_under_a_reference", donation_under_a_reference},
          {"options_without_replicas", options_without_replicas},
          {"client_options", client_options},
          {"after_the_client", after_the_client},
          {"cut_bytes", cut_bytes}};
}

}  // namespace real
