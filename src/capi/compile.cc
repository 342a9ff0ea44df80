#include "pjrt_easy/compile.h"

#include "capi/async.hpp"
#include "capi/compile_options.hpp"
#include "core/executable.hpp"
#include "core/loaded_executable.hpp"
#include "core/serialized_executable.hpp"

using pje::Bytes;
using pje::Client;
using pje::CompileOptions;
using pje::Executable;
using pje::LoadedExecutable;
using pje::NamedValues;
using pje::Plugin;
using pje::Program;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::Topology;
using pje::Work;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

Result<Work<Executable>> compile_work(const char *function, pje_plugin *plugin, const pje_topology *topology,
                                      const pje_program *program, const pje_compile_options *options,
                                      pje_client *client) {
  PJE_HANDLE(Plugin, owner, plugin);
  PJE_HANDLE(Topology, target, topology);
  PJE_HANDLE(Program, source, program);
  PJE_NULLABLE_HANDLE(CompileOptions, settings, options);
  PJE_NULLABLE_HANDLE(Client, helper, client);
  return Executable::compile(owner, target, source, settings, helper);
}

Result<Work<LoadedExecutable>> load_work(const char *function, pje_client *client, pje_executable *executable,
                                         const pje_compile_options *options) {
  PJE_HANDLE(Client, owner, client);
  PJE_HANDLE(Executable, compiled, executable);
  PJE_NULLABLE_HANDLE(CompileOptions, settings, options);
  return LoadedExecutable::load(owner, compiled, settings);
}

Result<Work<LoadedExecutable>> deserialize_work(const char *function, pje_client *client, const void *data,
                                                size_t size, const pje_deserialize_options *options,
                                                LoadedExecutable::Wrapping wrapping) {
  PJE_HANDLE(Client, owner, client);
  PJE_NOT_NULL(data);
  PJE_NOT_NULL(options);
  pje_deserialize_options given{};
  PJE_TRY(pje::capi::read_options(options, sizeof(given), &given, "pje_deserialize_options"));
  if (given.trusted > 1 || given.reserved != 0)
    return pje::invalid_argument("pje_deserialize_options.trusted and reserved: expected 0 or 1, and 0");
  if (given.computation_origin == nullptr && given.num_computation_origin > 0)
    return pje::invalid_argument(
        "pje_deserialize_options.computation_origin is NULL, but num_computation_origin is not 0");
  PJE_NULLABLE_HANDLE(CompileOptions, overrides, given.compile_options);
  pje::DeserializeOptions read;
  read.compile_options = overrides;
  read.computation_origin = {given.computation_origin, given.num_computation_origin};
  read.multi_slice_config = given.multi_slice_config;
  read.trusted = given.trusted == 1;
  return LoadedExecutable::deserialize(owner, {static_cast<const char *>(data), size}, wrapping, read);
}

Result<Work<Bytes>> serialize_work(const char *function, const pje_executable *executable, bool raw) {
  PJE_HANDLE(Executable, self, executable);
  return self.serialize(raw);
}

pje_error *serialize_now(const char *function, const pje_executable *executable, bool raw,
                         pje_bytes **out) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, serialize_work(function, executable, raw));
    return pje::capi::run_now<Bytes>(work, out);
  });
}

pje_error *serialize_later(const char *function, const pje_executable *executable, bool raw, pje_bytes **out,
                           pje_event **done) noexcept {
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, serialize_work(function, executable, raw));
    return pje::capi::run_later<Bytes>(function, std::move(work), out, done);
  });
}

pje_error *deserialize_now(const char *function, pje_client *client, const void *data, size_t size,
                           const pje_deserialize_options *options, LoadedExecutable::Wrapping wrapping,
                           pje_loaded_executable **out) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, deserialize_work(function, client, data, size, options, wrapping));
    return pje::capi::run_now<LoadedExecutable>(work, out);
  });
}

pje_error *deserialize_later(const char *function, pje_client *client, const void *data, size_t size,
                             const pje_deserialize_options *options, LoadedExecutable::Wrapping wrapping,
                             pje_loaded_executable **out, pje_event **done) noexcept {
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, deserialize_work(function, client, data, size, options, wrapping));
    return pje::capi::run_later<LoadedExecutable>(function, std::move(work), out, done);
  });
}

// For what core answers as bytes or as an object of its own.
template <class Body>
pje_error *bytes_of(const char *function, const pje_executable *executable, pje_bytes **out,
                    Body body) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Executable, self, executable);
    PJE_ASSIGN(std::string bytes, body(self));
    *out = pje::make<pje::Bytes>(std::move(bytes)).to_public();
    return {};
  });
}

