// Compilation, executables, and what they tell of themselves.
#include <set>

#include "conform/checks.hpp"

namespace pje::conform {
namespace {

const std::vector<float> kFour = {1, 2, 3, 4};
const std::vector<float> kFive = {2, 3, 4, 5};

void compiles(Session &s) { s.compile(kAddOne); }

void refused(Session &s, const std::string &text, const char *what) {
  PJRT_LoadedExecutable *loaded = nullptr;
  Answer answer = s.try_compile(text, options_for(1), &loaded);
  expect(!answer.ok, what, " was compiled");
  expect(!answer.message.empty(), "the error of ", what, " has no text");
}

void bad_options(Session &s) {
  PJRT_LoadedExecutable *loaded = nullptr;
  Answer answer = s.try_compile(kAddOne, "\xff\xff\xff\xff", &loaded);
  expect(!answer.ok, "compile options that are no protobuf were taken");
}

void too_many_replicas(Session &s) {
  PJRT_LoadedExecutable *loaded = nullptr;
  Answer answer = s.try_compile(kAddOne, options_for(127), &loaded);
  expect(!answer.ok || s.devices().size() >= 127, "127 replicas were taken for ", s.devices().size(),
         " devices");
}

void unknown_format(Session &s) {
  std::string code = kAddOne, options = options_for(1);
  PJRT_Program program{.code = code.data(), .code_size = code.size(), .format = "none", .format_size = 4};
  program.struct_size = abi::struct_size<PJRT_Program>;
  s.refuse(PJRT_Client_Compile_Args{.client = s.client(),
                                    .program = &program,
                                    .compile_options = options.data(),
                                    .compile_options_size = options.size()},
           "a program format that does not exist");
}

void name(Session &s) {
  auto got = s.call(PJRT_Executable_Name_Args{.executable = s.executable(s.compile(kAddOne))});
  expect(got.executable_name != nullptr && got.executable_name_size > 0, "an executable has no name");
}

void counts(Session &s) {
  PJRT_Executable *executable = s.executable(s.compile(kTwoOutputs));
  auto outputs = s.call(PJRT_Executable_NumOutputs_Args{.executable = executable}).num_outputs;
  expect(outputs == 2, "a program with two outputs says ", outputs);
  auto replicas = s.call(PJRT_Executable_NumReplicas_Args{.executable = executable}).num_replicas;
  auto partitions = s.call(PJRT_Executable_NumPartitions_Args{.executable = executable}).num_partitions;
  expect(replicas == 1 && partitions == 1, "compiled for 1 and 1, it says ", replicas, " replicas and ",
         partitions, " partitions");
}

void output_types(Session &s) {
  auto got =
      s.call(PJRT_Executable_OutputElementTypes_Args{.executable = s.executable(s.compile(kTwoOutputs))});
  expect(got.num_output_types == 2, "two outputs have ", got.num_output_types, " types");
  for (size_t i = 0; i < 2; ++i)
    expect(got.output_types[i] == PJRT_Buffer_Type_F32, "output ", i, " has type ",
           static_cast<int>(got.output_types[i]));
}

void output_dims(Session &s) {
  auto got =
      s.call(PJRT_Executable_OutputDimensions_Args{.executable = s.executable(s.compile(kTwoOutputs))});
  expect(got.num_outputs == 2, "two outputs have ", got.num_outputs, " lists of dimensions");
  for (size_t i = 0; i < 2; ++i)
    expect(got.dim_sizes[i] == 1 && got.dims[i] == 4, "output ", i, " is not [4]");
}

void memory_kinds(Session &s) {
  auto got =
      s.call(PJRT_Executable_OutputMemoryKinds_Args{.executable = s.executable(s.compile(kTwoOutputs))});
  expect(got.num_outputs == 2, "two outputs have ", got.num_outputs, " memory kinds");
  for (size_t i = 0; i < 2; ++i) expect(got.memory_kind_sizes[i] > 0, "output ", i, " has no memory kind");
}

void parameter_memory_kinds(Session &s) {
  auto got =
      s.call(PJRT_Executable_ParameterMemoryKinds_Args{.executable = s.executable(s.compile(kTwoOutputs))});
  expect(got.num_parameters == 2, "two parameters have ", got.num_parameters, " memory kinds");
}

void code_size(Session &s) {
  auto got =
      s.call(PJRT_Executable_SizeOfGeneratedCodeInBytes_Args{.executable = s.executable(s.compile(kAddOne))});
  expect(got.size_in_bytes >= -1, "the code has ", got.size_in_bytes, " bytes");
}

std::string fingerprint_of(Session &s, const char *text) {
  auto got = s.call(PJRT_Executable_Fingerprint_Args{.executable = s.executable(s.compile(text))});
  return {got.executable_fingerprint, got.executable_fingerprint_size};
}

void fingerprint(Session &s) {
  std::string one = fingerprint_of(s, kAddOne);
  expect(!one.empty(), "a fingerprint is empty");
  expect(one == fingerprint_of(s, kAddOne), "the same program has two fingerprints");
  expect(one != fingerprint_of(s, kTwoOutputs), "two programs have one fingerprint");
}

void optimized_program(Session &s) {
  PJRT_Executable *executable = s.executable(s.compile(kAddOne));
  PJRT_Program program{};
  program.struct_size = abi::struct_size<PJRT_Program>;
  s.call(PJRT_Executable_OptimizedProgram_Args{.executable = executable, .program = &program});
  expect(program.code_size > 0, "the optimized program has no bytes");
  expect(program.format != nullptr && program.format_size > 0, "the optimized program has no format");
  std::string code(program.code_size, '\0');
  program.code = code.data();
  s.call(PJRT_Executable_OptimizedProgram_Args{.executable = executable, .program = &program});
  expect(code.find_first_not_of('\0') != std::string::npos, "the optimized program was not written");
}

void cost_analysis(Session &s) {
  auto got = s.call(PJRT_Executable_GetCostAnalysis_Args{.executable = s.executable(s.compile(kAddOne))});
  for (size_t i = 0; i < got.num_properties; ++i)
    expect(got.properties[i].name != nullptr && got.properties[i].name_size > 0,
           "a property of the cost has no name");
}

void memory_stats(Session &s) {
  auto got =
      s.call(PJRT_Executable_GetCompiledMemoryStats_Args{.executable = s.executable(s.compile(kAddOne))});
  expect(got.argument_size_in_bytes == 16, "an argument of 16 bytes is said to take ",
         got.argument_size_in_bytes);
  expect(got.output_size_in_bytes == 16, "an output of 16 bytes is said to take ", got.output_size_in_bytes);
}

void compile_options(Session &s) {
  auto got = s.call(PJRT_Executable_GetCompileOptions_Args{.executable = s.executable(s.compile(kAddOne))});
  expect(got.serialized_bytes_size > 0, "compile options come back empty");
  expect(got.serialized_compile_options_deleter != nullptr, "compile options come without a deleter");
  got.serialized_compile_options_deleter(got.serialized_compile_options);
}

void executable_outlives(Session &s) {
  PJRT_LoadedExecutable *loaded = s.compile(kAddOne);
  PJRT_Executable *executable = s.executable(loaded);
  s.call(PJRT_LoadedExecutable_Destroy_Args{.executable = loaded});
  expect(s.call(PJRT_Executable_NumOutputs_Args{.executable = executable}).num_outputs == 1,
         "an executable changes when the loaded one ends");
  s.call(PJRT_Executable_Destroy_Args{.executable = executable});
}

void devices(Session &s) {
  auto got = s.call(PJRT_LoadedExecutable_AddressableDevices_Args{.executable = s.compile(kAddOne)});
  expect(got.num_addressable_devices == 1, "a program for one device has ", got.num_addressable_devices);
}

void logical_ids(Session &s) {
  s.device(1);
  auto got =
      s.call(PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args{.executable = s.compile(kReplicaSum, 2)});
  expect(got.num_addressable_device_logical_ids == 2, "two replicas have ",
         got.num_addressable_device_logical_ids, " logical ids");
  std::set<int> replicas;
  for (size_t i = 0; i < 2; ++i) replicas.insert(got.addressable_device_logical_ids[i].replica);
  expect(replicas == std::set<int>({0, 1}), "the replicas are not 0 and 1");
}

void device_assignment(Session &s) {
  auto got = s.call(PJRT_LoadedExecutable_GetDeviceAssignment_Args{.executable = s.compile(kAddOne)});
  expect(got.serialized_bytes_size > 0, "the device assignment is empty");
  expect(got.serialized_device_assignment_deleter != nullptr, "a device assignment comes without a deleter");
  got.serialized_device_assignment_deleter(got.serialized_device_assignment);
}

void delete_it(Session &s) {
  PJRT_LoadedExecutable *loaded = s.compile(kAddOne);
  expect(!s.call(PJRT_LoadedExecutable_IsDeleted_Args{.executable = loaded}).is_deleted,
         "a new executable is deleted");
  s.call(PJRT_LoadedExecutable_Delete_Args{.executable = loaded});
  expect(s.call(PJRT_LoadedExecutable_IsDeleted_Args{.executable = loaded}).is_deleted,
         "a deleted executable does not say so");
}

std::string serialize(Session &s) {
  auto got = s.call(PJRT_Executable_Serialize_Args{.executable = s.executable(s.compile(kAddOne))});
  expect(got.serialized_bytes_size > 0, "a serialized executable is empty");
  std::string bytes(got.serialized_bytes, got.serialized_bytes_size);
  expect(got.serialized_executable_deleter != nullptr, "a serialized executable comes without a deleter");
  got.serialized_executable_deleter(got.serialized_executable);
  return bytes;
}

void deserialize(Session &s) {
  std::string bytes = serialize(s);
  auto got = s.call(PJRT_Executable_DeserializeAndLoad_Args{.client = s.client(),
                                                            .serialized_executable = bytes.data(),
                                                            .serialized_executable_size = bytes.size()});
  expect(got.loaded_executable != nullptr, "bytes were loaded without an executable");
  s.expect_floats(s.run(got.loaded_executable, {s.upload(kFour)}, 1)[0], kFive,
                  "x + 1 of an executable that was loaded");
}

void deserialize_cut(Session &s) {
  std::string bytes = serialize(s);
  s.refuse(PJRT_Executable_DeserializeAndLoad_Args{.client = s.client(),
                                                   .serialized_executable = bytes.data(),
                                                   .serialized_executable_size = bytes.size() / 2},
           "half of a serialized executable");
}

void ahead_of_time(Session &s) {
  auto topology = s.call(PJRT_Client_TopologyDescription_Args{.client = s.client()}).topology;
  std::string code = kAddOne, options = options_for(1);
  PJRT_Program program{.code = code.data(), .code_size = code.size(), .format = "mlir", .format_size = 4};
  program.struct_size = abi::struct_size<PJRT_Program>;
  auto made = s.call(PJRT_Compile_Args{.topology = topology,
                                       .program = &program,
                                       .compile_options = options.data(),
                                       .compile_options_size = options.size(),
                                       .client = s.client()});
  auto loaded = s.call(PJRT_Client_Load_Args{.client = s.client(),
                                             .executable = made.executable,
                                             .compile_options = options.data(),
                                             .compile_options_size = options.size()});
  s.expect_floats(s.run(loaded.loaded_executable, {s.upload(kFour)}, 1)[0], kFive,
                  "x + 1 compiled ahead of time");
}

}  // namespace

std::vector<Check> compile_checks() {
  using S = Session;
  return {
      {"compile.text", "a program is compiled", compiles},
      {"compile.garbage_refused", "text that is no program is an error",
       [](S &s) { refused(s, "no program", "garbage"); }},
      {"compile.empty_refused", "an empty program is an error",
       [](S &s) { refused(s, "", "an empty program"); }},
      {"compile.no_main_refused", "a module without main is an error",
       [](S &s) { refused(s, "module @m {}\n", "a module without main"); }},
      {"compile.cut_refused", "a program cut short is an error",
       [](S &s) { refused(s, std::string(kAddOne).substr(0, 100), "a program cut short"); }},
      {"compile.unknown_op_refused", "an operation that does not exist is an error",
       [](S &s) {
         refused(s,
                 "func.func public @main(%arg0: tensor<4xf32>) -> tensor<4xf32> {\n"
                 "  %0 = stablehlo.no_such_operation %arg0 : tensor<4xf32>\n  return %0 : tensor<4xf32>\n}\n",
                 "an operation that does not exist");
       }},
      {"compile.bad_options_refused", "compile options that are no protobuf are an error", bad_options},
      {"compile.too_many_replicas_refused", "more replicas than devices are an error", too_many_replicas},
      {"compile.unknown_format_refused", "a format that does not exist is an error", unknown_format},
      {"compile.ahead_of_time", "a program compiled for the topology can be loaded and run", ahead_of_time},
      {"executable.name", "an executable has a name", name},
      {"executable.counts", "outputs, replicas and partitions are counted", counts},
      {"executable.output_types", "outputs have their types", output_types},
      {"executable.output_dims", "outputs have their dimensions", output_dims},
      {"executable.output_memory_kinds", "outputs have memory kinds", memory_kinds},
      {"executable.parameter_memory_kinds", "parameters have memory kinds", parameter_memory_kinds},
      {"executable.code_size", "the size of the code is a size", code_size},
      {"executable.fingerprint", "the fingerprint follows the program", fingerprint},
      {"executable.optimized_program", "the optimized program can be read", optimized_program},
      {"executable.cost_analysis", "the cost analysis has names", cost_analysis},
      {"executable.memory_stats", "compiled memory statistics fit the program", memory_stats},
      {"executable.compile_options", "compile options come back", compile_options},
      {"executable.outlives_loaded", "an executable outlives the loaded one", executable_outlives},
      {"executable.devices", "a program for one device has one", devices},
      {"executable.logical_ids", "each device has its replica", logical_ids},
      {"executable.device_assignment", "the device assignment comes back", device_assignment},
      {"executable.delete", "a deleted executable says so", delete_it},
      {"executable.serialize", "an executable can be written", [](S &s) { serialize(s); }},
      {"executable.deserialize", "an executable that was written can be loaded and run", deserialize},
      {"executable.deserialize_cut_refused", "half of an executable is an error", deserialize_cut},
  };
}

}  // namespace pje::conform
