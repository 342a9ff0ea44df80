// Topologies, executables and their bytes.
#include <algorithm>
#include <map>

#include "support.hpp"

namespace real {
namespace {

using TopologyHandle = Handle<pje_topology, pje_topology_release>;
using AssignmentHandle = Handle<pje_device_assignment, pje_device_assignment_release>;
using CompiledHandle = Handle<pje_executable, pje_executable_release>;
using BytesHandle = Handle<pje_bytes, pje_bytes_release>;

constexpr pje_deserialize_options kTrusted = {
    sizeof(pje_deserialize_options), nullptr, nullptr, 0, nullptr, 1, 0};

pje_topology *topology_of(Plugin &plugin) {
  pje_topology *topology = nullptr;
  ok(pje_client_topology(plugin.client(), &topology));
  return topology;
}

CompiledHandle behind(pje_loaded_executable *loaded) {
  pje_executable *executable = nullptr;
  ok(pje_loaded_executable_executable(loaded, &executable));
  return CompiledHandle(executable);
}

template <class Function>
BytesHandle bytes_from(Function function, pje_executable *executable) {
  pje_bytes *bytes = nullptr;
  ok(function(executable, &bytes));
  return BytesHandle(bytes);
}

std::string text_of(pje_bytes *bytes) {
  return {static_cast<const char *>(pje_bytes_data(bytes)), pje_bytes_size(bytes)};
}

void expect_add1(Plugin &plugin, pje_loaded_executable *loaded) {
  BufferHandle input = plugin.upload({0, 1, 2, 3}, pje_loaded_executable_addressable_device(loaded, 0));
  pje_buffer *arg = input.get(), *output = nullptr;
  ok(pje_loaded_executable_execute(loaded, &arg, 1, nullptr, &output, 1));
  demand(floats(BufferHandle(output).get()) == std::vector<float>{1, 2, 3, 4}, "x + 1 differs");
}

void device_assignment(Plugin &plugin) {
  const int64_t order[] = {2, 0, 3, 1};
  pje_device_assignment *made = nullptr;
  ok(pje_client_default_device_assignment(plugin.client(), 2, 2, &made));
  AssignmentHandle by_default(made);
  const int64_t *ids = pje_device_assignment_device_ids(made);
  std::vector<int64_t> sorted(ids, ids + 4);
  std::sort(sorted.begin(), sorted.end());
  demand(sorted == std::vector<int64_t>{0, 1, 2, 3}, "not each device once");
  ok(pje_device_assignment_create(4, 1, order, 4, &made));
  AssignmentHandle given(made);
  OptionsHandle options = compile_options(4, 1);
  ok(pje_compile_options_set_assignment(options.get(), given.get()));
  ExecutableHandle executable = plugin.compile("replica_all_reduce/program.mlir", options.get());
  ok(pje_loaded_executable_device_assignment(executable.get(), &made));
  AssignmentHandle read(made);
  ids = pje_device_assignment_device_ids(made);
  demand(std::vector<int64_t>(ids, ids + 4) == std::vector<int64_t>(order, order + 4), "another assignment");
  for (size_t i = 0; i < 4; ++i) {
    int64_t replica = -1, partition = -1;
    ok(pje_loaded_executable_logical_ids(executable.get(), i, &replica, &partition));
    int32_t id = pje_device_id(pje_loaded_executable_addressable_device(executable.get(), i));
    demand(partition == 0 && order[replica] == id, "a device runs something else");
  }
}

void client_topology(Plugin &plugin) {
  pje_topology *topology = topology_of(plugin);
  demand(std::string(pje_topology_platform_name(topology)) == "cpu", "another platform");
  demand(pje_topology_num_devices(topology) == 4, "not four devices");
  for (size_t i = 0; i < 4; ++i) {
    const pje_device_description *description = pje_topology_device(topology, i);
    demand(pje_device_description_id(description) == static_cast<int32_t>(i), "another id");
    demand(std::string(pje_device_description_kind(description)) == pje_device_kind(plugin.device(i)),
           "another kind");
    demand(*pje_device_description_debug_string(description) != 0, "no debug string");
    demand(*pje_device_description_to_string(description) != 0, "no text");
  }
  demand(pje_topology_attributes(topology) != nullptr, "no attributes");
  pje_bytes *bytes = nullptr;
  ok(pje_topology_serialize(topology, &bytes));
  demand(pje_bytes_size(BytesHandle(bytes).get()) > 0, "no bytes");
}

void topology_fingerprint(Plugin &plugin) {
  uint64_t first = 0, second = 1;
  ok(pje_topology_fingerprint(topology_of(plugin), &first));
  ok(pje_topology_fingerprint(topology_of(plugin), &second));
  demand(first == second, "two fingerprints");
}

void topology_deserialized(Plugin &plugin) {
  pje_topology *own = topology_of(plugin), *made = nullptr;
  pje_bytes *bytes = nullptr;
  ok(pje_topology_serialize(own, &bytes));
  BytesHandle serialized(bytes);
  ok(pje_topology_deserialize(pje_client_plugin(plugin.client()), pje_bytes_data(bytes),
                              pje_bytes_size(bytes), &made));
  TopologyHandle topology(made);
  demand(pje_topology_num_devices(made) == pje_topology_num_devices(own), "another number of devices");
}

// Refused by every CPU plugin; the error is theirs.
void topology_by_name(Plugin &plugin) {
  pje_topology *made = nullptr;
  demand(fails(pje_topology_create(pje_client_plugin(plugin.client()), "cpu:4", nullptr, &made),
               "a CPU topology by name") == PJE_UNIMPLEMENTED,
         "another code");
  demand(made == nullptr, "there is a topology");
}

void topology_memory_kinds(Plugin &plugin) {
  int32_t ids[16];
  size_t count = 0;
  ok(pje_topology_memory_kind_ids(topology_of(plugin), 16, ids, &count));
}

void canonical_shape(Plugin &plugin) {
  const int64_t dims[] = {2, 3};
  pje_bytes *shape = nullptr;
  pje_memory *memory = pje_device_default_memory(plugin.device(0));
  ok(pje_topology_canonical_shape(topology_of(plugin), pje_memory_kind_id(memory), PJE_F32, dims, 2, nullptr,
                                  &shape));
  demand(pje_bytes_size(BytesHandle(shape).get()) > 0, "no shape");
}

void executable_facts(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  CompiledHandle executable = behind(loaded.get());
  const int64_t *dims = nullptr;
  pje_dtype dtype{};
  size_t rank = 0;
  demand(*pje_executable_name(executable.get()) != 0, "no name");
  demand(pje_executable_num_replicas(executable.get()) == 1, "another number of replicas");
  demand(pje_executable_num_partitions(executable.get()) == 1, "another number of partitions");
  demand(pje_executable_output_type(executable.get(), 0, &dtype, &dims, &rank), "no type");
  demand(dtype == PJE_F32 && rank == 1 && dims[0] == 4, "another type");
  int64_t size = -2;
  ok(pje_executable_code_size(executable.get(), &size));
  demand(size >= -1, "a negative size");
  std::string print = text_of(bytes_from(pje_executable_fingerprint, executable.get()).get());
  demand(!print.empty(), "no fingerprint");
  pje_bytes *of_loaded = nullptr;
  ok(pje_loaded_executable_fingerprint(loaded.get(), &of_loaded));
  demand(text_of(BytesHandle(of_loaded).get()) == print, "another fingerprint");
  pje_program *program = nullptr;
  ok(pje_executable_optimized_program(executable.get(), &program));
  ProgramHandle owned(program);
  demand(pje_program_get_format(program) == PJE_PROGRAM_HLO_WITH_CONFIG, "another format");
  pje_named_values *stats = nullptr;
  ok(pje_executable_memory_stats(executable.get(), &stats));
  ValuesHandle figures(stats);
  int64_t bytes = 0;
  ok(pje_named_values_get_int64(stats, pje_named_values_find(stats, "argument_size"), &bytes));
  demand(bytes == 16, "argument_size is " + std::to_string(bytes));
}

void cost_analysis(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  pje_named_values *costs = nullptr;
  ok(pje_executable_cost_analysis(behind(loaded.get()).get(), &costs));
  demand(pje_named_values_count(ValuesHandle(costs).get()) > 0, "no costs");
}

void memory_kinds(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  CompiledHandle executable = behind(loaded.get());
  demand(std::string(pje_executable_output_memory_kind(executable.get(), 0)) == "device", "outputs differ");
  demand(pje_executable_num_parameters(executable.get()) == 1, "another number of parameters");
  demand(std::string(pje_executable_parameter_memory_kind(executable.get(), 0)) == "device",
         "parameters differ");
}

void compile_options_read_back(Plugin &plugin) {
  OptionsHandle options = compile_options(4, 1);
  ExecutableHandle loaded = plugin.compile("replica_all_reduce/program.mlir", options.get());
  pje_compile_options *read = nullptr;
  ok(pje_executable_compile_options(behind(loaded.get()).get(), &read));
  demand(pje_compile_options_get_num_replicas(OptionsHandle(read).get()) == 4, "another number");
}

void serialized(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  CompiledHandle executable = behind(loaded.get());
  ClientHandle other = plugin.open(2);
  for (bool raw : {false, true}) {
    std::string bytes = text_of(
        bytes_from(raw ? pje_executable_serialize_raw : pje_executable_serialize, executable.get()).get());
    auto *load = raw ? pje_client_deserialize_and_load_raw : pje_client_deserialize_and_load;
    pje_loaded_executable *made = nullptr;
    ok(load(other.get(), bytes.data(), bytes.size(), &kTrusted, &made));
    ExecutableHandle again(made);
    pje_buffer *input = nullptr, *output = nullptr;
    const float values[] = {0, 1, 2, 3};
    const int64_t dims[] = {4};
    ok(pje_buffer_from_host(other.get(), values, 16, PJE_F32, dims, 1, nullptr, &input));
    BufferHandle owned_input(input);
    ok(pje_loaded_executable_execute(made, &input, 1, nullptr, &output, 1));
    demand(floats(BufferHandle(output).get()) == std::vector<float>{1, 2, 3, 4}, "x + 1 differs");
    if (raw) continue;
    bytes[bytes.size() / 2] ^= 1;
    demand(fails(load(other.get(), bytes.data(), bytes.size(), &kTrusted, &made), "a flipped bit") ==
               PJE_DATA_LOSS,
           "another code");
    pje_deserialize_options untrusted = PJE_DESERIALIZE_OPTIONS_INIT;
    demand(fails(load(other.get(), bytes.data(), bytes.size(), &untrusted, &made), "not trusted") ==
               PJE_PERMISSION_DENIED,
           "another code");
  }
}

void serialized_with_other_options(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  std::string bytes = text_of(bytes_from(pje_executable_serialize, behind(loaded.get()).get()).get());
  const int64_t third[] = {2};
  OptionsHandle overrides = compile_options(1, 1);
  ok(pje_compile_options_set_device_assignment(overrides.get(), 1, 1, third, 1));
  pje_deserialize_options options = kTrusted;
  options.compile_options = overrides.get();
  pje_loaded_executable *made = nullptr;
  ok(pje_client_deserialize_and_load(plugin.client(), bytes.data(), bytes.size(), &options, &made));
  ExecutableHandle again(made);
  demand(pje_device_id(pje_loaded_executable_addressable_device(made, 0)) == 2, "it is on another device");
  expect_add1(plugin, made);
}

// The trap: plugins load each other's bytes and compute wrong numbers.
void bytes_of_another_plugin(Plugin &plugin) {
  static std::map<std::string, std::string> serialized_by;
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  serialized_by[plugin.name()] =
      text_of(bytes_from(pje_executable_serialize, behind(loaded.get()).get()).get());
  for (const auto &[name, bytes] : serialized_by) {
    pje_loaded_executable *made = nullptr;
    if (name == plugin.name()) continue;
    demand(
        fails(pje_client_deserialize_and_load(plugin.client(), bytes.data(), bytes.size(), &kTrusted, &made),
              "bytes of " + name) == PJE_FAILED_PRECONDITION,
        "another code for bytes of " + name);
  }
}

void ahead_of_time(Plugin &plugin) {
  pje_program *program = nullptr;
  pje_executable *compiled = nullptr;
  pje_loaded_executable *loaded = nullptr;
  ok(pje_program_from_file(PJE_TEST_DIR "/programs/add1_f32/program.mlir", &program));
  ProgramHandle owned_program(program);
  pje_plugin *owner = pje_client_plugin(plugin.client());
  ok(pje_compile(owner, topology_of(plugin), program, nullptr, plugin.client(), &compiled));
  CompiledHandle executable(compiled);
  demand(pje_executable_num_outputs(compiled) == 1, "another number of outputs");
  std::string bytes = text_of(bytes_from(pje_executable_serialize, compiled).get());
  ok(pje_client_load(plugin.client(), compiled, nullptr, &loaded));
  ExecutableHandle by_load(loaded);
  expect_add1(plugin, loaded);
  ok(pje_client_deserialize_and_load(plugin.client(), bytes.data(), bytes.size(), &kTrusted, &loaded));
  ExecutableHandle by_bytes(loaded);
  expect_add1(plugin, loaded);
}

// Plugins run what was deleted.
void deleted_executable(Plugin &plugin) {
  ExecutableHandle executable = plugin.compile("add1_f32/program.mlir");
  expect_add1(plugin, executable.get());
  ok(pje_loaded_executable_delete(executable.get()));
  demand(pje_loaded_executable_is_deleted(executable.get()), "it is not deleted");
  BufferHandle input = plugin.upload({0, 1, 2, 3});
  pje_buffer *arg = input.get(), *output = nullptr;
  demand(fails(pje_loaded_executable_execute(executable.get(), &arg, 1, nullptr, &output, 1),
               "a deleted executable") == PJE_FAILED_PRECONDITION,
         "another code");
}

// Plugins end the process when an executable is asked after the loaded one that it came from is gone.
void executable_outlives_loaded(Plugin &plugin) {
  ExecutableHandle loaded = plugin.compile("add1_f32/program.mlir");
  CompiledHandle executable = behind(loaded.get());
  loaded.reset();
  int64_t size = 0;
  ok(pje_executable_code_size(executable.get(), &size));
  pje_program *program = nullptr;
  ok(pje_executable_optimized_program(executable.get(), &program));
  ProgramHandle owned(program);
  demand(!text_of(bytes_from(pje_executable_serialize, executable.get()).get()).empty(),
         "it serializes to nothing");
}

}  // namespace

std::vector<Case> compile_cases() {
  return {{"device_assignment", device_assignment},
          {"client_topology", client_topology},
          {"topology_fingerprint", topology_fingerprint},
          {"topology_deserialized", topology_deserialized},
          {"topology_by_name", topology_by_name},
          {"topology_memory_kinds", topology_memory_kinds},
          {"canonical_shape", canonical_shape},
          {"executable_facts", executable_facts},
          {"cost_analysis", cost_analysis},
          {"memory_kinds", memory_kinds},
          {"compile_options_read_back", compile_options_read_back},
          {"serialized", serialized},
          {"serialized_with_other_options", serialized_with_other_options},
          {"bytes_of_another_plugin", bytes_of_another_plugin},
          {"ahead_of_time", ahead_of_time},
          {"deleted_executable", deleted_executable},
          {"executable_outlives_loaded", executable_outlives_loaded}};
}

}  // namespace real
