#include "core/buffer_copies.hpp"

#include <algorithm>

#include "capi/guard.hpp"
#include "core/buffer_facts.hpp"
#include "core/buffer_reference.hpp"
#include "core/special_buffers.hpp"
#include "pjrt_easy/buffer_copies.h"

using pje::Buffer;
using pje::BufferReference;
using pje::Device;
using pje::Event;
using pje::Memory;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

// A copy goes to the caller with the event that it is ready by, if that is wanted.
Status give_copy(pje::Result<Ref<Buffer>> copy, pje_buffer **out, pje_event **done) {
  if (!copy.ok()) return std::move(copy).status();
  if (done != nullptr) {
    PJE_ASSIGN(Ref<Event> event, copy.value()->ready());
    *done = std::move(event).to_public();
  }
  *out = std::move(copy).value().to_public();
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(BufferReference, pje_buffer_reference)

pje_error *pje_buffer_on_device_size(pje_buffer *buffer, size_t *size) noexcept {
  constexpr const char *function = "pje_buffer_on_device_size";
  return guarded(function, clearing(size), [&]() -> Status {
    PJE_OUT(size);
    PJE_HANDLE(Buffer, asked, buffer);
    PJE_ASSIGN(*size, pje::on_device_size(asked));
    return {};
  });
}

bool pje_buffer_is_on_cpu(const pje_buffer *buffer) noexcept {
  return answered<Buffer>("pje_buffer_is_on_cpu", "buffer", buffer, false,
                          [](Buffer &b) { return pje::is_on_cpu(b); });
}

pje_error *pje_buffer_unpadded_dims(pje_buffer *buffer, int64_t *dims) noexcept {
  constexpr const char *function = "pje_buffer_unpadded_dims";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Buffer, asked, buffer);
    if (asked.type()->rank > 0) PJE_NOT_NULL(dims);
    PJE_ASSIGN(std::vector<int64_t> sizes, pje::unpadded_dims(asked));
    if (sizes.size() != asked.type()->rank)
      return pje::failure_of(
          "PJRT_Buffer_UnpaddedDimensions", PJE_INTERNAL,
          pje::concat("the plugin answered ", sizes.size(), " dimensions of ", asked.type()->text()));
    std::copy(sizes.begin(), sizes.end(), dims);
    return {};
  });
}

pje_error *pje_buffer_dynamic_dims(pje_buffer *buffer, size_t capacity, size_t *indices,
                                   size_t *count) noexcept {
  constexpr const char *function = "pje_buffer_dynamic_dims";
  return guarded(function, clearing(count), [&]() -> Status {
    PJE_OUT(count);
    PJE_HANDLE(Buffer, asked, buffer);
    if (capacity > 0) PJE_NOT_NULL(indices);
    PJE_ASSIGN(std::vector<size_t> dims, pje::dynamic_dims(asked));
    std::copy_n(dims.begin(), std::min(capacity, dims.size()), indices);
    *count = dims.size();
    return {};
  });
}

pje_error *pje_buffer_copy_to_device(pje_buffer *buffer, pje_device *device, pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_copy_to_device";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Device, destination, device);
    return give_copy(pje::when_complete(pje::copy_to_device(source, destination)), out, nullptr);
  });
}

pje_error *pje_buffer_copy_to_device_async(pje_buffer *buffer, pje_device *device, pje_buffer **out,
                                           pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_copy_to_device_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_OUT(out);
    if (done != nullptr) *done = nullptr;
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Device, destination, device);
    return give_copy(pje::copy_to_device(source, destination), out, done);
  });
}

pje_error *pje_buffer_copy_to_memory(pje_buffer *buffer, pje_memory *memory, pje_buffer **out) noexcept {
  constexpr const char *function = "pje_buffer_copy_to_memory";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Memory, destination, memory);
    return give_copy(pje::when_complete(pje::copy_to_memory(source, destination)), out, nullptr);
  });
}

pje_error *pje_buffer_copy_to_memory_async(pje_buffer *buffer, pje_memory *memory, pje_buffer **out,
                                           pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_copy_to_memory_async";
  return guarded(function, clearing(out, done), [&]() -> Status {
    PJE_OUT(out);
    if (done != nullptr) *done = nullptr;
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Memory, destination, memory);
    return give_copy(pje::copy_to_memory(source, destination), out, done);
  });
}

pje_error *pje_buffer_copy_raw_to_host(pje_buffer *buffer, void *data, size_t offset, size_t size) noexcept {
  constexpr const char *function = "pje_buffer_copy_raw_to_host";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Buffer, source, buffer);
    return pje::copy_raw_to_host(source, data, offset, size);
  });
}

pje_error *pje_buffer_copy_raw_to_host_async(pje_buffer *buffer, void *data, size_t offset, size_t size,
                                             pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_copy_raw_to_host_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_ASSIGN(Ref<Event> event, pje::copy_raw_to_host_async(function, source, data, offset, size));
    *done = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_buffer_copy_raw_to_host_later(pje_buffer *buffer, size_t offset, size_t size,
                                             pje_fulfilment **destination, pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_copy_raw_to_host_later";
  return guarded(function, clearing(destination, done), [&]() -> Status {
    PJE_OUT(destination);
    PJE_OUT(done);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_ASSIGN(pje::RawCopyLater copy, pje::copy_raw_to_host_later(source, offset, size));
    *destination = std::move(copy.destination).to_public();
    *done = std::move(copy.done).to_public();
    return {};
  });
}

pje_error *pje_buffer_reference_create(pje_buffer *buffer, pje_buffer_reference **out) noexcept {
  constexpr const char *function = "pje_buffer_reference_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, held, buffer);
    PJE_ASSIGN(Ref<BufferReference> reference, BufferReference::create(held));
    *out = std::move(reference).to_public();
    return {};
  });
}

pje_error *pje_buffer_reference_unsafe_pointer(pje_buffer_reference *reference, uint64_t *out) noexcept {
  constexpr const char *function = "pje_buffer_reference_unsafe_pointer";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(BufferReference, held, reference);
    PJE_ASSIGN(*out, held.unsafe_pointer());
    return {};
  });
}

pje_error *pje_buffer_reference_device_pointer(pje_buffer_reference *reference, void **out) noexcept {
  constexpr const char *function = "pje_buffer_reference_device_pointer";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(BufferReference, held, reference);
    PJE_ASSIGN(*out, held.opaque_pointer());
    return {};
  });
}

}  // extern "C"