template <class T, class Body>
pje_error *object_of(const char *function, const pje_executable *executable, typename T::Handle **out,
                     Body body) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Executable, self, executable);
    PJE_ASSIGN(Ref<T> made, body(self));
    *out = std::move(made).to_public();
    return {};
  });
}

template <class Answer, class Body>
Answer of_executable(const char *function, const pje_executable *executable, Answer fallback,
                     Body body) noexcept {
  return answered<Executable>(function, "executable", executable, fallback, body);
}

const char *item(const std::vector<std::string> &list, size_t index) noexcept {
  return index < list.size() ? list[index].c_str() : "";
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Executable, pje_executable)

pje_error *pje_compile(pje_plugin *plugin, const pje_topology *topology, const pje_program *program,
                       const pje_compile_options *options, pje_client *client,
                       pje_executable **out) noexcept {
  constexpr const char *function = "pje_compile";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, compile_work(function, plugin, topology, program, options, client));
    return pje::capi::run_now<Executable>(work, out);
  });
}

pje_error *pje_compile_async(pje_plugin *plugin, const pje_topology *topology, const pje_program *program,
                             const pje_compile_options *options, pje_client *client, pje_executable **out,
                             pje_event **done) noexcept {
  constexpr const char *function = "pje_compile_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, compile_work(function, plugin, topology, program, options, client));
    return pje::capi::run_later<Executable>(function, std::move(work), out, done);
  });
}

pje_error *pje_loaded_executable_executable(pje_loaded_executable *executable,
                                            pje_executable **out) noexcept {
  constexpr const char *function = "pje_loaded_executable_executable";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(LoadedExecutable, loaded, executable);
    PJE_ASSIGN(Ref<Executable> made, Executable::of_loaded(loaded));
    *out = std::move(made).to_public();
    return {};
  });
}

const char *pje_executable_name(const pje_executable *executable) noexcept {
  return of_executable("pje_executable_name", executable, "", [](Executable &e) { return e.name().c_str(); });
}

size_t pje_executable_num_replicas(const pje_executable *executable) noexcept {
  return of_executable("pje_executable_num_replicas", executable, size_t{0},
                       [](Executable &e) { return e.num_replicas(); });
}

size_t pje_executable_num_partitions(const pje_executable *executable) noexcept {
  return of_executable("pje_executable_num_partitions", executable, size_t{0},
                       [](Executable &e) { return e.num_partitions(); });
}

size_t pje_executable_num_outputs(const pje_executable *executable) noexcept {
  return of_executable("pje_executable_num_outputs", executable, size_t{0},
                       [](Executable &e) { return e.num_outputs(); });
}

bool pje_executable_output_type(const pje_executable *executable, size_t index, pje_dtype *dtype,
                                const int64_t **dims, size_t *rank) noexcept {
  return of_executable("pje_executable_output_type", executable, false, [&](Executable &e) {
    const pje::ArrayType *type = e.output_type(index);
    if (type == nullptr) return false;
    if (dtype != nullptr) *dtype = type->dtype;
    if (dims != nullptr) *dims = type->dims;
    if (rank != nullptr) *rank = type->rank;
    return true;
  });
}

const char *pje_executable_output_memory_kind(const pje_executable *executable, size_t index) noexcept {
  return of_executable("pje_executable_output_memory_kind", executable, "",
                       [&](Executable &e) { return item(e.output_kinds(), index); });
}

size_t pje_executable_num_parameters(const pje_executable *executable) noexcept {
  return of_executable("pje_executable_num_parameters", executable, size_t{0},
                       [](Executable &e) { return e.num_parameters(); });
}

const char *pje_executable_parameter_memory_kind(const pje_executable *executable, size_t index) noexcept {
  return of_executable("pje_executable_parameter_memory_kind", executable, "",
                       [&](Executable &e) { return item(e.parameter_kinds(), index); });
}

pje_error *pje_executable_code_size(const pje_executable *executable, int64_t *out) noexcept {
  constexpr const char *function = "pje_executable_code_size";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Executable, self, executable);
    PJE_ASSIGN(*out, self.code_size());
    return {};
  });
}

pje_error *pje_executable_fingerprint(const pje_executable *executable, pje_bytes **out) noexcept {
  return bytes_of("pje_executable_fingerprint", executable, out,
                  [](Executable &self) { return self.fingerprint(); });
}

pje_error *pje_executable_optimized_program(const pje_executable *executable, pje_program **out) noexcept {
  return object_of<Program>("pje_executable_optimized_program", executable, out,
                            [](Executable &self) { return self.optimized_program(); });
}

pje_error *pje_executable_cost_analysis(const pje_executable *executable, pje_named_values **out) noexcept {
  return object_of<NamedValues>("pje_executable_cost_analysis", executable, out,
                                [](Executable &self) { return self.cost_analysis(); });
}

