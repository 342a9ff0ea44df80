// Host in, host out: upload, execute and read back in one call.

#include "base/text.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

// What plugins of the CPU need to use memory in place.
constexpr uintptr_t kZeroCopyAlignment = 64;

Result<Array *> resolve_array(pje_array *handle, const char *list, size_t i) {
  Array *array = resolve<Array>(handle);
  if (array != nullptr) return array;
  return invalid_argument(
      concat(list, " ", i, " ", describe_wrong_handle(handle, ObjectType::kArray), ": expected a pje_array"));
}

}  // namespace

Status LoadedExecutable::upload_args(std::span<pje_array *const> args, const ExecuteOptions &options,
                                     std::vector<Ref<Buffer>> &buffers, std::vector<RawEvent> &host_done) {
  std::vector<Array *> arrays;
  for (size_t i = 0; i < args.size(); ++i) {
    PJE_ASSIGN(Array * array, resolve_array(args[i], "argument", i));
    const ArrayType *expected = arg_type(i);
    if (expected != nullptr && array->type() != expected)
      return invalid_argument(
          concat("argument ", i, " is ", array->type()->text(), ": ", name(), " expects ", expected->text()));
    arrays.push_back(array);
  }
  buffers.reserve(args.size());
  host_done.resize(args.size());
  for (size_t i = 0; i < args.size(); ++i) {
    Upload upload;
    upload.data = arrays[i]->data();
    upload.size = arrays[i]->size();
    upload.type = arrays[i]->type();
    upload.device = options.device != nullptr ? options.device : data_->devices[0];
    bool aligned = reinterpret_cast<uintptr_t>(upload.data) % kZeroCopyAlignment == 0;
    // A donated argument may be written to, and this memory is the caller's.
    if (aligned && !arg_is_donated(i) && data_->knows_args)
      upload.semantics = PJRT_HostBufferSemantics_kImmutableZeroCopy;
    PJE_ASSIGN(Ref<Buffer> buffer, Buffer::from_host(*client_, upload, &host_done[i]));
    buffers.push_back(std::move(buffer));
  }
  return {};
}

Status LoadedExecutable::run_buffers(const char *function, std::span<pje_array *const> args,
                                     const ExecuteOptions &options, size_t num_outputs,
                                     std::vector<Ref<Buffer>> &outputs) {
  PJE_TRY(check_one_device(options, args.size(), num_outputs));
  std::vector<RawEvent> host_done;
  std::vector<Ref<Buffer>> buffers;
  Status status = upload_args(args, options, buffers, host_done);
  if (status.ok()) {
    std::vector<pje_buffer *> handles;
    handles.reserve(buffers.size());
    for (const Ref<Buffer> &buffer : buffers) handles.push_back(borrow(buffer.get()));
    std::vector<pje_buffer *> results(num_outputs);
    status = execute(function, handles, options, results);
    if (status.ok()) {
      for (pje_buffer *result : results) {
        outputs.push_back(Ref<Buffer>::share(resolve<Buffer>(result)));
        release_handle(result, ObjectType::kBuffer);
      }
    }
  }
  // The caller's memory is in use until the plugin has let go of the buffers made over it.
  buffers.clear();
  for (RawEvent &done : host_done) {
    if (!done) continue;
    Status released = done.await("PJRT_Client_BufferFromHostBuffer");
    if (status.ok()) status = std::move(released);
  }
  return status;
}

Result<std::vector<Ref<Array>>> LoadedExecutable::run(const char *function, std::span<pje_array *const> args,
                                                      size_t num_outputs) {
  std::vector<Ref<Buffer>> buffers;
  PJE_TRY(run_buffers(function, args, {}, num_outputs, buffers));
  std::vector<Ref<Array>> arrays;
  for (const Ref<Buffer> &buffer : buffers) {
    PJE_ASSIGN(Ref<Array> array, buffer->to_array());
    arrays.push_back(std::move(array));
  }
  return arrays;
}

Status LoadedExecutable::run_into(const char *function, std::span<pje_array *const> args,
                                  const ExecuteOptions &options, std::span<pje_array *const> outputs) {
  std::vector<Array *> targets;
  for (size_t i = 0; i < outputs.size(); ++i) {
    PJE_ASSIGN(Array * array, resolve_array(outputs[i], "output", i));
    const ArrayType *given = output_type(i);
    if (given != nullptr && array->type() != given)
      return invalid_argument(
          concat("output ", i, " is ", array->type()->text(), ": ", name(), " gives ", given->text()));
    for (size_t k = 0; k < args.size(); ++k) {
      Array *input = resolve<Array>(args[k]);
      auto *begin = static_cast<const char *>(array->data());
      auto *other = input == nullptr ? nullptr : static_cast<const char *>(input->data());
      if (input != nullptr && begin < other + input->size() && other < begin + array->size())
        return invalid_argument(concat("output ", i, " shares memory with argument ", k));
    }
    targets.push_back(array);
  }
  std::vector<Ref<Buffer>> buffers;
  PJE_TRY(run_buffers(function, args, options, outputs.size(), buffers));
  for (size_t i = 0; i < buffers.size(); ++i) {
    if (buffers[i]->type() != targets[i]->type())
      return invalid_argument(concat("output ", i, " is ", targets[i]->type()->text(), ": the run gave ",
                                     buffers[i]->type()->text()));
    PJE_TRY(buffers[i]->to_host(targets[i]->data(), targets[i]->size()));
  }
  return {};
}

}  // namespace pje
