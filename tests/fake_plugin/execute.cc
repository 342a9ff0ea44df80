#include <algorithm>

#include "buffer.hpp"
#include "calls.hpp"
#include "config.hpp"
#include "executable.hpp"

namespace fake {
namespace {

constexpr size_t kExecute = static_cast<size_t>(pje::abi::Function::LoadedExecutable_Execute);

// What the plugin takes for one: its mark, and a number of slices.
struct FakeMultiSliceConfig {
  char mark[8];
  int64_t num_slices;
};

struct ExecuteContext {
  using Handle = PJRT_ExecuteContext;
  static constexpr Kind kKind = Kind::kContext;
};

Status CheckTasks(const PJRT_ExecuteOptions &options) {
  for (size_t i = 0; i < options.num_tasks; ++i) {
    if (options.task_ids == nullptr || options.incarnation_ids == nullptr) Misuse("a list of tasks is NULL");
    if (options.task_ids[i] < 0 || options.task_ids[i] >= Current().processes)
      return Invalid("task_ids[", i, "] is ", options.task_ids[i], ", there are ",
                     Current().processes.load());
    if (options.incarnation_ids[i] <= 0)
      return Invalid("incarnation_ids[", i, "] is ", options.incarnation_ids[i]);
  }
  return nullptr;
}

// Known is "answer": a run with it fails with its text.
Status CheckCustomOptions(const PJRT_ExecuteOptions &options) {
  for (size_t i = 0; i < options.num_custom_options; ++i) {
    const PJRT_NamedValue &option = options.custom_options[i];
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_NamedValue, &option)) return bad;
    std::string_view name(option.name, option.name_size);
    if (name != "answer" || option.type != PJRT_NamedValue_kString)
      return Invalid("unknown execute option '", name, "'");
    return Fail(PJRT_Error_Code_ABORTED, std::string(option.string_value, option.value_size));
  }
  return nullptr;
}

Status ReadOptions(const PJRT_ExecuteOptions *given, PJRT_ExecuteOptions *options) {
  if (given == nullptr) Misuse("options is NULL");
  if (Status bad = FAKE_CHECK_STRUCT(PJRT_ExecuteOptions, given)) return bad;
  PJRT_ExecuteOptions rest{};
  rest.use_major_to_minor_data_layout_for_callbacks = true;
  *options = KnownPart(*given, rest);
  if (options->context != nullptr) Use<ExecuteContext>(options->context);
  if (Status bad = CheckTasks(*options)) return bad;
  if (Status bad = CheckMultiSlice(options->multi_slice_config)) return bad;
  return CheckCustomOptions(*options);
}

Status PickDevices(const LoadedExecutable &loaded, const PJRT_LoadedExecutable_Execute_Args &args,
                   std::vector<DeviceRun> *runs) {
  if (args.execute_device == nullptr) {
    if (loaded.compiled->settings.portable) return Invalid("a portable executable needs execute_device");
    if (args.num_devices != loaded.devices.size()) {
      return Invalid("num_devices is ", args.num_devices, ", the executable runs on ", loaded.devices.size());
    }
    for (size_t i = 0; i < loaded.devices.size(); ++i) {
      const PJRT_LogicalDeviceIds &ids = loaded.logical_ids[i];
      size_t partitions = static_cast<size_t>(loaded.compiled->settings.partitions);
      DeviceRun run;
      run.device = loaded.devices[i];
      run.position = static_cast<size_t>(ids.replica) * partitions + static_cast<size_t>(ids.partition);
      runs->push_back(std::move(run));
    }
    return nullptr;
  }
  const Device &device = Use<Device>(args.execute_device);
  if (args.num_devices != 1) return Invalid("execute_device needs num_devices 1, not ", args.num_devices);
  if (device.client != loaded.client || !device.addressable)
    return Invalid("execute_device is not a device of this client");
  auto place = std::find(loaded.devices.begin(), loaded.devices.end(), args.execute_device);
  size_t position = place == loaded.devices.end() ? 0 : static_cast<size_t>(place - loaded.devices.begin());
  if (loaded.devices.size() > 1 && place == loaded.devices.end())
    return Invalid("execute_device is not among the executable's devices");
  DeviceRun run;
  run.device = args.execute_device;
  run.position = position;
  runs->push_back(std::move(run));
  return nullptr;
}