pje_error *pje_executable_memory_stats(const pje_executable *executable, pje_named_values **out) noexcept {
  return object_of<NamedValues>("pje_executable_memory_stats", executable, out,
                                [](Executable &self) { return self.memory_stats(); });
}

pje_error *pje_executable_compile_options(const pje_executable *executable,
                                          pje_compile_options **out) noexcept {
  return object_of<CompileOptions>("pje_executable_compile_options", executable, out,
                                   [](Executable &self) { return self.compile_options(); });
}

pje_error *pje_executable_serialize(const pje_executable *executable, pje_bytes **out) noexcept {
  return serialize_now("pje_executable_serialize", executable, false, out);
}

pje_error *pje_executable_serialize_async(const pje_executable *executable, pje_bytes **out,
                                          pje_event **done) noexcept {
  return serialize_later("pje_executable_serialize_async", executable, false, out, done);
}

pje_error *pje_executable_serialize_raw(const pje_executable *executable, pje_bytes **out) noexcept {
  return serialize_now("pje_executable_serialize_raw", executable, true, out);
}

pje_error *pje_executable_serialize_raw_async(const pje_executable *executable, pje_bytes **out,
                                              pje_event **done) noexcept {
  return serialize_later("pje_executable_serialize_raw_async", executable, true, out, done);
}

pje_error *pje_serialized_executable_info(const void *data, size_t size, pje_named_values **out) noexcept {
  return guarded("pje_serialized_executable_info", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(data);
    PJE_ASSIGN(Ref<NamedValues> values, pje::describe_serialized({static_cast<const char *>(data), size}));
    *out = std::move(values).to_public();
    return {};
  });
}

pje_error *pje_client_load(pje_client *client, pje_executable *executable, const pje_compile_options *options,
                           pje_loaded_executable **out) noexcept {
  constexpr const char *function = "pje_client_load";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(auto work, load_work(function, client, executable, options));
    return pje::capi::run_now<LoadedExecutable>(work, out);
  });
}

pje_error *pje_client_load_async(pje_client *client, pje_executable *executable,
                                 const pje_compile_options *options, pje_loaded_executable **out,
                                 pje_event **done) noexcept {
  constexpr const char *function = "pje_client_load_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_ASYNC_OUT(out, done);
    PJE_ASSIGN(auto work, load_work(function, client, executable, options));
    return pje::capi::run_later<LoadedExecutable>(function, std::move(work), out, done);
  });
}

pje_error *pje_client_deserialize_and_load(pje_client *client, const void *data, size_t size,
                                           const pje_deserialize_options *options,
                                           pje_loaded_executable **out) noexcept {
  return deserialize_now("pje_client_deserialize_and_load", client, data, size, options,
                         LoadedExecutable::Wrapping::kHeader, out);
}

pje_error *pje_client_deserialize_and_load_async(pje_client *client, const void *data, size_t size,
                                                 const pje_deserialize_options *options,
                                                 pje_loaded_executable **out, pje_event **done) noexcept {
  return deserialize_later("pje_client_deserialize_and_load_async", client, data, size, options,
                           LoadedExecutable::Wrapping::kHeader, out, done);
}

pje_error *pje_client_deserialize_and_load_raw(pje_client *client, const void *data, size_t size,
                                               const pje_deserialize_options *options,
                                               pje_loaded_executable **out) noexcept {
  return deserialize_now("pje_client_deserialize_and_load_raw", client, data, size, options,
                         LoadedExecutable::Wrapping::kNone, out);
}

pje_error *pje_client_deserialize_and_load_raw_async(pje_client *client, const void *data, size_t size,
                                                     const pje_deserialize_options *options,
                                                     pje_loaded_executable **out, pje_event **done) noexcept {
  return deserialize_later("pje_client_deserialize_and_load_raw_async", client, data, size, options,
                           LoadedExecutable::Wrapping::kNone, out, done);
}

pje_error *pje_loaded_executable_delete(pje_loaded_executable *executable) noexcept {
  constexpr const char *function = "pje_loaded_executable_delete";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(LoadedExecutable, self, executable);
    return self.delete_now();
  });
}

bool pje_loaded_executable_is_deleted(const pje_loaded_executable *executable) noexcept {
  return answered<LoadedExecutable>("pje_loaded_executable_is_deleted", "executable", executable, false,
                                    [](LoadedExecutable &e) { return e.is_deleted(); });
}

pje_error *pje_loaded_executable_fingerprint(const pje_loaded_executable *executable,
                                             pje_bytes **out) noexcept {
  constexpr const char *function = "pje_loaded_executable_fingerprint";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(LoadedExecutable, self, executable);
    PJE_ASSIGN(std::string bytes, self.fingerprint());
    *out = pje::make<pje::Bytes>(std::move(bytes)).to_public();
    return {};
  });
}

}  // extern "C"
