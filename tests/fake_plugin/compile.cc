#include <charconv>

#include "calls.hpp"
#include "config.hpp"
#include "executable.hpp"
#include "log.hpp"
#include "wire.hpp"

namespace fake {
namespace {

constexpr int64_t kMostCopies = 65536;

bool ReadAssignment(std::string_view bytes, std::vector<int64_t> *ids) {
  std::vector<std::vector<int64_t>> partitions;
  WireReader reader(bytes);
  while (reader.Next()) {
    if (reader.field() != 3 || !reader.is_bytes()) continue;
    partitions.emplace_back();
    WireReader computation(reader.bytes());
    while (computation.Next()) {
      if (computation.field() != 1) continue;
      auto add = [&](uint64_t id) { partitions.back().push_back(static_cast<int64_t>(id)); };
      if (!ReadNumbers(computation, add)) return false;
    }
    if (!computation.ok()) return false;
  }
  if (!reader.ok() || partitions.empty()) return false;
  for (size_t replica = 0; replica < partitions[0].size(); ++replica) {
    for (const std::vector<int64_t> &partition : partitions) {
      if (partition.size() != partitions[0].size()) return false;
      ids->push_back(partition[replica]);
    }
  }
  return true;
}

// Of a ShapeProto: its layout, or those of its members when it is a tuple.
bool ReadLayouts(std::string_view shape, std::vector<Layout> *layouts) {
  WireReader reader(shape);
  bool is_tuple = false;
  Layout layout;
  auto add = [&](uint64_t dim) { layout.minor_to_major.push_back(static_cast<int64_t>(dim)); };
  while (reader.Next()) {
    if (reader.field() == 4) {
      is_tuple = true;
      if (!ReadLayouts(reader.bytes(), layouts)) return false;
    }
    if (reader.field() != 5 || !reader.is_bytes()) continue;
    WireReader members(reader.bytes());
    while (members.Next())
      if (members.field() == 1 && !ReadNumbers(members, add)) return false;
  }
  if (!is_tuple) layouts->push_back(std::move(layout));
  return reader.ok();
}

Status ApplyLayouts(const char *what, const std::vector<Layout> &layouts, std::vector<Shape> *shapes) {
  if (layouts.empty()) return nullptr;
  if (layouts.size() != shapes->size())
    return Invalid(what, " has ", layouts.size(), " layouts, the program has ", shapes->size());
  for (size_t i = 0; i < shapes->size(); ++i) {
    Shape &shape = (*shapes)[i];
    if (!IsOrder(layouts[i].minor_to_major, shape.dims.size()))
      return Invalid(what, " ", i, " is no order of ", shape.dims.size(), " dimensions");
    shape.layout = layouts[i];
  }
  return nullptr;
}

bool ReadBuildOptions(std::string_view bytes, CompileSettings *settings) {
  WireReader reader(bytes);
  while (reader.Next()) {
    switch (reader.field()) {
      case 2:
        if (!ReadLayouts(reader.bytes(), &settings->result_layouts)) return false;
        break;
      case 4:
        settings->replicas = static_cast<int64_t>(reader.number());
        break;
      case 5:
        settings->partitions = static_cast<int64_t>(reader.number());
        break;
      case 6:
        settings->spmd = reader.number() != 0;
        break;
      case 9:
        if (!ReadAssignment(reader.bytes(), &settings->assignment)) return false;
        break;
      default:
        break;
    }
  }
  return reader.ok();
}

// Every shape becomes that of a tile.
Status Partition(const std::vector<std::string> &texts, size_t partitions, std::vector<Shape> *shapes,
                 std::vector<Sharding> *shardings) {
  shardings->resize(shapes->size());
  for (size_t i = 0; i < shapes->size(); ++i) {
    Shape &shape = (*shapes)[i];
    Sharding &sharding = (*shardings)[i];
    if (!ReadSharding(i < texts.size() ? texts[i] : "", &sharding) ||
        !TileDims(sharding, partitions, shape.dims, &shape.dims))
      return Unimplemented("the fake plugin does not partition as '", texts[i], "' says");
  }
  return nullptr;
}

Status PartitionProgram(Compiled *compiled) {
  auto partitions = static_cast<size_t>(compiled->settings.partitions);
  const Function &main = compiled->module.main();
  if (!compiled->module.sharded || partitions == 1) return nullptr;
  std::vector<std::string> texts;
  for (const Parameter &param : main.params) texts.push_back(param.sharding);
  if (Status bad = Partition(texts, partitions, &compiled->params, &compiled->param_shardings)) return bad;
  return Partition(main.result_shardings, partitions, &compiled->outputs, &compiled->output_shardings);
}

std::vector<Shape> ShapesOf(const std::vector<TensorType> &types) {
  std::vector<Shape> shapes;
  for (const TensorType &type : types) shapes.push_back({type.type, type.dims, {}});
  return shapes;
}

void SetColumnMajor(Shape *shape) {
  for (size_t dim = 0; dim < shape->dims.size(); ++dim)
    shape->layout.minor_to_major.push_back(static_cast<int64_t>(dim));
}

void FillArrays(Compiled *compiled) {
  for (const Shape &output : compiled->outputs) {
    compiled->output_types.push_back(output.type);
    compiled->output_dims.insert(compiled->output_dims.end(), output.dims.begin(), output.dims.end());
    compiled->output_ranks.push_back(output.dims.size());
  }
  compiled->output_kinds.assign(compiled->outputs.size(), "device");
  compiled->output_kind_sizes.assign(compiled->outputs.size(), 6);
  compiled->param_kinds.assign(compiled->params.size(), "device");
  compiled->param_kind_sizes.assign(compiled->params.size(), 6);
  size_t ops = 0;
  for (const auto &[name, function] : compiled->module.functions) ops += function.body.ops.size();
  size_t bytes = 0;
  for (const Shape &param : compiled->params) bytes += param.device_bytes();
  for (const Shape &output : compiled->outputs) bytes += output.device_bytes();
  compiled->costs.AddFloat("operations", static_cast<float>(ops));
  compiled->costs.AddFloat("bytes accessed", static_cast<float>(bytes));
}

void CheckAliases(const Module &module) {
  for (const Parameter &param : module.main().params) {
    if (param.aliased_output < 0) continue;
    size_t output = static_cast<size_t>(param.aliased_output);
    if (output >= module.main().results.size() || module.main().results[output] != param.type) {
      throw ProgramError(PJRT_Error_Code_INVALID_ARGUMENT,
                         Text("tf.aliasing_output = ", output, " names no output of that type"));
    }
  }
}

// "fake.noop ARGS OUTPUTS": scalars of f32, for measuring what lies around a run.
Module NoopModule(std::string_view text) {
  int counts[2] = {0, 0};
  std::string_view rest = text.substr(std::string_view("fake.noop").size());
  for (int &count : counts) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" \n"), rest.size()));
    auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    if (error != std::errc() || count < 0 || count > 100000) {
      throw ProgramError(PJRT_Error_Code_INVALID_ARGUMENT, "line 1: expected fake.noop ARGS OUTPUTS");
    }
    rest.remove_prefix(static_cast<size_t>(stop - rest.data()));
  }
  Module module;
  module.name = "noop";
  module.noop = true;
  Function main;
  main.params.resize(static_cast<size_t>(counts[0]), Parameter{{PJRT_Buffer_Type_F32, {}}, -1, false, ""});
  main.results.resize(static_cast<size_t>(counts[1]), TensorType{PJRT_Buffer_Type_F32, {}});
  module.functions["main"] = std::move(main);
  return module;
}

