// Transfers in pieces, contexts, key-value stores, and what the CPU plugins refuse of a run.
#include <atomic>

#include "support.hpp"

namespace real {
namespace {

using ManagerHandle = Handle<pje_transfer_manager, pje_transfer_manager_release>;
using ContextHandle = Handle<pje_execute_context, pje_execute_context_release>;
using StoreHandle = Handle<pje_kv_store, pje_kv_store_release>;

const std::vector<float> kSix{1, 2, 3, 4, 5, 6};

ManagerHandle manager_of(Plugin &plugin, const std::vector<pje_dtype> &dtypes,
                         const std::vector<Dims> &shapes) {
  std::vector<const int64_t *> dims;
  std::vector<size_t> ranks;
  for (const Dims &shape : shapes) {
    dims.push_back(shape.data());
    ranks.push_back(shape.size());
  }
  pje_transfer_manager *manager = nullptr;
  ok(pje_transfer_manager_create(plugin.client(), dtypes.size(), dtypes.data(), dims.data(), ranks.data(),
                                 nullptr, nullptr, &manager));
  return ManagerHandle(manager);
}

BufferHandle retrieve(const ManagerHandle &manager, size_t index) {
  pje_buffer *buffer = nullptr;
  ok(pje_transfer_manager_retrieve_buffer(manager.get(), index, &buffer));
  return BufferHandle(buffer);
}

void raw(Plugin &plugin) {
  ManagerHandle manager = manager_of(plugin, {PJE_F32, PJE_F32}, {{6}, {2, 3}});
  size_t size = 0;
  demand(pje_transfer_manager_num_buffers(manager.get()) == 2, "not two buffers");
  demand(pje_transfer_manager_device(manager.get()) == plugin.device(0), "another device");
  ok(pje_transfer_manager_buffer_size(manager.get(), 1, &size));
  demand(size == 24, "another size");
  BufferHandle buffer = retrieve(manager, 0);
  ok(pje_transfer_manager_transfer_data(manager.get(), 0, kSix.data() + 4, 8, 16, false));
  ok(pje_transfer_manager_transfer_data(manager.get(), 0, kSix.data(), 16, 0, true));
  demand(floats(buffer.get()) == kSix, "the values differ");
  pje_named_values *values = nullptr;
  ok(pje_named_values_create(&values));
  ValuesHandle owned(values);
  ok(pje_named_values_set_string(values, "shard", "1"));
  ok(pje_transfer_manager_add_metadata(manager.get(), values));
  ok(pje_named_values_set_int64(values, "shard", 1));
  (void)fails(pje_transfer_manager_add_metadata(manager.get(), values), "metadata that is no string");
}

// Without a layout the plugins would end the process here.
void literal(Plugin &plugin) {
  ManagerHandle manager = manager_of(plugin, {PJE_F32, PJE_S32}, {{2, 3}, {}});
  ok(pje_transfer_manager_transfer_literal(manager.get(), 0, kSix.data(), 24, nullptr));
  demand(floats(retrieve(manager, 0).get()) == kSix, "the values differ");
  const int32_t seven = 7;
  int32_t got = 0;
  ok(pje_transfer_manager_transfer_literal(manager.get(), 1, &seven, 4, nullptr));
  ok(pje_buffer_to_host(retrieve(manager, 1).get(), &got, 4));
  demand(got == 7, "the scalar differs");
}

void pieces(Plugin &plugin) {
  ManagerHandle manager = manager_of(plugin, {PJE_F32}, {{2, 3}});
  BufferHandle buffer = retrieve(manager, 0);
  for (size_t at : {size_t{2}, size_t{0}, size_t{4}})
    ok(pje_transfer_manager_write(manager.get(), 0, kSix.data() + at, 8, 4 * at));
  demand(floats(buffer.get()) == kSix, "the values differ");
  size_t done = 0, total = 0;
  for (int i = 0; i < 5000 && done < 24; ++i)
    ok(pje_transfer_manager_progress(manager.get(), 0, &done, &total));
  demand(done == 24 && total == 24, "the progress is " + std::to_string(done));
}

// Packed on the device: the pieces are gathered and go as a literal.
void narrow_pieces(Plugin &plugin) {
  const std::vector<signed char> values{1, -2, 3, -4, 5};
  std::vector<signed char> got(5);
  ManagerHandle manager = manager_of(plugin, {PJE_S4}, {{5}});
  ok(pje_transfer_manager_write(manager.get(), 0, values.data() + 3, 2, 3));
  ok(pje_transfer_manager_write(manager.get(), 0, values.data(), 3, 0));
  ok(pje_buffer_to_host(retrieve(manager, 0).get(), got.data(), 5));
  for (size_t i = 0; i < 5; ++i)
    demand((got[i] & 15) == (values[i] & 15), "element " + std::to_string(i) + " differs");
}

void all_arrays(Plugin &plugin) {
  ArrayHandle first = load("add1_f32", "in0.npy"), second = load("alias_output", "in0.npy");
  pje_array *arrays[] = {first.get(), second.get()};
  pje_buffer *buffers[2] = {};
  uint64_t last = 0;
  pje_transfer_options options = PJE_TRANSFER_OPTIONS_INIT;
  options.device = plugin.device(1);
  options.piece_size = 8;
  options.progress_data = &last;
  options.progress = [](void *seen, const pje_transfer_state *state) {
    *static_cast<uint64_t *>(seen) = state->bytes_done;
  };
  ok(pje_client_transfer_all(plugin.client(), arrays, 2, &options, buffers));
  BufferHandle owned[] = {BufferHandle(buffers[0]), BufferHandle(buffers[1])};
  demand(last == pje_array_size(arrays[0]) + pje_array_size(arrays[1]), "another number of bytes");
  for (size_t i = 0; i < 2; ++i) {
    std::vector<char> got(pje_array_size(arrays[i]));
    ok(pje_buffer_to_host(buffers[i], got.data(), got.size()));
    demand(std::memcmp(got.data(), pje_array_const_data(arrays[i]), got.size()) == 0, "the values differ");
    demand(pje_buffer_device(buffers[i]) == plugin.device(1), "it is on another device");
  }
}

// A buffer that never gets its contents must not keep who reads it waiting.
void errors(Plugin &plugin) {
  ManagerHandle manager = manager_of(plugin, {PJE_F32, PJE_F32, PJE_F32}, {{6}, {6}, {6}});
  BufferHandle failed = retrieve(manager, 0), half = retrieve(manager, 1), untouched = retrieve(manager, 2);
  ErrorHandle reason(pje_error_create(PJE_DATA_LOSS, "the file ended early"));
  ok(pje_transfer_manager_set_buffer_error(manager.get(), 0, reason.get()));
  ok(pje_transfer_manager_write(manager.get(), 1, kSix.data(), 8, 0));
  demand(fails(pje_transfer_manager_write(manager.get(), 0, kSix.data(), 24, 0), "writing after the error") ==
             PJE_FAILED_PRECONDITION,
         "another code");
  manager.reset();
  float got[6];
  for (const BufferHandle *buffer : {&failed, &half, &untouched})
    (void)fails(pje_buffer_to_host(buffer->get(), got, 24), "reading a buffer without contents");
}

void context(Plugin &plugin) {
  pje_execute_context *made = nullptr;
  ok(pje_execute_context_create(pje_client_plugin(plugin.client()), &made));
  ContextHandle owned(made);
  static const int32_t tasks[] = {0};
  static const int64_t incarnations[] = {1};
  pje_execute_options options = PJE_EXECUTE_OPTIONS_INIT;
  options.context = made;
  options.call_location = "transfer_cases.cc:1";
  options.launch_id = 4;
  options.task_ids = tasks;
  options.incarnation_ids = incarnations;
  options.num_tasks = 1;
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  BufferHandle arg = plugin.upload({1, 2, 3, 4});
  pje_buffer *raw_arg = arg.get(), *output = nullptr;
  ok(pje_loaded_executable_execute(executable.get(), &raw_arg, 1, &options, &output, 1));
  demand(floats(BufferHandle(output).get()) == std::vector<float>{2, 3, 4, 5}, "the values differ");
}

void sends_are_refused(Plugin &plugin) {
  const std::string text =
      "module @sends {\n  func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
      "    %0 = stablehlo.create_token : !stablehlo.token\n"
      "    %1 = \"stablehlo.send\"(%arg0, %0) <{channel_handle = #stablehlo.channel_handle<handle = 5, type "
      "= 2>, is_host_transfer = true}> : (tensor<4xf32>, !stablehlo.token) -> !stablehlo.token\n"
      "    return %arg0 : tensor<4xf32>\n  }\n}\n";
  pje_program *program = nullptr;
  ok(pje_program_from_bytes(PJE_PROGRAM_MLIR, text.data(), text.size(), &program));
  ProgramHandle owned(program);
  pje_loaded_executable *executable = nullptr;
  pje_code code = fails(pje_client_compile(plugin.client(), program, nullptr, &executable),
                        "compiling a send to the host");
  demand(code == PJE_UNIMPLEMENTED, std::string("another code: ") + pje_code_name(code));
}

// These plugins never ask it anything; they must not mind it either.
void kv_store(Plugin &plugin) {
  pje_kv_store *store = nullptr;
  ok(pje_kv_store_create(&store));
  StoreHandle owned(store);
  pje_client_options options = PJE_CLIENT_OPTIONS_INIT;
  options.kv_store = store;
  pje_client *client = nullptr;
  ok(pje_client_create(pje_client_plugin(plugin.client()), &options, &client));
  ClientHandle made(client);
  demand(pje_client_num_devices(client) > 0, "no devices");
}

}  // namespace

std::vector<Case> transfer_cases() {
  return {{"transfer_raw", raw},        {"transfer_literal", literal},
          {"transfer_pieces", pieces},  {"transfer_narrow_pieces", narrow_pieces},
          {"transfer_all", all_arrays}, {"transfer_errors", errors},
          {"execute_context", context}, {"sends_are_refused", sends_are_refused},
          {"kv_store", kv_store}};
}

}  // namespace real