bool IsDonatable(const Compiled &compiled, const PJRT_ExecuteOptions &options, size_t index) {
  if (!compiled.module.main().params[index].donated()) return false;
  const int64_t *end = options.non_donatable_input_indices + options.num_non_donatable_input_indices;
  return std::find(options.non_donatable_input_indices, end, static_cast<int64_t>(index)) == end;
}

Status ReadArgument(const LoadedExecutable &loaded, const PJRT_ExecuteOptions &options, PJRT_Buffer *handle,
                    size_t index, DeviceRun *run) {
  if (handle == nullptr) Misuse(Text("argument ", index, " is NULL: real plugins crash"));
  Buffer &buffer = Use<Buffer>(handle);
  const Shape &wanted = loaded.compiled->params[index];
  if (buffer.client != loaded.client) return Invalid("argument ", index, " belongs to another client");
  if (buffer.device != run->device) {
    return Invalid("argument ", index, " is on device ", Use<Device>(buffer.device).id, ", the run on ",
                   Use<Device>(run->device).id);
  }
  // Like real plugins: only the size is compared, the bytes are taken for what the program wants.
  if (buffer.shape.device_bytes() != wanted.device_bytes()) {
    return Invalid("Executable expected parameter ", index, " of size ", wanted.device_bytes(),
                   " but got buffer with incompatible size ", buffer.shape.device_bytes());
  }
  Argument argument;
  if (Status bad = LiveContents(buffer, &argument.contents))
    return Invalid("argument ", index, ": ", bad->message);
  argument.shape = wanted;
  argument.donate = IsDonatable(*loaded.compiled, options, index);
  run->arguments.push_back(std::move(argument));
  return nullptr;
}

void ReadHostCallbacks(const Compiled &compiled, const PJRT_ExecuteOptions &options, size_t device,
                       DeviceRun *run) {
  run->host = ReadCallbacks(options, device);
  int64_t position = static_cast<int64_t>(run->position);
  run->host.replica = position / compiled.settings.partitions;
  run->host.partition = position % compiled.settings.partitions;
}

Status CheckDonatedOnce(const DeviceRun &run) {
  for (size_t donated = 0; donated < run.arguments.size(); ++donated) {
    if (!run.arguments[donated].donate) continue;
    for (size_t i = 0; i < run.arguments.size(); ++i) {
      if (i == donated || run.arguments[i].contents != run.arguments[donated].contents) continue;
      return Invalid("argument ", donated, " is donated and is also argument ", i);
    }
  }
  return nullptr;
}

void Donate(PJRT_Buffer *handle, Argument *argument) {
  Buffer &buffer = Use<Buffer>(handle);
  std::lock_guard lock(buffer.mutex);
  // An external reference keeps the input alive: the run then works on a copy.
  if (buffer.external_references > 0) return;
  buffer.contents_if_live = nullptr;
  StoragePtr storage = argument->contents->get();
  // Reads and runs that are under way hold the contents: they must not see what this run writes.
  bool alone = argument->contents.use_count() == 1;
  // Counting up and down again orders us after those that have let go.
  ContentsPtr(argument->contents).reset();
  argument->reusable = storage && !storage->immutable() && alone;
}

Status MakeOutputs(const Compiled &compiled, DeviceRun *run, std::vector<PJRT_Memory *> *memories) {
  run->done = compiled.module.noop ? ReadyCompletion() : std::make_shared<Completion>();
  PJRT_Memory *memory = DefaultMemory(run->device);
  for (const Shape &shape : compiled.outputs) {
    StoragePtr storage;
    if (Status bad = AllocateOn(memory, shape.device_bytes(), &storage)) return bad;
    if (compiled.module.noop) memset(storage->data(), 0, storage->size());
    run->outputs.push_back(MakeContents(run->done, std::move(storage)));
    memories->push_back(memory);
  }
  return nullptr;
}

// The output gets the memory of the argument it is aliased to.
void ReuseMemory(const Compiled &compiled, DeviceRun *run) {
  for (size_t i = 0; i < run->arguments.size(); ++i) {
    int64_t output = compiled.module.main().params[i].aliased_output;
    if (output < 0 || !run->arguments[i].reusable) continue;
    Contents &contents = *run->outputs[static_cast<size_t>(output)];
    StoragePtr storage = run->arguments[i].contents->get();
    std::lock_guard lock(contents.mutex);
    contents.storage = std::move(storage);
  }
}

