// The commonest uploads, straight into the caller's handles.
#pragma once

#include "core/buffer.hpp"

namespace pje {

// Whether upload_plain() takes it: nothing to lay out, nobody to call back.
inline bool is_plain(const Upload &upload) noexcept {
  return upload.layout == nullptr && upload.release == nullptr;
}

// With `host_done`, which receives the event after which the memory is free again, it does not wait for that.
Status upload_plain(Client &client, const Upload &upload, pje_buffer **out, pje_event **host_done);

}  // namespace pje
