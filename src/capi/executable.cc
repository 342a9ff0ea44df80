#include "pjrt_easy/executable.h"

#include "capi/async.hpp"
#include "capi/execute_options.hpp"
#include "core/loaded_executable.hpp"

using pje::Array;
using pje::ArrayType;
using pje::Client;
using pje::CompileOptions;
using pje::Device;
using pje::Event;
using pje::ExecuteOptions;
using pje::LoadedExecutable;
using pje::Program;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::read_execute_options;

namespace pje::capi {

Status read_given_options(const char *function, const pje_execute_options *given, ExecuteOptions *out) {
  pje_execute_options options{};
  PJE_TRY(pje::capi::read_options(given, sizeof(options), &options, "pje_execute_options"));
  if (options.launch != PJE_LAUNCH_CALLER && options.launch != PJE_LAUNCH_POOL)
    return pje::invalid_argument(
        pje::concat("pje_execute_options.launch is ", options.launch, ": expected a pje_launch, 0 or 1"));
  if (options.non_donatable == nullptr && options.num_non_donatable > 0)
    return pje::invalid_argument("pje_execute_options.non_donatable is NULL, but num_non_donatable is not 0");
  PJE_NULLABLE_HANDLE(Device, device, options.device);
  out->device = device;
  out->non_donatable = {options.non_donatable, options.num_non_donatable};
  out->call_location = options.call_location;
  out->launch_id = options.launch_id;
  PJE_TRY(pje::capi::read_execute_extras(function, options, &out->extras));
  // The thread that answers may be the one that launches.
  bool asks_a_queue = out->extras && out->extras->handlers && out->extras->handlers->asks_a_queue();
  out->on_pool = options.launch == PJE_LAUNCH_POOL || asks_a_queue;
  return {};
}

}  // namespace pje::capi

