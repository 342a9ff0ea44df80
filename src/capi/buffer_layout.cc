#include "pjrt_easy/buffer_layout.h"

#include "capi/guard.hpp"
#include "core/buffer.hpp"

using pje::Buffer;
using pje::Event;
using pje::Layout;
using pje::Ref;
using pje::Status;
using pje::capi::clearing;
using pje::capi::guarded;

extern "C" {

pje_error *pje_buffer_memory_layout(pje_buffer *buffer, pje_layout **out) noexcept {
  constexpr const char *function = "pje_buffer_memory_layout";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, asked, buffer);
    PJE_ASSIGN(Ref<Layout> layout, asked.memory_layout());
    *out = std::move(layout).to_public();
    return {};
  });
}

pje_error *pje_buffer_to_host_layout(pje_buffer *buffer, const pje_layout *layout, void *data,
                                     size_t size) noexcept {
  constexpr const char *function = "pje_buffer_to_host_layout";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Layout, order, layout);
    return source.to_host_layout(order, data, size);
  });
}

pje_error *pje_buffer_to_host_layout_async(pje_buffer *buffer, const pje_layout *layout, void *data,
                                           size_t size, pje_event **done) noexcept {
  constexpr const char *function = "pje_buffer_to_host_layout_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_HANDLE(Layout, order, layout);
    PJE_ASSIGN(Ref<Event> event, source.to_host_layout_async(order, data, size));
    *done = std::move(event).to_public();
    return {};
  });
}

}  // extern "C"
