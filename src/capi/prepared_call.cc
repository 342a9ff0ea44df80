#include "pjrt_easy/prepared_call.h"

#include "capi/execute_options.hpp"
#include "capi/guard.hpp"
#include "core/prepared_call.hpp"

using pje::Buffer;
using pje::LoadedExecutable;
using pje::PreparedCall;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::guarded;

namespace {

pje_error *run_in_full(pje_prepared_call *call) noexcept {
  constexpr const char *function = "pje_prepared_call_run";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(PreparedCall, prepared, call);
    return prepared.run(function);
  });
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(PreparedCall, pje_prepared_call)

pje_error *pje_prepared_call_create(pje_loaded_executable *executable, const pje_execute_options *options,
                                    pje_prepared_call **out) noexcept {
  constexpr const char *function = "pje_prepared_call_create";
  return guarded(function, pje::capi::clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(LoadedExecutable, program, executable);
    pje::ExecuteOptions read;
    PJE_TRY(pje::capi::read_execute_options(function, options, &read));
    PJE_ASSIGN(Ref<PreparedCall> call, PreparedCall::create(program, read));
    *out = std::move(call).to_public();
    return {};
  });
}

pje_loaded_executable *pje_prepared_call_executable(const pje_prepared_call *call) noexcept {
  return answered<PreparedCall>("pje_prepared_call_executable", "call", call,
                                static_cast<pje_loaded_executable *>(nullptr),
                                [](PreparedCall &c) { return pje::borrow(&c.executable()); });
}

size_t pje_prepared_call_num_args(const pje_prepared_call *call) noexcept {
  return answered<PreparedCall>("pje_prepared_call_num_args", "call", call, size_t{0},
                                [](PreparedCall &c) { return c.num_args(); });
}

size_t pje_prepared_call_num_outputs(const pje_prepared_call *call) noexcept {
  return answered<PreparedCall>("pje_prepared_call_num_outputs", "call", call, size_t{0},
                                [](PreparedCall &c) { return c.num_outputs(); });
}

pje_error *pje_prepared_call_set_arg(pje_prepared_call *call, size_t index, pje_buffer *buffer) noexcept {
  constexpr const char *function = "pje_prepared_call_set_arg";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(PreparedCall, prepared, call);
    PJE_NULLABLE_HANDLE(Buffer, given, buffer);
    return prepared.set_arg(index, given);
  });
}

pje_buffer *pje_prepared_call_arg(const pje_prepared_call *call, size_t index) noexcept {
  return answered<PreparedCall>("pje_prepared_call_arg", "call", call, static_cast<pje_buffer *>(nullptr),
                                [&](PreparedCall &c) { return pje::borrow(c.arg(index)); });
}

pje_buffer *pje_prepared_call_output(const pje_prepared_call *call, size_t index) noexcept {
  return answered<PreparedCall>("pje_prepared_call_output", "call", call, static_cast<pje_buffer *>(nullptr),
                                [&](PreparedCall &c) { return c.output(index); });
}

pje_error *pje_prepared_call_run(pje_prepared_call *call) noexcept {
  return pje::in_callback() ? run_in_full(call) : PreparedCall::run_again(call, run_in_full);
}

pje_error *pje_prepared_call_run_async(pje_prepared_call *call, pje_event **done) noexcept {
  constexpr const char *function = "pje_prepared_call_run_async";
  return guarded(function, pje::capi::clearing(done), [&]() -> Status {
    if (done != nullptr) *done = nullptr;
    PJE_HANDLE(PreparedCall, prepared, call);
    return prepared.run_async(function, done);
  });
}

}  // extern "C"