namespace {

[[gnu::cold]] Status no_list(const char *name, size_t n) {
  return pje::invalid_argument(pje::concat("argument \"", name, "\" is NULL, but its count is ", n));
}

[[gnu::cold]] Status lists_overlap(const char *name) {
  return pje::invalid_argument(
      pje::concat("arguments \"args\" and \"", name, "\" overlap: expected separate lists"));
}

pje::Result<pje::Work<LoadedExecutable>> compile_work(const char *function, pje_client *client,
                                                      const pje_program *program,
                                                      const pje_compile_options *options) {
  PJE_HANDLE(Client, owner, client);
  PJE_HANDLE(Program, source, program);
  PJE_NULLABLE_HANDLE(CompileOptions, settings, options);
  return LoadedExecutable::compile(owner, source, settings);
}

template <class In, class Out>
bool overlap(In *in, size_t num_in, Out *out, size_t num_out) {
  auto in_begin = reinterpret_cast<uintptr_t>(in);
  auto out_begin = reinterpret_cast<uintptr_t>(out);
  return num_in > 0 && num_out > 0 && in_begin < reinterpret_cast<uintptr_t>(out + num_out) &&
         out_begin < reinterpret_cast<uintptr_t>(in + num_in);
}

template <class In, class Out>
[[gnu::always_inline]] inline Status check_given_lists(In *args, size_t num_args, Out *outputs,
                                                       size_t num_outputs) {
  if (args == nullptr && num_args > 0) [[unlikely]]
    return no_list("args", num_args);
  if (outputs == nullptr && num_outputs > 0) [[unlikely]]
    return no_list("outputs", num_outputs);
  return {};
}

// Outputs are cleared before anything else can fail, unless that would change an input.
template <class In, class Out>
[[gnu::always_inline]] inline Status check_lists(In *args, size_t num_args, Out *outputs, size_t num_outputs,
                                                 pje_event **done = nullptr, size_t num_done = 0) {
  if (overlap(args, num_args, outputs, num_outputs)) [[unlikely]]
    return lists_overlap("outputs");
  if (overlap(args, num_args, done, num_done)) [[unlikely]]
    return lists_overlap("done");
  for (size_t i = 0; outputs != nullptr && i < num_outputs; ++i) outputs[i] = nullptr;
  for (size_t d = 0; done != nullptr && d < num_done; ++d) done[d] = nullptr;
  return check_given_lists(args, num_args, outputs, num_outputs);
}

Status total_of(const char *what, size_t num_devices, size_t per_device, size_t *total) {
  if (__builtin_mul_overflow(num_devices, per_device, total))
    return pje::invalid_argument(pje::concat("arguments \"num_devices\" and \"", what, "\" overflow"));
  return {};
}

// The outputs of a run, for a call that is refused before it looks at them.
template <class T>
auto lists(T *const *args, size_t num_args, T **outputs, size_t num_outputs, pje_event **done = nullptr,
           size_t num_done = 0) {
  return [=] { (void)check_lists(args, num_args, outputs, num_outputs, done, num_done); };
}
auto sharded_lists(size_t num_devices, pje_buffer *const *args, size_t num_args_per_device,
                   pje_buffer **outputs, size_t num_outputs_per_device, pje_event **done) {
  return [=] {
    size_t num_args = 0;
    size_t num_outputs = 0;
    if (total_of("num_args_per_device", num_devices, num_args_per_device, &num_args).ok() &&
        total_of("num_outputs_per_device", num_devices, num_outputs_per_device, &num_outputs).ok())
      (void)check_lists(args, num_args, outputs, num_outputs, done, done == nullptr ? 0 : num_devices);
  };
}

bool give_type(const ArrayType *type, pje_dtype *dtype, const int64_t **dims, size_t *rank) {
  if (type == nullptr) return false;
  if (dtype != nullptr) *dtype = type->dtype;
  if (dims != nullptr) *dims = type->dims;
  if (rank != nullptr) *rank = type->rank;
  return true;
}

// Every kind of run, and what is wrong with one that is none.
[[gnu::noinline]] pje_error *execute_in_full(pje_loaded_executable *executable, pje_buffer *const *args,
                                             size_t num_args, const pje_execute_options *options,
                                             pje_buffer **outputs, size_t num_outputs) noexcept {
  constexpr const char *function = "pje_loaded_executable_execute";
  return guarded(function, clearing(lists(args, num_args, outputs, num_outputs)), [&]() -> Status {
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    if (read.on_pool)
      return program.execute_on_pool(function, LoadedExecutable::kOneDevice, {args, num_args}, read,
                                     {outputs, num_outputs});
    PJE_TRY(program.after_launches({args, num_args}, read));
    return program.execute(function, {args, num_args}, read, {outputs, num_outputs});
  });
}

pje_error *execute_without_options(pje_loaded_executable *executable, pje_buffer *const *args,
                                   size_t num_args, pje_buffer **outputs, size_t num_outputs) noexcept {
  return execute_in_full(executable, args, num_args, nullptr, outputs, num_outputs);
}

[[gnu::noinline]] pje_error *execute_async_in_full(pje_loaded_executable *executable, pje_buffer *const *args,
                                                   size_t num_args, const pje_execute_options *options,
                                                   pje_buffer **outputs, size_t num_outputs,
                                                   pje_event **done) noexcept {
  constexpr const char *function = "pje_loaded_executable_execute_async";
  return guarded(function, clearing(lists(args, num_args, outputs, num_outputs, done, 1)), [&]() -> Status {
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs, done, 1));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    if (read.on_pool)
      return program.launch_on_pool(function, LoadedExecutable::kOneDevice, {args, num_args}, read,
                                    {outputs, num_outputs}, {done, done == nullptr ? size_t{0} : size_t{1}});
    PJE_TRY(program.after_launches({args, num_args}, read));
    return program.execute_async(function, {args, num_args}, read, {outputs, num_outputs},
                                 {done, done == nullptr ? size_t{0} : size_t{1}});
  });
}

pje_error *execute_async_without_options(pje_loaded_executable *executable, pje_buffer *const *args,
                                         size_t num_args, pje_buffer **outputs, size_t num_outputs,
                                         pje_event **done) noexcept {
  return execute_async_in_full(executable, args, num_args, nullptr, outputs, num_outputs, done);
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(LoadedExecutable, pje_loaded_executable)

pje_error *pje_client_compile(pje_client *client, const pje_program *program,
                              const pje_compile_options *options, pje_loaded_executable **out) noexcept {
  constexpr const char *function = "pje_client_compile";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, compile_work(function, client, program, options));
    return pje::capi::run_now<LoadedExecutable>(work, out);
  });
}

pje_error *pje_client_compile_async(pje_client *client, const pje_program *program,
                                    const pje_compile_options *options, pje_loaded_executable **out,
                                    pje_event **done) noexcept {
  constexpr const char *function = "pje_client_compile_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, compile_work(function, client, program, options));
    return pje::capi::run_later<LoadedExecutable>(function, std::move(work), out, done);
  });
}

pje_client *pje_loaded_executable_client(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_client", "executable", executable,
                                    static_cast<pje_client *>(nullptr),
                                    [](LoadedExecutable &e) { return pje::borrow(&e.client()); });
}

