#include "pjrt_easy/buffer.h"

#include "capi/guard.hpp"
#include "core/upload.hpp"
#include "pjrt_easy/array.h"

using pje::Array;
using pje::Buffer;
using pje::Client;
using pje::Device;
using pje::Event;
using pje::Layout;
using pje::Memory;
using pje::Ref;
using pje::Status;
using pje::Upload;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

Status read_semantics(int32_t given, PJRT_HostBufferSemantics *out) {
  if (given < 0 || given > PJE_HOST_MUTABLE_ZERO_COPY)
    return pje::invalid_argument(
        pje::concat("pje_from_host_options.semantics is ", given, ": expected a pje_host_semantics, 0 to 4"));
  *out = given == PJE_HOST_DEFAULT ? PJRT_HostBufferSemantics_kImmutableOnlyDuringCall
                                   : static_cast<PJRT_HostBufferSemantics>(given - 1);
  return {};
}

Status read_upload(const char *function, const pje_from_host_options *given, Upload *out) {
  pje_from_host_options options{};
  PJE_TRY(pje::capi::read_options(given, &options, "pje_from_host_options"));
  if (options.reserved != 0)
    return pje::failure(PJE_UNIMPLEMENTED, "pje_from_host_options.reserved: expected 0");
  if (options.byte_strides == nullptr && options.num_byte_strides > 0)
    return pje::invalid_argument("pje_from_host_options.byte_strides is NULL, but num_byte_strides is not 0");
  PJE_NULLABLE_HANDLE(Device, device, options.device);
  PJE_NULLABLE_HANDLE(Memory, memory, options.memory);
  PJE_NULLABLE_HANDLE(Layout, layout, options.layout);
  out->device = device;
  out->memory = memory;
  out->layout = layout;
  out->byte_strides = {options.byte_strides, options.num_byte_strides};
  out->release = options.release;
  out->release_data = options.release_data;
  return read_semantics(options.semantics, &out->semantics);
}

// An array brings its own strides, promises and end of life.
Status read_array_upload(const char *function, const pje_from_host_options *options, Upload *out) {
  PJE_TRY(read_upload(function, options, out));
  if (!out->byte_strides.empty() || out->release != nullptr ||
      (options != nullptr && options->semantics != 0))
    return pje::invalid_argument(
        "pje_from_host_options: byte_strides, release and semantics must be unset for an array");
  return {};
}

[[gnu::flatten]] Status fill_upload(const char *function, const void *data, size_t size, pje_dtype dtype,
                                    const int64_t *dims, size_t rank, const pje_from_host_options *options,
                                    Upload *out) {
  PJE_TRY(read_upload(function, options, out));
  PJE_ASSIGN(out->type, pje::intern_array_type(dtype, dims, rank));
  out->data = data;
  out->size = size;
  return {};
}

void release_slowly(pje_buffer *buffer) noexcept {
  pje::capi::released<Buffer>("pje_buffers_release", buffer);
}
// Apart from each other: what one of them saves on the stack costs the other nothing.
[[gnu::noinline]] void release_first(pje_buffer **buffers) noexcept {
  Buffer::release_one(std::exchange(*buffers, nullptr), release_slowly);
}
[[gnu::noinline]] void release_several(pje_buffer **buffers, size_t n) noexcept {
  Buffer::release_all(buffers, n, release_slowly);
}

}  // namespace

extern "C" {

pje_buffer *pje_buffer_retain(const pje_buffer *buffer) noexcept {
  return pje::capi::retained<Buffer>("pje_buffer_retain", buffer);
}

void pje_buffer_release(pje_buffer *buffer) noexcept {
  Buffer::release_one(buffer,
                      [](pje_buffer *shared) { pje::capi::released<Buffer>("pje_buffer_release", shared); });
}

pje_error *pje_buffer_from_host(pje_client *client, const void *data, size_t size, pje_dtype dtype,
                                const int64_t *dims, size_t rank, const pje_from_host_options *options,
                                pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_from_host";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    Upload upload;
    PJE_TRY(fill_upload(function, data, size, dtype, dims, rank, options, &upload));
    if (is_plain(upload)) [[likely]]
      return pje::upload_plain(owner, upload, out, nullptr);
    PJE_ASSIGN(Ref<Buffer> buffer, Buffer::upload(owner, upload));
    *out = std::move(buffer).to_public();
    return {};
  });
}