Status CheckModule(const Module &module, const CompileSettings &settings) {
  for (const auto &[name, function] : module.functions) {
    for (const Parameter &param : function.params) {
      const TypeInfo *info = FindType(param.type.type);
      if (info == nullptr) return Unimplemented("a token as a parameter");
      if (info->since_minor > CurrentMinor())
        return Unimplemented("parameter of a type newer than this plugin");
    }
  }
  for (const TensorType &type : module.main().results) {
    if (FindType(type.type) == nullptr) return Unimplemented("a token as a result");
  }
  if (settings.partitions == 1) return nullptr;
  if (!settings.spmd && CurrentMinor() >= 106)
    return Invalid("num_partitions > 1 needs use_spmd_partitioning");
  if (module.sharded && (settings.replicas > 1 || module.has_collectives))
    return Unimplemented("the fake plugin partitions neither replicas nor collectives");
  return nullptr;
}

}  // namespace

Status ReadSettings(std::string_view options, CompileSettings *settings) {
  bool sound = true;
  WireReader reader(options);
  while (sound && reader.Next()) {
    if (reader.field() == 3 && reader.is_bytes()) sound = ReadBuildOptions(reader.bytes(), settings);
    if (reader.field() == 1 && reader.is_bytes())
      sound = ReadLayouts(reader.bytes(), &settings->argument_layouts);
    if (reader.field() == 4) settings->portable = reader.number() != 0;
  }
  if (!sound || !reader.ok()) return Invalid("compile options are not a CompileOptionsProto");
  if (settings->replicas < 1 || settings->partitions < 1) {
    Misuse(Text("compile options with num_replicas ", settings->replicas, " and num_partitions ",
                settings->partitions, ": real plugins abort"));
  }
  if (settings->replicas > kMostCopies || settings->partitions > kMostCopies)
    return Invalid("too many replicas or partitions");
  size_t needed = static_cast<size_t>(settings->replicas * settings->partitions);
  if (!settings->assignment.empty() && settings->assignment.size() != needed) {
    return Invalid("device_assignment has ", settings->assignment.size(), " devices, expected ", needed);
  }
  return nullptr;
}

