// Compiled programs, and programs loaded onto devices.
#pragma once

#include "host_transfers.hpp"
#include "program.hpp"
#include "sharding.hpp"

namespace fake {

struct CompileSettings {
  int64_t replicas = 0;
  int64_t partitions = 0;
  bool portable = false;
  bool spmd = false;
  // Device ids, replica-major; empty means the client's default.
  std::vector<int64_t> assignment;
  // Empty: row-major all. A result of several arrays has one each.
  std::vector<Layout> argument_layouts;
  std::vector<Layout> result_layouts;
};

// Immutable once compiled, and shared by every handle and every run.
struct Compiled {
  Module module;
  CompileSettings settings;
  std::string text;
  std::string options;
  std::string fingerprint;
  std::string optimized;
  // What each device has: of a partitioned program its tile.
  std::vector<Shape> params;
  std::vector<Shape> outputs;
  // Empty unless the program is partitioned.
  std::vector<Sharding> param_shardings;
  std::vector<Sharding> output_shardings;
  std::vector<PJRT_Buffer_Type> output_types;
  std::vector<int64_t> output_dims;
  std::vector<size_t> output_ranks;
  std::vector<const char *> output_kinds;
  std::vector<size_t> output_kind_sizes;
  std::vector<const char *> param_kinds;
  std::vector<size_t> param_kind_sizes;
  NamedValues costs;
};
using CompiledPtr = std::shared_ptr<const Compiled>;

struct Executable {
  using Handle = PJRT_Executable;
  static constexpr Kind kKind = Kind::kExecutable;
  CompiledPtr compiled;
};

struct Argument {
  ContentsPtr contents;
  Shape shape;
  bool donate = false;
  // Donated, and nobody else holds the memory: an output may take it over.
  bool reusable = false;
};

// One device's part of a run; shared with the task that computes it.
struct DeviceRun {
  PJRT_Device *device = nullptr;
  size_t position = 0;
  std::vector<Argument> arguments;
  std::vector<ContentsPtr> outputs;
  CompletionPtr done;
  HostCallbacks host;
};

// One-device launches that together make a run.
struct LaunchGroup {
  int launch_id = 0;
  std::vector<DeviceRun> runs;
};

struct LoadedExecutable {
  using Handle = PJRT_LoadedExecutable;
  static constexpr Kind kKind = Kind::kLoadedExecutable;
  Client *client = nullptr;
  CompiledPtr compiled;
  std::vector<PJRT_Device *> devices;
  std::vector<PJRT_LogicalDeviceIds> logical_ids;
  std::string assignment_proto;
  std::unique_ptr<ChildHold> hold;
  std::atomic<bool> deleted{false};
  std::mutex mutex;
  std::vector<LaunchGroup> waiting;
};

// NULL is fine.
Status CheckMultiSlice(const PJRT_MultiSlice_Config *given);
Status ReadSettings(std::string_view options, CompileSettings *settings);
Status CompileProgram(const PJRT_Program *program, std::string_view options, CompiledPtr *compiled);
Status CompileText(std::string text, std::string options, CompiledPtr *compiled);
Status LoadOnto(Client *client, const CompiledPtr &compiled, PJRT_LoadedExecutable **loaded);
// A serialized xla.ShapeProto.
std::string ShapeProto(const Shape &shape, int memory_space = 0);
// HloModuleProtoWithConfig that describes the signature and the donations, without computations.
std::string DescribeModule(const Compiled &compiled);
std::string AssignmentProto(const CompileSettings &settings, const std::vector<int64_t> &ids);

}  // namespace fake