std::vector<TensorPtr> LoadArguments(const DeviceRun &run) {
  std::vector<TensorPtr> tensors;
  for (const Argument &argument : run.arguments) {
    tensors.push_back(
        std::make_shared<const Tensor>(LoadTensor(argument.shape, argument.contents->get()->data())));
  }
  return tensors;
}

void Finish(const Compiled &compiled, DeviceRun *run, const Status &status,
            const std::vector<TensorPtr> &results) {
  for (size_t i = 0; !status && i < run->outputs.size(); ++i) {
    StoreTensor(*results.at(i), compiled.outputs[i], run->outputs[i]->get()->data());
  }
  // Before the events fire: what the arguments held is free by then.
  run->arguments.clear();
  run->done->Set(status);
}

// A partitioned program runs once on whole arrays, and each device gets its tiles of the results.
DeviceTensors RunPartitioned(const Compiled &compiled, const DeviceTensors &shards,
                             const std::vector<const HostCallbacks *> &hosts) {
  const Function &main = compiled.module.main();
  DeviceTensors whole(1);
  for (size_t i = 0; i < main.params.size(); ++i) {
    std::vector<TensorPtr> tiles;
    for (const std::vector<TensorPtr> &device : shards) tiles.push_back(device[i]);
    whole[0].push_back(Gather(compiled.param_shardings[i], main.params[i].type, tiles));
  }
  DeviceTensors made = Interpret(compiled.module, whole, 1, 0, {hosts[0]});
  DeviceTensors results(shards.size());
  for (size_t device = 0; device < shards.size(); ++device)
    for (size_t i = 0; i < made[0].size(); ++i)
      results[device].push_back(Slice(compiled.output_shardings[i], *made[0][i], device));
  return results;
}

void RunAll(const CompiledPtr &compiled, std::vector<DeviceRun> *runs, const Status &dependencies) {
  Status status = dependencies ? dependencies : LateError(kExecute);
  DeviceTensors results(runs->size());
  if (!status) {
    try {
      DeviceTensors arguments;
      std::vector<const HostCallbacks *> hosts;
      for (const DeviceRun &run : *runs) {
        arguments.push_back(LoadArguments(run));
        hosts.push_back(&run.host);
      }
      int partitions = static_cast<int>(compiled->settings.partitions);
      results = compiled->param_shardings.empty() && compiled->output_shardings.empty()
                    ? Interpret(compiled->module, arguments, partitions, runs->front().position, hosts)
                    : RunPartitioned(*compiled, arguments, hosts);
    } catch (const ProgramError &error) {
      status = Fail(error.code, error.what());
    } catch (const std::exception &error) {
      status = Fail(PJRT_Error_Code_INTERNAL, error.what());
    }
  }
  for (size_t i = 0; i < runs->size(); ++i) Finish(*compiled, &(*runs)[i], status, results[i]);
}

// A collective, and a partitioned program, need every device: launches of one device each wait here for the
// others of their launch id.
bool JoinLaunch(LoadedExecutable *loaded, int launch_id, std::vector<DeviceRun> *runs) {
  size_t needed = loaded->devices.size();
  bool needs_all = loaded->compiled->module.has_collectives || !loaded->compiled->param_shardings.empty() ||
                   !loaded->compiled->output_shardings.empty();
  if (!needs_all || runs->size() == needed) return true;
  size_t position = runs->front().position;
  auto waits_for_us = [&](const LaunchGroup &group) {
    auto same = [position](const DeviceRun &run) { return run.position == position; };
    return group.launch_id == launch_id && std::none_of(group.runs.begin(), group.runs.end(), same);
  };
  std::lock_guard lock(loaded->mutex);
  auto group = std::find_if(loaded->waiting.begin(), loaded->waiting.end(), waits_for_us);
  if (group == loaded->waiting.end()) group = loaded->waiting.insert(group, LaunchGroup{launch_id, {}});
  group->runs.push_back(std::move(runs->front()));
  if (group->runs.size() < needed) return false;
  *runs = std::move(group->runs);
  loaded->waiting.erase(group);
  std::sort(runs->begin(), runs->end(),
            [](const DeviceRun &a, const DeviceRun &b) { return a.position < b.position; });
  return true;
}