Status CompileText(std::string text, std::string options, CompiledPtr *result) {
  auto compiled = std::make_shared<Compiled>();
  if (Status bad = ReadSettings(options, &compiled->settings)) return bad;
  try {
    compiled->module = text.starts_with("fake.noop") ? NoopModule(text) : ParseModule(text);
    CheckAliases(compiled->module);
  } catch (const ProgramError &error) {
    return Fail(error.code, error.what());
  }
  if (Status bad = CheckModule(compiled->module, compiled->settings)) return bad;
  for (const Parameter &param : compiled->module.main().params)
    compiled->params.push_back({param.type.type, param.type.dims, {}});
  compiled->outputs = ShapesOf(compiled->module.main().results);
  if (Status bad = PartitionProgram(compiled.get())) return bad;
  if (Current().column_major) {
    for (Shape &output : compiled->outputs) SetColumnMajor(&output);
  }
  const CompileSettings &settings = compiled->settings;
  if (Status bad = ApplyLayouts("argument_layouts", settings.argument_layouts, &compiled->params)) return bad;
  if (Status bad = ApplyLayouts("result_layout", settings.result_layouts, &compiled->outputs)) return bad;
  compiled->text = std::move(text);
  compiled->options = std::move(options);
  std::ostringstream fingerprint;
  fingerprint << std::hex << HashBytes(compiled->text + '\0' + compiled->options);
  compiled->fingerprint = fingerprint.str();
  FillArrays(compiled.get());
  compiled->optimized = DescribeModule(*compiled);
  *result = std::move(compiled);
  return nullptr;
}

Status CompileProgram(const PJRT_Program *program, std::string_view options, CompiledPtr *compiled) {
  if (program == nullptr) Misuse("program is NULL");
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_Program, program)) return bad;
  std::string_view format(program->format, program->format_size);
  std::string_view code(program->code, program->code_size);
  if (format == "hlo") return Unimplemented("the fake plugin does not read the program format 'hlo'");
  if (format != "mlir") return Invalid("Unknown program format '", format, "'.");
  if (code.starts_with("ML\xefR")) return Unimplemented("the fake plugin does not read MLIR bytecode");
  return CompileText(std::string(code), std::string(options), compiled);
}

