#include "pjrt_easy/host_access.h"

#include "base/small_array.hpp"
#include "capi/guard.hpp"
#include "core/host_view.hpp"

using pje::Buffer;
using pje::Event;
using pje::HostView;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::guarded;

namespace {

Status resolve_buffers(pje_buffer *const *handles, size_t n, void *const *data, const size_t *sizes,
                       std::vector<Buffer *> *out) {
  if (n > 0 && (handles == nullptr || data == nullptr || sizes == nullptr))
    return pje::invalid_argument(pje::concat("argument \"",
                                             handles == nullptr ? "buffers"
                                             : data == nullptr  ? "data"
                                                                : "sizes",
                                             "\" is NULL, but \"n\" is ", n));
  out->reserve(n);
  for (size_t i = 0; i < n; ++i) {
    Buffer *buffer = pje::resolve<Buffer>(handles[i]);
    if (buffer == nullptr)
      return pje::invalid_argument(pje::concat("buffer ", i, " (\"buffers\") ",
                                               pje::describe_wrong_handle(handles[i], Buffer::kType),
                                               ": expected a pje_buffer"));
    out->push_back(buffer);
  }
  return {};
}

}  // namespace

extern "C" {

pje_error *pje_buffers_to_host(pje_buffer *const *buffers, size_t n, void *const *data,
                               const size_t *sizes) noexcept {
  return guarded("pje_buffers_to_host", [&]() -> Status {
    std::vector<Buffer *> sources;
    PJE_TRY(resolve_buffers(buffers, n, data, sizes, &sources));
    return Buffer::to_host_all(sources, data, sizes);
  });
}

pje_error *pje_buffers_to_host_async(pje_buffer *const *buffers, size_t n, void *const *data,
                                     const size_t *sizes, pje_event **done) noexcept {
  return guarded("pje_buffers_to_host_async", pje::capi::clearing(done), [&]() -> Status {
    PJE_OUT(done);
    std::vector<Buffer *> sources;
    PJE_TRY(resolve_buffers(buffers, n, data, sizes, &sources));
    PJE_ASSIGN(Ref<Event> all, Buffer::to_host_all_async(sources, data, sizes));
    *done = std::move(all).to_public();
    return {};
  });
}

PJE_RETAIN_RELEASE(HostView, pje_host_view)

pje_error *pje_buffer_host_view(pje_buffer *buffer, pje_host_view **out) noexcept {
  constexpr const char *function = "pje_buffer_host_view";
  return guarded(function, pje::capi::clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Buffer, source, buffer);
    PJE_ASSIGN(Ref<HostView> view, HostView::create(source));
    *out = std::move(view).to_public();
    return {};
  });
}

const void *pje_host_view_data(const pje_host_view *view) noexcept {
  return answered<HostView>("pje_host_view_data", "view", view, static_cast<const void *>(nullptr),
                            [](HostView &v) { return v.data(); });
}

size_t pje_host_view_size(const pje_host_view *view) noexcept {
  return answered<HostView>("pje_host_view_size", "view", view, size_t{0},
                            [](HostView &v) { return v.size(); });
}

pje_buffer *pje_host_view_buffer(const pje_host_view *view) noexcept {
  return answered<HostView>("pje_host_view_buffer", "view", view, static_cast<pje_buffer *>(nullptr),
                            [](HostView &v) { return pje::borrow(&v.buffer()); });
}

}  // extern "C"
