// Compiling and running: donation, several devices, layouts, errors, events.
#include <atomic>
#include <chrono>
#include <thread>

#include "support.hpp"

namespace real {
namespace {

std::vector<BufferHandle> execute(pje_loaded_executable *executable, const std::vector<pje_buffer *> &args,
                                  const pje_execute_options *options = nullptr) {
  std::vector<pje_buffer *> outputs(pje_loaded_executable_num_outputs(executable));
  ok(pje_loaded_executable_execute(executable, args.data(), args.size(), options, outputs.data(),
                                   outputs.size()));
  std::vector<BufferHandle> owned;
  for (pje_buffer *output : outputs) owned.emplace_back(output);
  return owned;
}

void add1(Plugin &plugin) {
  for (const char *form : {"program.mlir", "program.mlirbc", "program.hlo.pb"}) {
    ExecutableHandle executable = plugin.compile(std::string("add1_f32/") + form);
    ArrayHandle input = load("add1_f32", "in0.npy");
    pje_array *arg = input.get(), *made = nullptr;
    ok(pje_loaded_executable_run(executable.get(), &arg, 1, &made, 1));
    ArrayHandle output(made);
    std::vector<float> got(4);
    std::memcpy(got.data(), pje_array_data(made), 16);
    expect_close(got, "add1_f32", "out0.npy", 1e-6F);
    std::memset(pje_array_data(made), 0, 16);
    ok(pje_loaded_executable_run_into(executable.get(), &arg, 1, nullptr, &made, 1));
    std::memcpy(got.data(), pje_array_data(made), 16);
    expect_close(got, "add1_f32", "out0.npy", 1e-6F);
  }
}

// The signature is that of the program, and what does not fit it never reaches the plugin.
void signature(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const int64_t *dims = nullptr;
  size_t rank = 0;
  demand(pje_loaded_executable_num_args(executable.get()) == 1, "another number of arguments");
  demand(pje_loaded_executable_arg_type(executable.get(), 0, &dtype, &dims, &rank), "no argument type");
  demand(dtype == PJE_F32 && rank == 1 && dims[0] == 4, "another argument type");
  const int32_t integers[4] = {};
  BufferHandle wrong = plugin.upload(integers, 16, PJE_S32, {4});
  pje_buffer *arg = wrong.get(), *output = nullptr;
  demand(fails(pje_loaded_executable_execute(executable.get(), &arg, 1, nullptr, &output, 1),
               "s32 for f32") == PJE_INVALID_ARGUMENT,
         "another code");
  BufferHandle square = plugin.upload(integers, 16, PJE_F32, {2, 2});
  arg = square.get();
  fails(pje_loaded_executable_execute(executable.get(), &arg, 1, nullptr, &output, 1), "f32[2,2] for f32[4]");
  fails(pje_loaded_executable_execute(executable.get(), nullptr, 0, nullptr, &output, 1), "no argument");
}

void donation(Plugin &plugin, const std::string &program) {
  ExecutableHandle executable = plugin.compile(program + "/program.mlir");
  demand(pje_loaded_executable_arg_is_donated(executable.get(), 0), "argument 0 is not donated");
  demand(!pje_loaded_executable_arg_is_donated(executable.get(), 1), "argument 1 is donated");
  std::vector<float> values(1024, 3.0F);
  BufferHandle a = plugin.upload(values), b = plugin.upload(values);
  const int64_t first[] = {0};
  pje_execute_options keep = PJE_EXECUTE_OPTIONS_INIT;
  keep.non_donatable = first;
  keep.num_non_donatable = 1;
  std::vector<float> expected = floats(execute(executable.get(), {a.get(), b.get()}, &keep)[0].get());
  demand(!pje_buffer_is_deleted(a.get()) && floats(a.get()) == values, "a kept argument is gone");
  pje_buffer *twice[] = {a.get(), a.get()}, *output = nullptr;
  fails(pje_loaded_executable_execute(executable.get(), twice, 2, nullptr, &output, 1), "one buffer twice");
  std::vector<BufferHandle> outputs = execute(executable.get(), {a.get(), b.get()});
  demand(floats(outputs[0].get()) == expected, "the donated run differs");
  demand(pje_buffer_is_deleted(a.get()), "the donated argument is still there");
  demand(fails(pje_loaded_executable_execute(executable.get(), twice, 2, nullptr, &output, 1),
               "a donated argument") == PJE_INVALID_ARGUMENT,
         "another code");
  demand(floats(b.get()) == values, "the other argument changed");
}

void train_step(Plugin &plugin) {
  const std::string program = "gpt_step_donated";
  ExecutableHandle executable = plugin.compile(program + "/program.mlir");
  std::vector<BufferHandle> args;
  std::vector<pje_buffer *> raw;
  for (size_t i = 0; i < 9; ++i) {
    ArrayHandle array = load(program, "in" + std::to_string(i) + ".npy");
    pje_buffer *buffer = nullptr;
    ok(pje_buffer_from_array(plugin.client(), array.get(), nullptr, &buffer));
    args.emplace_back(buffer);
    raw.push_back(buffer);
  }
  std::vector<BufferHandle> outputs = execute(executable.get(), raw);
  demand(pje_buffer_is_deleted(raw[7]) && pje_buffer_is_deleted(raw[8]), "the caches are still there");
  demand(!pje_buffer_is_deleted(raw[0]), "a weight is gone");
  for (size_t i = 0; i < 3; ++i)
    expect_close(floats(outputs[i].get()), program, "out" + std::to_string(i) + ".npy", 1e-4F);
}

struct Spread {
  std::string program;
  int64_t replicas;
  int64_t partitions;
  bool shardy;
  size_t num_args;
  std::string output;
};

void several_devices(Plugin &plugin, const Spread &spread) {
  OptionsHandle options = compile_options(spread.replicas, spread.partitions);
  ok(pje_compile_options_set_use_spmd_partitioning(options.get(), spread.partitions > 1));
  ok(pje_compile_options_set_use_shardy_partitioner(options.get(), spread.shardy));
  ExecutableHandle executable = plugin.compile(spread.program + "/program.mlir", options.get());
  size_t num_outputs = pje_loaded_executable_num_outputs(executable.get());
  demand(pje_loaded_executable_num_addressable_devices(executable.get()) == 4, "not on four devices");
  std::vector<BufferHandle> owned;
  std::vector<pje_buffer *> args, outputs(4 * num_outputs);
  for (size_t d = 0; d < 4; ++d)
    for (size_t i = 0; i < spread.num_args; ++i) {
      std::string file = "in" + std::to_string(i);
      bool apart = spread.program != "spmd_matmul_rows" || i == 0;
      ArrayHandle array = load(spread.program, file + (apart ? ".d" + std::to_string(d) : "") + ".npy");
      pje_from_host_options to = PJE_FROM_HOST_OPTIONS_INIT;
      to.device = pje_loaded_executable_addressable_device(executable.get(), d);
      pje_buffer *buffer = nullptr;
      ok(pje_buffer_from_array(plugin.client(), array.get(), &to, &buffer));
      owned.emplace_back(buffer);
      args.push_back(buffer);
    }
  ok(pje_loaded_executable_execute_sharded(executable.get(), 4, args.data(), spread.num_args, nullptr,
                                           outputs.data(), num_outputs));
  for (pje_buffer *output : outputs) owned.emplace_back(output);
  for (size_t d = 0; d < 4; ++d) {
    std::string file = spread.output;
    if (size_t at = file.find('%'); at != std::string::npos) file.replace(at, 1, std::to_string(d));
    expect_close(floats(outputs[d * num_outputs]), spread.program, file, 1e-4F);
  }
  pje_buffer *one = nullptr;
  fails(pje_loaded_executable_execute(executable.get(), args.data(), spread.num_args, nullptr, &one, 1),
        "a program over four devices on one");
}

// A result that lies column by column on the device comes back row by row.
void column_major_result(Plugin &plugin) {
  const int64_t dims[] = {2, 3}, columns[] = {0, 1};
  OptionsHandle options = compile_options(1, 1);
  ok(pje_compile_options_set_result_layout(options.get(), PJE_F32, dims, 2, columns));
  ExecutableHandle executable = plugin.compile_text(
      "module @m {\n  func.func public @main(%arg0: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
      "    %0 = stablehlo.add %arg0, %arg0 : tensor<2x3xf32>\n    return %0 : tensor<2x3xf32>\n  }\n}\n",
      options.get());
  const float values[] = {1, 2, 3, 4, 5, 6};
  BufferHandle input = plugin.upload(values, 24, PJE_F32, {2, 3});
  std::vector<BufferHandle> outputs = execute(executable.get(), {input.get()});
  demand(floats(outputs[0].get()) == std::vector<float>{2, 4, 6, 8, 10, 12}, "the result is transposed");
}

void compile_errors(Plugin &plugin) {
  for (const char *program : {"bad_syntax", "bad_type", "bad_unknown_op", "bad_no_main", "bad_dynamic"}) {
    pje_program *read = nullptr;
    ok(pje_program_from_file((std::string(PJE_TEST_DIR "/programs/") + program + "/program.mlir").c_str(),
                             &read));
    ProgramHandle owned(read);
    pje_loaded_executable *executable = nullptr;
    pje_code code = fails(pje_client_compile(plugin.client(), read, nullptr, &executable), program);
    demand(code == PJE_UNKNOWN || code == PJE_INVALID_ARGUMENT, std::string(program) + ": another code");
    demand(executable == nullptr, std::string(program) + ": an executable all the same");
  }
  OptionsHandle many = compile_options(99, 1);
  pje_program *read = nullptr;
  ok(pje_program_from_file(PJE_TEST_DIR "/programs/add1_f32/program.mlir", &read));
  ProgramHandle owned(read);
  pje_loaded_executable *executable = nullptr;
  fails(pje_client_compile(plugin.client(), read, many.get(), &executable), "99 replicas on 4 devices");
}

// A run of about a second in the background: nothing waits for it that need not.
void events(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("long_loop/program.mlir");
  ArrayHandle in0 = load("long_loop", "in0.npy"), in1 = load("long_loop", "in1.npy");
  pje_buffer *args[2] = {}, *output = nullptr;
  ok(pje_buffer_from_array(plugin.client(), in0.get(), nullptr, &args[0]));
  ok(pje_buffer_from_array(plugin.client(), in1.get(), nullptr, &args[1]));
  std::vector<BufferHandle> owned;
  for (pje_buffer *arg : args) owned.emplace_back(arg);
  pje_event *made = nullptr;
  ok(pje_loaded_executable_execute_async(executable.get(), args, 2, nullptr, &output, 1, &made));
  owned.emplace_back(output);
  EventHandle done(made);
  demand(!pje_event_is_ready(made), "ready at once");
  demand(fails(pje_event_error(made), "the error of a pending event") == PJE_FAILED_PRECONDITION,
         "another code");
  demand(fails(pje_event_wait_for(made, 0), "a look at a pending event") == PJE_DEADLINE_EXCEEDED,
         "another code");
  demand(fails(pje_event_wait_for(made, 20'000'000), "20 ms") == PJE_DEADLINE_EXCEEDED, "another code");
  std::atomic<int> calls{0};
  ok(pje_event_on_ready(
      made, [](void *count) { ++*static_cast<std::atomic<int> *>(count); }, &calls));
  demand(calls == 0, "the callback ran too early");
  executable.reset();
  owned.erase(owned.begin(), owned.begin() + 2);
  ok(pje_event_wait_for(made, 60'000'000'000));
  for (int i = 0; i < 2000 && calls == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  demand(calls == 1 && pje_event_is_ready(made),
         "the callback ran " + std::to_string(calls.load()) + " times");
  ok(pje_event_error(made));
  std::vector<uint32_t> got(1024);
  ok(pje_buffer_to_host(output, got.data(), 4096));
  ArrayHandle want = load("long_loop", "out0.npy");
  demand(std::memcmp(got.data(), pje_array_data(want.get()), 4096) == 0, "the result differs");
}

// The last release waits for the run; releasing the client first is fine.
void client_goes_during_a_run(Plugin &plugin) {
  ClientHandle client = plugin.open(1);
  pje_program *program = nullptr;
  pje_loaded_executable *executable = nullptr;
  ok(pje_program_from_file(PJE_TEST_DIR "/programs/long_loop/program.mlir", &program));
  ProgramHandle owned_program(program);
  ok(pje_client_compile(client.get(), program, nullptr, &executable));
  ExecutableHandle owned(executable);
  pje_buffer *args[2] = {}, *output = nullptr;
  for (size_t i = 0; i < 2; ++i) {
    ArrayHandle array = load("long_loop", "in" + std::to_string(i) + ".npy");
    ok(pje_buffer_from_array(client.get(), array.get(), nullptr, &args[i]));
  }
  ok(pje_loaded_executable_execute_async(executable, args, 2, nullptr, &output, 1, nullptr));
  client.reset();
  pje_buffers_release(args, 2);
  owned.reset();
  pje_buffer_release(output);
}

void buffer_of_another_client(Plugin &plugin) {
  ClientHandle other = plugin.open(1);
  const float value[4] = {};
  const int64_t dims[] = {4};
  pje_buffer *foreign = nullptr, *output = nullptr;
  ok(pje_buffer_from_host(other.get(), value, 16, PJE_F32, dims, 1, nullptr, &foreign));
  BufferHandle owned(foreign);
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  demand(fails(pje_loaded_executable_execute(executable.get(), &foreign, 1, nullptr, &output, 1),
               "a foreign buffer") == PJE_INVALID_ARGUMENT,
         "another code");
}

void pending_chain(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  std::vector<BufferHandle> chain;
  chain.push_back(plugin.upload({0, 1, 2, 3}));
  for (int i = 0; i < 100; ++i) {
    pje_buffer *input = chain.back().get(), *output = nullptr;
    ok(pje_loaded_executable_execute_async(executable.get(), &input, 1, nullptr, &output, 1, nullptr));
    chain.emplace_back(output);
  }
  demand(floats(chain.back().get()) == std::vector<float>{100, 101, 102, 103}, "the chain differs");
}

}  // namespace

std::vector<Case> run_cases() {
  std::vector<Case> cases{{"add1", add1},
                          {"signature", signature},
                          {"gpt_step_donated", train_step},
                          {"column_major_result", column_major_result},
                          {"compile_errors", compile_errors},
                          {"events", events},
                          {"client_goes_during_a_run", client_goes_during_a_run},
                          {"buffer_of_another_client", buffer_of_another_client},
                          {"pending_chain", pending_chain}};
  for (const char *program : {"alias_output", "buffer_donor"})
    cases.push_back({program, [program](Plugin &p) { donation(p, program); }});
  for (const Spread &spread : std::vector<Spread>{{"spmd_matmul_contract", 1, 4, true, 2, "out0.npy"},
                                                  {"spmd_matmul_rows", 1, 4, true, 2, "out0.d%.npy"},
                                                  {"gspmd_sum", 1, 4, false, 1, "out0.npy"},
                                                  {"replica_all_reduce", 4, 1, false, 1, "out0.npy"}})
    cases.push_back({spread.program, [spread](Plugin &p) { several_devices(p, spread); }});
  return cases;
}

}  // namespace real