const char *pje_loaded_executable_name(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_name", "executable", executable, "",
                                    [](LoadedExecutable &e) { return e.name().c_str(); });
}

size_t pje_loaded_executable_num_replicas(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_num_replicas", "executable", executable, size_t{0},
                                    [](LoadedExecutable &e) { return e.num_replicas(); });
}

size_t pje_loaded_executable_num_partitions(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_num_partitions", "executable", executable,
                                    size_t{0}, [](LoadedExecutable &e) { return e.num_partitions(); });
}

size_t pje_loaded_executable_num_addressable_devices(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_num_addressable_devices", "executable", executable,
                                    size_t{0}, [](LoadedExecutable &e) { return e.devices().size(); });
}

pje_device *pje_loaded_executable_addressable_device(const pje_loaded_executable *executable,
                                                     size_t index) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_addressable_device", "executable", executable,
                                    static_cast<pje_device *>(nullptr), [&](LoadedExecutable &e) {
                                      return index < e.devices().size() ? pje::borrow(e.devices()[index])
                                                                        : nullptr;
                                    });
}

size_t pje_loaded_executable_num_args(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_num_args", "executable", executable, size_t{0},
                                    [](LoadedExecutable &e) { return e.num_args(); });
}

size_t pje_loaded_executable_num_outputs(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_num_outputs", "executable", executable, size_t{0},
                                    [](LoadedExecutable &e) { return e.num_outputs(); });
}

bool pje_loaded_executable_arg_type(const pje_loaded_executable *executable, size_t index, pje_dtype *dtype,
                                    const int64_t **dims, size_t *rank) noexcept {
  return answered<LoadedExecutable>(
      "pje_loaded_executable_arg_type", "executable", executable, false,
      [&](LoadedExecutable &e) { return give_type(e.arg_type(index), dtype, dims, rank); });
}

bool pje_loaded_executable_output_type(const pje_loaded_executable *executable, size_t index,
                                       pje_dtype *dtype, const int64_t **dims, size_t *rank) noexcept {
  return answered<LoadedExecutable>(
      "pje_loaded_executable_output_type", "executable", executable, false,
      [&](LoadedExecutable &e) { return give_type(e.output_type(index), dtype, dims, rank); });
}

bool pje_loaded_executable_arg_is_donated(const pje_loaded_executable *executable, size_t index) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_arg_is_donated", "executable", executable, false,
                                    [&](LoadedExecutable &e) { return e.arg_is_donated(index); });
}

pje_error *pje_loaded_executable_execute(pje_loaded_executable *executable, pje_buffer *const *args,
                                         size_t num_args, const pje_execute_options *options,
                                         pje_buffer **outputs, size_t num_outputs) noexcept {
  if (options != nullptr || pje::in_callback())
    return execute_in_full(executable, args, num_args, options, outputs, num_outputs);
  return LoadedExecutable::execute_plain(executable, args, num_args, outputs, num_outputs,
                                         execute_without_options);
}

pje_error *pje_loaded_executable_execute_async(pje_loaded_executable *executable, pje_buffer *const *args,
                                               size_t num_args, const pje_execute_options *options,
                                               pje_buffer **outputs, size_t num_outputs,
                                               pje_event **done) noexcept {
  if (options != nullptr || pje::in_callback())
    return execute_async_in_full(executable, args, num_args, options, outputs, num_outputs, done);
  return LoadedExecutable::execute_plain_async(executable, args, num_args, outputs, num_outputs, done,
                                               execute_async_without_options);
}

pje_error *pje_loaded_executable_execute_sharded(pje_loaded_executable *executable, size_t num_devices,
                                                 pje_buffer *const *args, size_t num_args_per_device,
                                                 const pje_execute_options *options, pje_buffer **outputs,
                                                 size_t num_outputs_per_device) noexcept {
  constexpr const char *function = "pje_loaded_executable_execute_sharded";
  auto results =
      sharded_lists(num_devices, args, num_args_per_device, outputs, num_outputs_per_device, nullptr);
  return guarded(function, clearing(results), [&]() -> Status {
    size_t num_args = 0;
    size_t num_outputs = 0;
    PJE_TRY(total_of("num_args_per_device", num_devices, num_args_per_device, &num_args));
    PJE_TRY(total_of("num_outputs_per_device", num_devices, num_outputs_per_device, &num_outputs));
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    if (read.on_pool)
      return program.execute_on_pool(function, num_devices, {args, num_args}, read, {outputs, num_outputs});
    PJE_TRY(program.after_launches({args, num_args}, read));
    return program.execute_sharded(function, num_devices, {args, num_args}, read, {outputs, num_outputs});
  });
}

