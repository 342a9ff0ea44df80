// Host in, host out: upload, execute and read back in one call.

#include "base/pins.hpp"
#include "base/text.hpp"
#include "core/event_combine.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

constexpr const char *kUpload = "PJRT_Client_BufferFromHostBuffer";
// What plugins of the CPU need to use memory in place.
constexpr uintptr_t kZeroCopyAlignment = 64;

Result<Array *> resolve_array(pje_array *handle, const char *list, size_t i) {
  Array *array = resolve<Array>(handle);
  if (array != nullptr) return array;
  return invalid_argument(
      concat(list, " ", i, " ", describe_wrong_handle(handle, ObjectType::kArray), ": expected a pje_array"));
}

// The plugin's uploads from memory of the caller. However a call ends, it must not end before they do.
class HostUploads {
 public:
  explicit HostUploads(size_t n) : done_(n) {}
  HostUploads(const HostUploads &) = delete;
  HostUploads &operator=(const HostUploads &) = delete;
  ~HostUploads() { (void)finish(); }
  RawEvent *next() noexcept { return &done_[num_started_++]; }
  Status finish() noexcept {
    Status first;
    for (RawEvent &done : done_) {
      if (!done) continue;
      Status status = done.finish(kUpload);
      if (first.ok()) first = std::move(status);
    }
    return first;
  }

 private:
  std::vector<RawEvent> done_;
  size_t num_started_ = 0;
};

Status differs(size_t i, const ArrayType *given, std::string_view who, const char *verb,
               const ArrayType *made) {
  return invalid_argument(
      concat("output ", i, " is ", given->text(), ": ", who, " ", verb, " ", made->text()));
}

}  // namespace

// A run between arrays of the host. The blocking forms are not the asynchronous ones and a wait: those
// register with the plugin for the end of each upload and each read, where the blocking ones wait for raw
// events and copy small results themselves. A run of four numbers took 4 to 9 us against 50 to 120 (CPU
// plugins, two busy cores).
struct LoadedExecutable::HostRun {
  std::vector<Array *> arrays;
  std::vector<Upload> uploads;
  std::vector<Ref<Layout>> layouts;
  std::vector<Ref<Buffer>> args;
  std::vector<Ref<Buffer>> outputs;
  Ref<Event> done;
};

Status LoadedExecutable::prepare_host_run(std::span<pje_array *const> args, const ExecuteOptions &options,
                                          size_t num_outputs, HostRun *run) const {
  PJE_TRY(check_one_device(options, args.size(), num_outputs));
  for (size_t i = 0; i < args.size(); ++i) {
    PJE_ASSIGN(Array * array, resolve_array(args[i], "argument", i));
    const ArrayType *expected = arg_type(i);
    if (expected != nullptr && array->type() != expected->plain)
      return invalid_argument(concat("argument ", i, " is ", array->type()->text(), ": ", name(), " expects ",
                                     expected->plain->text()));
    Upload upload;
    upload.data = array->data();
    upload.size = array->size();
    upload.type = array->type();
    upload.device = options.device != nullptr ? options.device : data_->devices[0];
    if (expected != nullptr && expected->minor_to_major != nullptr) {
      PJE_ASSIGN(Ref<Layout> layout, Layout::of_order(*expected));
      upload.layout = run->layouts.emplace_back(std::move(layout)).get();
    }
    bool aligned = reinterpret_cast<uintptr_t>(upload.data) % kZeroCopyAlignment == 0;
    // A donated argument may be written to, and this memory is the caller's.
    if (aligned && !arg_is_donated(i) && data_->knows_args)
      upload.semantics = PJRT_HostBufferSemantics_kImmutableZeroCopy;
    run->arrays.push_back(array);
    run->uploads.push_back(upload);
  }
  run->args.reserve(args.size());
  return {};
}

Status LoadedExecutable::dispatch_host_run(const char *function, const ExecuteOptions &options,
                                           size_t num_outputs, HostRun *run) {
  std::vector<pje_buffer *> args;
  args.reserve(run->args.size());
  for (const Ref<Buffer> &arg : run->args) args.push_back(borrow(arg.get()));
  std::vector<pje_buffer *> outputs(num_outputs);
  run->outputs.reserve(num_outputs);
  pje_event *done = nullptr;
  OwnHandles own;
  if (options.on_pool) {
    PJE_TRY(launch_on_pool(function, kOneDevice, args, options, outputs, {&done, 1}));
  } else {
    PJE_TRY(after_launches(args, options));
    PJE_TRY(execute_async(function, args, options, outputs, {&done, 1}));
  }
  run->args.clear();
  for (pje_buffer *output : outputs) run->outputs.push_back(take_back<Buffer>(output));
  run->done = take_back<Event>(done);
  return {};
}

Status LoadedExecutable::host_run(const char *function, std::span<pje_array *const> args,
                                  const ExecuteOptions &options, size_t num_outputs, const ReadNow &read) {
  HostUploads uploads(args.size());
  HostRun run;
  PJE_TRY(prepare_host_run(args, options, num_outputs, &run));
  for (const Upload &upload : run.uploads) {
    PJE_ASSIGN(Ref<Buffer> arg, Buffer::from_host(*client_, upload, uploads.next()));
    run.args.push_back(std::move(arg));
  }
  PJE_TRY(dispatch_host_run(function, options, num_outputs, &run));
  PJE_TRY(run.done->wait());
  for (size_t i = 0; i < num_outputs; ++i) PJE_TRY(read(i, *run.outputs[i]));
  // An output may be an argument's memory.
  run.outputs.clear();
  return uploads.finish();
}