pje_error *pje_buffer_from_host_async(pje_client *client, const void *data, size_t size, pje_dtype dtype,
                                      const int64_t *dims, size_t rank, const pje_from_host_options *options,
                                      pje_buffer **out, pje_event **host_done) noexcept {
  constexpr const char *function = "pje_buffer_from_host_async";
  return guarded(function, clearing(out, host_done), [&]() -> Status {
    PJE_OUT(out);
    if (host_done != nullptr) *host_done = nullptr;
    PJE_HANDLE(Client, owner, client);
    Upload upload;
    PJE_TRY(fill_upload(function, data, size, dtype, dims, rank, options, &upload));
    if (host_done != nullptr && is_plain(upload)) [[likely]]
      return pje::upload_plain(owner, upload, out, host_done);
    Ref<Event> event;
    PJE_ASSIGN(Ref<Buffer> buffer,
               Buffer::upload_async(owner, upload, host_done == nullptr ? nullptr : &event));
    *out = std::move(buffer).to_public();
    if (host_done != nullptr) *host_done = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_buffer_from_array(pje_client *client, pje_array *array, const pje_from_host_options *options,
                                 pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_from_array";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_HANDLE(Array, source, array);
    Upload upload;
    PJE_TRY(read_array_upload(function, options, &upload));
    upload.data = source.data();
    upload.size = source.size();
    upload.type = source.type();
    PJE_ASSIGN(Ref<Buffer> buffer, Buffer::upload(owner, upload));
    *out = std::move(buffer).to_public();
    return {};
  });
}

pje_error *pje_buffer_from_array_async(pje_client *client, pje_array *array,
                                       const pje_from_host_options *options, pje_buffer **out,
                                       pje_event **host_done) noexcept {
  constexpr const char *function = "pje_buffer_from_array_async";
  return guarded(function, clearing(out, host_done), [&]() -> Status {
    PJE_OUT(out);
    if (host_done != nullptr) *host_done = nullptr;
    PJE_HANDLE(Client, owner, client);
    PJE_HANDLE(Array, source, array);
    Upload upload;
    PJE_TRY(read_array_upload(function, options, &upload));
    upload.semantics = PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes;
    Ref<Event> event;
    PJE_ASSIGN(Ref<Buffer> buffer,
               Buffer::from_kept_array(owner, source, upload, host_done == nullptr ? nullptr : &event));
    *out = std::move(buffer).to_public();
    if (host_done != nullptr) *host_done = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_buffer_from_array_consume(pje_client *client, pje_array **array,
                                         const pje_from_host_options *options, pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_from_array_consume";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(array);
    pje_array *consumed = *array;
    PJE_HANDLE(Client, owner, client);
    PJE_HANDLE(Array, source, consumed);
    Upload upload;
    PJE_TRY(read_array_upload(function, options, &upload));
    upload.semantics = PJRT_HostBufferSemantics_kImmutableZeroCopy;
    PJE_ASSIGN(Ref<Buffer> buffer, Buffer::from_kept_array(owner, source, upload, nullptr));
    *array = nullptr;
    pje_array_release(consumed);
    *out = std::move(buffer).to_public();
    return {};
  });
}

void pje_buffers_release(pje_buffer **buffers, size_t n) noexcept {
  if (buffers == nullptr || n == 0) [[unlikely]]
    return;
  if (n == 1)
    release_first(buffers);
  else
    release_several(buffers, n);
}

pje_error *pje_buffer_ready(pje_buffer *buffer, pje_event **out) noexcept {
  constexpr const char *function = "pje_buffer_ready";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_PENDING_HANDLE(Buffer, asked, buffer);
    return asked.ready(out);
  });
}

pje_error *pje_buffer_wait(pje_buffer *buffer) noexcept {
  constexpr const char *function = "pje_buffer_wait";
  return guarded(function, [&]() -> Status {
    PJE_PENDING_HANDLE(Buffer, awaited, buffer);
    return awaited.await_contents();
  });
}

pje_error *pje_buffer_to_host(pje_buffer *buffer, void *data, size_t size) noexcept {
  constexpr const char *function = "pje_buffer_to_host";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Buffer, source, buffer);
    return source.to_host(data, size);
  });
}

pje_error *pje_buffer_to_host_async(pje_buffer *buffer, void *data, size_t size, pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_to_host_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    PJE_PENDING_HANDLE(Buffer, source, buffer);
    PJE_ASSIGN(Ref<Event> event, source.to_host_async(data, size));
    *done = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_buffer_to_array(pje_buffer *buffer, pje_array **out) noexcept {
  constexpr const char *function = "pje_buffer_to_array";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_ASSIGN(Ref<Array> array, source.to_array());
    *out = std::move(array).to_public();
    return {};
  });
}

pje_error *pje_buffer_to_array_async(pje_buffer *buffer, pje_array **out, pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_to_array_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_OUT(out);
    PJE_OUT(done);
    PJE_PENDING_HANDLE(Buffer, source, buffer);
    Ref<Array> array;
    Ref<Event> event;
    PJE_TRY(source.to_array_async(&array, &event));
    *out = std::move(array).to_public();
    *done = std::move(event).to_public();
    return {};
  });
}

pje_dtype pje_buffer_dtype(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_dtype", "buffer", buffer, PJE_DTYPE_INVALID,
                          [](Buffer &b) { return b.type()->dtype; });
}

size_t pje_buffer_rank(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_rank", "buffer", buffer, size_t{0},
                          [](Buffer &b) -> size_t { return b.type()->rank; });
}

const int64_t *pje_buffer_dims(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_dims", "buffer", buffer, static_cast<const int64_t *>(nullptr),
                          [](Buffer &b) { return b.type()->dims; });
}

size_t pje_buffer_host_size(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_host_size", "buffer", buffer, size_t{0},
                          [](Buffer &b) { return b.type()->host_size; });
}

pje_client *pje_buffer_client(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_client", "buffer", buffer, static_cast<pje_client *>(nullptr),
                          [](Buffer &b) { return pje::borrow(&b.client()); });
}

pje_device *pje_buffer_device(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_device", "buffer", buffer, static_cast<pje_device *>(nullptr),
                          [](Buffer &b) { return pje::borrow(b.device()); });
}

pje_memory *pje_buffer_memory(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_memory", "buffer", buffer, static_cast<pje_memory *>(nullptr),
                          [](Buffer &b) { return pje::borrow(b.memory()); });
}

pje_error *pje_buffer_delete(pje_buffer *buffer) noexcept {
  constexpr const char *function = "pje_buffer_delete";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Buffer, deleted, buffer);
    return deleted.delete_contents();
  });
}

bool pje_buffer_is_deleted(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_is_deleted", "buffer", buffer, false,
                          [](Buffer &b) { return b.is_deleted(); });
}

}  // extern "C"