void NoteLaunch(const DeviceRun &run, int launch_id) {
  Device &device = Use<Device>(run.device);
  std::lock_guard lock(device.mutex);
  std::erase_if(device.runs, [](const LaunchedRun &former) {
    CompletionPtr done = former.done.lock();
    return done == nullptr || done->IsReady();
  });
  device.runs.push_back({launch_id, run.done});
}

void Submit(LoadedExecutable *loaded, int launch_id, std::vector<DeviceRun> runs) {
  if (loaded->compiled->module.noop || !JoinLaunch(loaded, launch_id, &runs)) return;
  std::vector<CompletionPtr> dependencies;
  for (const DeviceRun &run : runs) {
    for (const Argument &argument : run.arguments) dependencies.push_back(argument.contents->ready);
  }
  auto shared = std::make_shared<std::vector<DeviceRun>>(std::move(runs));
  loaded->client->scheduler->Submit(std::move(dependencies), InjectedDelay(kExecute),
                                    [compiled = loaded->compiled, shared](const Status &status) {
                                      RunAll(compiled, shared.get(), status);
                                    });
}

}  // namespace

Status CheckMultiSlice(const PJRT_MultiSlice_Config *given) {
  if (given == nullptr) return nullptr;
  const auto *config = reinterpret_cast<const FakeMultiSliceConfig *>(given);
  if (memcmp(config->mark, "fakemsc", 8) != 0) Misuse("multi_slice_config is none of this plugin");
  if (config->num_slices < 1) return Invalid("multi_slice_config has ", config->num_slices, " slices");
  return nullptr;
}

Status Call(PJRT_LoadedExecutable_Execute_Args &args) {
  LoadedExecutable &loaded = Use<LoadedExecutable>(args.executable);
  const Compiled &compiled = *loaded.compiled;
  if (loaded.deleted) return Fail(PJRT_Error_Code_FAILED_PRECONDITION, "the executable has been deleted");
  PJRT_ExecuteOptions options;
  if (Status bad = ReadOptions(args.options, &options)) return bad;
  if (args.num_args != compiled.params.size()) {
    return Invalid("Execution supplied ", args.num_args, " arguments but the program takes ",
                   compiled.params.size());
  }
  std::vector<DeviceRun> runs;
  if (Status bad = PickDevices(loaded, args, &runs)) return bad;
  std::vector<PJRT_Memory *> memories;
  for (size_t device = 0; device < runs.size(); ++device) {
    for (size_t i = 0; i < args.num_args; ++i) {
      if (Status bad = ReadArgument(loaded, options, args.argument_lists[device][i], i, &runs[device]))
        return bad;
    }
    ReadHostCallbacks(compiled, options, device, &runs[device]);
    if (Status bad = CheckDonatedOnce(runs[device])) return bad;
    if (Status bad = MakeOutputs(compiled, &runs[device], &memories)) return bad;
  }
  size_t next_memory = 0;
  for (size_t device = 0; device < runs.size(); ++device) {
    DeviceRun &run = runs[device];
    for (size_t i = 0; i < args.num_args; ++i) {
      if (run.arguments[i].donate) Donate(args.argument_lists[device][i], &run.arguments[i]);
    }
    ReuseMemory(compiled, &run);
    if (!compiled.module.noop) NoteLaunch(run, options.launch_id);
    for (size_t i = 0; i < run.outputs.size(); ++i) {
      args.output_lists[device][i] =
          NewBuffer(loaded.client, memories[next_memory++], compiled.outputs[i], run.outputs[i]);
    }
    if (args.device_complete_events != nullptr)
      args.device_complete_events[device] = NewEvent(loaded.client, run.done);
  }
  Submit(&loaded, options.launch_id, std::move(runs));
  return nullptr;
}

Status Call(PJRT_ExecuteContext_Create_Args &args) {
  Out(&args.context, Publish(std::make_unique<ExecuteContext>()));
  return nullptr;
}

Status Call(PJRT_ExecuteContext_Destroy_Args &args) {
  if (args.context != nullptr) Retire<ExecuteContext>(args.context);
  return nullptr;
}

}  // namespace fake
