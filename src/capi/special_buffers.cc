#include "core/special_buffers.hpp"

#include "capi/guard.hpp"
#include "pjrt_easy/special_buffers.h"

using pje::Buffer;
using pje::BufferPlace;
using pje::Client;
using pje::Device;
using pje::Error;
using pje::Fulfilment;
using pje::Layout;
using pje::Memory;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

Status read_place(const char *function, const pje_buffer_options &options, BufferPlace *out) {
  PJE_NULLABLE_HANDLE(Device, device, options.device);
  PJE_NULLABLE_HANDLE(Memory, memory, options.memory);
  PJE_NULLABLE_HANDLE(Layout, layout, options.layout);
  out->device = device;
  out->memory = memory;
  out->layout = layout;
  return {};
}

// Where a buffer of this type is to be made.
Result<BufferPlace> place_of(const char *function, pje_dtype dtype, const int64_t *dims, size_t rank,
                             const pje_buffer_options *given) {
  pje_buffer_options options{};
  PJE_TRY(pje::capi::read_options(given, sizeof(options), &options, "pje_buffer_options"));
  BufferPlace place;
  PJE_TRY(read_place(function, options, &place));
  PJE_ASSIGN(place.type, pje::intern_array_type(dtype, dims, rank));
  return place;
}

Status give(Result<Ref<Buffer>> made, pje_buffer **out) {
  if (!made.ok()) return std::move(made).status();
  *out = std::move(made).value().to_public();
  return {};
}

Status give(Result<pje::Promised> made, pje_buffer **out, pje_fulfilment **fulfilment) {
  if (!made.ok()) return std::move(made).status();
  *out = std::move(made.value().buffer).to_public();
  *fulfilment = std::move(made.value().fulfilment).to_public();
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Fulfilment, pje_fulfilment)

pje_error *pje_buffer_create_uninitialized(pje_client *client, pje_dtype dtype, const int64_t *dims,
                                           size_t rank, const pje_buffer_options *options,
                                           pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_create_uninitialized";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(BufferPlace place, place_of(function, dtype, dims, rank, options));
    return give(pje::make_uninitialized(owner, place), out);
  });
}

pje_error *pje_buffer_create_error(pje_client *client, const pje_error *error, pje_dtype dtype,
                                   const int64_t *dims, size_t rank, const pje_buffer_options *options,
                                   pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_create_error";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_HANDLE(Error, carried, error);
    PJE_ASSIGN(BufferPlace place, place_of(function, dtype, dims, rank, options));
    return give(pje::make_error_buffer(owner, carried, place), out);
  });
}

pje_error *pje_buffer_create_alias(pje_client *client, pje_dtype dtype, const int64_t *dims, size_t rank,
                                   const pje_buffer_options *options, pje_buffer **out,
                                   pje_fulfilment **fulfilment) noexcept {
  constexpr const char *function = "pje_buffer_create_alias";
  return guarded(function, clearing(out, fulfilment), [&]() -> Status {
    PJE_OUT(out);
    PJE_OUT(fulfilment);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(BufferPlace place, place_of(function, dtype, dims, rank, options));
    return give(pje::make_alias(owner, place), out, fulfilment);
  });
}

pje_error *pje_buffer_create_view(pje_client *client, void *data, size_t size, pje_dtype dtype,
                                  const int64_t *dims, size_t rank, const pje_view_options *options,
                                  pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_create_view";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    pje_view_options read{};
    PJE_TRY(pje::capi::read_options(options, sizeof(read), &read, "pje_view_options"));
    const pje_buffer_options where = {sizeof(where), read.device, read.memory, read.layout};
    PJE_ASSIGN(BufferPlace place, place_of(function, dtype, dims, rank, &where));
    pje::DeviceView view{data, size, read.release, read.release_data, static_cast<intptr_t>(read.stream)};
    return give(pje::make_view(owner, view, place), out);
  });
}

pje_error *pje_buffer_bitcast(pje_buffer *buffer, pje_dtype dtype, const int64_t *dims, size_t rank,
                              const pje_layout *layout, pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_bitcast";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_NULLABLE_HANDLE(Layout, order, layout);
    PJE_ASSIGN(const pje::ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    return give(pje::bitcast(source, *type, order), out);
  });
}

pje_error *pje_buffer_donate_with_dependency(pje_buffer *buffer, pje_buffer **out,
                                             pje_fulfilment **fulfilment) noexcept {
  constexpr const char *function = "pje_buffer_donate_with_dependency";
  return guarded(function, clearing(out, fulfilment), [&]() -> Status {
    PJE_OUT(out);
    PJE_OUT(fulfilment);
    PJE_HANDLE(Buffer, source, buffer);
    return give(pje::donate_with_dependency(function, source), out, fulfilment);
  });
}

pje_error *pje_fulfilment_set_buffer(pje_fulfilment *fulfilment, pje_buffer *buffer) noexcept {
  constexpr const char *function = "pje_fulfilment_set_buffer";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Fulfilment, promised, fulfilment);
    PJE_HANDLE(Buffer, given, buffer);
    return promised.set_buffer(given);
  });
}

pje_error *pje_fulfilment_set_data(pje_fulfilment *fulfilment, void *data, size_t size) noexcept {
  constexpr const char *function = "pje_fulfilment_set_data";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Fulfilment, promised, fulfilment);
    return promised.set_data(data, size);
  });
}

pje_error *pje_fulfilment_set_done(pje_fulfilment *fulfilment) noexcept {
  constexpr const char *function = "pje_fulfilment_set_done";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Fulfilment, promised, fulfilment);
    return promised.set_done();
  });
}

pje_error *pje_fulfilment_set_error(pje_fulfilment *fulfilment, const pje_error *error) noexcept {
  constexpr const char *function = "pje_fulfilment_set_error";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Fulfilment, promised, fulfilment);
    PJE_HANDLE(Error, given, error);
    return promised.set_error(given);
  });
}

}  // extern "C"