Status LoadOnto(Client *client, const CompiledPtr &compiled, PJRT_LoadedExecutable **loaded) {
  const CompileSettings &settings = compiled->settings;
  size_t needed = static_cast<size_t>(settings.replicas * settings.partitions);
  if (needed > client->devices.size()) {
    return Invalid(settings.replicas, " replicas of ", settings.partitions, " partitions need ", needed,
                   " devices, the client has ", client->devices.size());
  }
  auto executable = std::make_unique<LoadedExecutable>();
  std::vector<int64_t> ids = settings.assignment;
  size_t replicas = static_cast<size_t>(settings.replicas);
  size_t partitions = static_cast<size_t>(settings.partitions);
  for (size_t i = 0; i < needed; ++i) {
    PJRT_Device *found = nullptr;
    size_t by_default = (i % partitions) * replicas + i / partitions;
    if (settings.assignment.empty()) ids.push_back(Use<Device>(client->devices[by_default]).id);
    for (PJRT_Device *device : client->devices) {
      if (Use<Device>(device).id == ids[i]) found = device;
    }
    if (found == nullptr)
      return Invalid("device_assignment names device ", ids[i], ", which the client lacks");
    if (!Use<Device>(found).addressable) continue;
    executable->devices.push_back(found);
    executable->logical_ids.push_back({static_cast<int>(i / partitions), static_cast<int>(i % partitions)});
  }
  // A portable program belongs to no device: execute_device says where each run goes.
  if (settings.portable) {
    executable->devices.clear();
    executable->logical_ids.clear();
  }
  executable->client = client;
  executable->compiled = compiled;
  executable->assignment_proto = AssignmentProto(settings, ids);
  executable->hold = std::make_unique<ChildHold>(client, Kind::kLoadedExecutable);
  *loaded = Publish(std::move(executable));
  return nullptr;
}

// Real plugins, too, use the store long after their client was made, and on threads of their own.
void TellProcesses(Client &client, const Compiled &compiled) {
  if (client.kv.put == nullptr) return;
  std::string key = Text("fake/compiled/", client.process);
  client.scheduler->Submit({}, std::chrono::nanoseconds(0),
                           [kv = client.kv, key, name = compiled.module.name](const Status &) {
                             if (Status bad = KvPut(kv, key, name))
                               LogLine(Text("KvPut failed: ", bad->message));
                           });
}

Status Call(PJRT_Client_Compile_Args &args) {
  Client &client = Use<Client>(args.client);
  CompiledPtr compiled;
  std::string_view options(args.compile_options, args.compile_options_size);
  if (Status bad = CompileProgram(args.program, options, &compiled)) return bad;
  PJRT_LoadedExecutable *loaded = nullptr;
  if (Status bad = LoadOnto(&client, compiled, &loaded)) return bad;
  TellProcesses(client, *compiled);
  Out(&args.executable, loaded);
  return nullptr;
}

Status Call(PJRT_Compile_Args &args) {
  const Topology &topology = Use<Topology>(args.topology);
  CompiledPtr compiled;
  std::string_view options(args.compile_options, args.compile_options_size);
  if (Status bad = CompileProgram(args.program, options, &compiled)) return bad;
  if (compiled->settings.replicas * compiled->settings.partitions > topology.num_devices) {
    return Invalid("the program needs more devices than the topology's ", topology.num_devices);
  }
  auto executable = std::make_unique<Executable>();
  executable->compiled = std::move(compiled);
  Out(&args.executable, Publish(std::move(executable)));
  return nullptr;
}

Status Call(PJRT_Client_Load_Args &args) {
  Client &client = Use<Client>(args.client);
  CompiledPtr compiled = Use<Executable>(args.executable).compiled;
  if (args.compile_options_size > 0) {
    std::string options(args.compile_options, args.compile_options_size);
    if (Status bad = CompileText(compiled->text, options, &compiled)) return bad;
  }
  PJRT_LoadedExecutable *loaded = nullptr;
  if (Status bad = LoadOnto(&client, compiled, &loaded)) return bad;
  Out(&args.loaded_executable, loaded);
  return nullptr;
}

}  // namespace fake