pje_error *pje_loaded_executable_execute_sharded_async(pje_loaded_executable *executable, size_t num_devices,
                                                       pje_buffer *const *args, size_t num_args_per_device,
                                                       const pje_execute_options *options,
                                                       pje_buffer **outputs, size_t num_outputs_per_device,
                                                       pje_event **device_done) noexcept {
  constexpr const char *function = "pje_loaded_executable_execute_sharded_async";
  auto results =
      sharded_lists(num_devices, args, num_args_per_device, outputs, num_outputs_per_device, device_done);
  return guarded(function, clearing(results), [&]() -> Status {
    size_t num_args = 0;
    size_t num_outputs = 0;
    PJE_TRY(total_of("num_args_per_device", num_devices, num_args_per_device, &num_args));
    PJE_TRY(total_of("num_outputs_per_device", num_devices, num_outputs_per_device, &num_outputs));
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs, device_done, num_devices));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    if (read.on_pool)
      return program.launch_on_pool(function, num_devices, {args, num_args}, read, {outputs, num_outputs},
                                    {device_done, device_done == nullptr ? size_t{0} : num_devices});
    PJE_TRY(program.after_launches({args, num_args}, read));
    return program.execute_sharded_async(function, num_devices, {args, num_args}, read,
                                         {outputs, num_outputs},
                                         {device_done, device_done == nullptr ? size_t{0} : num_devices});
  });
}

pje_error *pje_loaded_executable_run(pje_loaded_executable *executable, pje_array *const *args,
                                     size_t num_args, pje_array **outputs, size_t num_outputs) noexcept {
  constexpr const char *function = "pje_loaded_executable_run";
  return guarded(function, clearing(lists(args, num_args, outputs, num_outputs)), [&]() -> Status {
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs));
    PJE_HANDLE(LoadedExecutable, program, executable);
    PJE_ASSIGN(std::vector<Ref<Array>> arrays, program.run(function, {args, num_args}, num_outputs));
    for (size_t i = 0; i < num_outputs; ++i) outputs[i] = std::move(arrays[i]).to_public();
    return {};
  });
}

pje_error *pje_loaded_executable_run_async(pje_loaded_executable *executable, pje_array *const *args,
                                           size_t num_args, pje_array **outputs, size_t num_outputs,
                                           pje_event **done) noexcept {
  constexpr const char *function = "pje_loaded_executable_run_async";
  return guarded(function, clearing(lists(args, num_args, outputs, num_outputs, done, 1)), [&]() -> Status {
    PJE_TRY(check_lists(args, num_args, outputs, num_outputs, done, 1));
    PJE_OUT(done);
    PJE_HANDLE(LoadedExecutable, program, executable);
    std::vector<Ref<Array>> arrays;
    PJE_ASSIGN(Ref<Event> event, program.run_async(function, {args, num_args}, num_outputs, &arrays));
    for (size_t i = 0; i < num_outputs; ++i) outputs[i] = std::move(arrays[i]).to_public();
    *done = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_loaded_executable_run_into(pje_loaded_executable *executable, pje_array *const *args,
                                          size_t num_args, const pje_execute_options *options,
                                          pje_array *const *outputs, size_t num_outputs) noexcept {
  constexpr const char *function = "pje_loaded_executable_run_into";
  return guarded(function, [&]() -> Status {
    PJE_TRY(check_given_lists(args, num_args, outputs, num_outputs));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    return program.run_into(function, {args, num_args}, read, {outputs, num_outputs});
  });
}

pje_error *pje_loaded_executable_run_into_async(pje_loaded_executable *executable, pje_array *const *args,
                                                size_t num_args, const pje_execute_options *options,
                                                pje_array *const *outputs, size_t num_outputs,
                                                pje_event **done) noexcept {
  constexpr const char *function = "pje_loaded_executable_run_into_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    PJE_TRY(check_given_lists(args, num_args, outputs, num_outputs));
    PJE_HANDLE(LoadedExecutable, program, executable);
    ExecuteOptions read;
    PJE_TRY(read_execute_options(function, options, &read));
    PJE_ASSIGN(Ref<Event> event,
               program.run_into_async(function, {args, num_args}, read, {outputs, num_outputs}));
    *done = std::move(event).to_public();
    return {};
  });
}

}  // extern "C"
