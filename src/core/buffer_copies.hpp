// Copies of buffers: to devices and memories, and of their bytes to the host.
#pragma once

#include "core/buffer.hpp"

namespace pje {

// `destination` may belong to another client of the same plugin, which then has the copy.
Result<Ref<Buffer>> copy_to_device(const Buffer &source, Device &destination);
Result<Ref<Buffer>> copy_to_memory(const Buffer &source, Memory &destination);
// Waits for a copy, which is dropped when it fails.
Result<Ref<Buffer>> when_complete(Result<Ref<Buffer>> copy);

// Whether bytes [offset, offset + size) lie on the device.
Status check_raw_range(const Buffer &source, size_t offset, size_t size);
Status copy_raw_to_host(Buffer &source, void *data, size_t offset, size_t size);
Result<Ref<Event>> copy_raw_to_host_async(const char *function, Buffer &source, void *data, size_t offset,
                                          size_t size);

}  // namespace pje
