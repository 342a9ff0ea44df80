// Buffers that no upload and no program makes: without contents, of an error, of contents to come, of memory
// of somebody else's, and those that take over another buffer's memory.
#pragma once

#include "core/buffer.hpp"
#include "core/fulfilment.hpp"

namespace pje {

// Where and how a buffer is to be made.
struct BufferPlace {
  const ArrayType *type = nullptr;
  Device *device = nullptr;
  Memory *memory = nullptr;
  const Layout *layout = nullptr;
};

struct DeviceView {
  void *data = nullptr;
  size_t size = 0;
  pje_callback release = nullptr;
  void *release_data = nullptr;
  intptr_t stream = 0;
};

struct Promised {
  Ref<Buffer> buffer;
  Ref<Fulfilment> fulfilment;
};

Result<Ref<Buffer>> make_uninitialized(Client &client, const BufferPlace &place);
Result<Ref<Buffer>> make_error_buffer(Client &client, const Error &error, const BufferPlace &place);
Result<Promised> make_alias(Client &client, const BufferPlace &place);
Result<Ref<Buffer>> make_view(Client &client, const DeviceView &view, const BufferPlace &place);
Result<Ref<Buffer>> bitcast(const Buffer &source, const ArrayType &type, const Layout *layout);
Result<Promised> donate_with_dependency(const char *function, Buffer &source);
struct RawCopyLater {
  Ref<Fulfilment> destination;
  Ref<Event> done;
};
Result<RawCopyLater> copy_raw_to_host_later(const Buffer &source, size_t offset, size_t size);

}  // namespace pje