Result<Ref<Event>> LoadedExecutable::start_host_run(const char *function, std::span<pje_array *const> args,
                                                    const ExecuteOptions &options, size_t num_outputs,
                                                    const StartRead &read) {
  HostRun run;
  PJE_TRY(prepare_host_run(args, options, num_outputs, &run));
  // The run's own error comes first.
  std::vector<Ref<Event>> parts(1);
  for (size_t i = 0; i < args.size(); ++i) {
    Ref<Event> uploaded;
    Upload &upload = run.uploads[i];
    if (upload.semantics == PJRT_HostBufferSemantics_kImmutableOnlyDuringCall)
      upload.semantics = PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes;
    PJE_ASSIGN(Ref<Buffer> arg, Buffer::from_kept_array(*client_, *run.arrays[i], upload, &uploaded));
    run.args.push_back(std::move(arg));
    parts.push_back(std::move(uploaded));
  }
  PJE_TRY(dispatch_host_run(function, options, num_outputs, &run));
  parts[0] = std::move(run.done);
  Status first;
  for (size_t i = 0; i < num_outputs; ++i) {
    Result<Ref<Event>> part = read(i, *run.outputs[i]);
    if (part.ok())
      parts.push_back(std::move(part).value());
    else if (first.ok())
      first = std::move(part).status();
  }
  // What cannot be read since its run has failed already is told like a failure that comes later.
  if (!first.ok()) {
    wait_for_all(parts);
    if (parts[0]->error().ok()) return first;
  }
  std::vector<Event *> events;
  events.reserve(parts.size());
  for (const Ref<Event> &part : parts) events.push_back(part.get());
  Result<Ref<Event>> all = event_all(events);
  // The plugin writes to memory of the caller, who is told that the call has failed.
  if (!all.ok()) wait_for_all(parts);
  return all;
}

Result<std::vector<Ref<Array>>> LoadedExecutable::run(const char *function, std::span<pje_array *const> args,
                                                      size_t num_outputs) {
  std::vector<Ref<Array>> arrays;
  auto read = [&](size_t, Buffer &output) -> Status {
    PJE_ASSIGN(Ref<Array> array, output.to_array());
    arrays.push_back(std::move(array));
    return {};
  };
  PJE_TRY(host_run(function, args, {}, num_outputs, read));
  return arrays;
}

Result<Ref<Event>> LoadedExecutable::run_async(const char *function, std::span<pje_array *const> args,
                                               size_t num_outputs, std::vector<Ref<Array>> *arrays) {
  auto read = [&](size_t, Buffer &output) -> Result<Ref<Event>> {
    PJE_ASSIGN(Ref<Array> array, Array::create(output.type()));
    arrays->push_back(array);
    return output.to_kept_array_async(*array);
  };
  return start_host_run(function, args, {}, num_outputs, read);
}

Result<std::vector<Array *>> LoadedExecutable::targets_of_run(std::span<pje_array *const> args,
                                                              std::span<pje_array *const> outputs) const {
  std::vector<Array *> targets;
  for (size_t i = 0; i < outputs.size(); ++i) {
    PJE_ASSIGN(Array * array, resolve_array(outputs[i], "output", i));
    const ArrayType *given = output_type(i);
    if (given != nullptr && array->type() != given->plain)
      return differs(i, array->type(), name(), "gives", given->plain);
    for (size_t k = 0; k < args.size(); ++k) {
      Array *input = resolve<Array>(args[k]);
      auto *begin = static_cast<const char *>(array->data());
      auto *other = input == nullptr ? nullptr : static_cast<const char *>(input->data());
      if (input != nullptr && begin < other + input->size() && other < begin + array->size())
        return invalid_argument(concat("output ", i, " shares memory with argument ", k));
    }
    targets.push_back(array);
  }
  return targets;
}

Status LoadedExecutable::run_into(const char *function, std::span<pje_array *const> args,
                                  const ExecuteOptions &options, std::span<pje_array *const> outputs) {
  PJE_ASSIGN(std::vector<Array *> targets, targets_of_run(args, outputs));
  auto read = [&](size_t i, Buffer &output) -> Status {
    if (output.type()->plain != targets[i]->type())
      return differs(i, targets[i]->type(), "the run", "gave", output.type()->plain);
    return output.to_host(targets[i]->data(), targets[i]->size());
  };
  return host_run(function, args, options, outputs.size(), read);
}

Result<Ref<Event>> LoadedExecutable::run_into_async(const char *function, std::span<pje_array *const> args,
                                                    const ExecuteOptions &options,
                                                    std::span<pje_array *const> outputs) {
  PJE_ASSIGN(std::vector<Array *> targets, targets_of_run(args, outputs));
  auto read = [&](size_t i, Buffer &output) -> Result<Ref<Event>> {
    if (output.type()->plain != targets[i]->type())
      return differs(i, targets[i]->type(), "the run", "gave", output.type()->plain);
    return output.to_kept_array_async(*targets[i]);
  };
  return start_host_run(function, args, options, outputs.size(), read);
}

}  // namespace pje
