#include "cases.hpp"
#include "pages.hpp"

namespace bench {

namespace {

struct Semantics {
  pje_host_semantics ours;
  PJRT_HostBufferSemantics raw;
  const char *name;
  bool zero_copy;
};
constexpr double kUploadGoal = 1.05;
constexpr Semantics kSemantics[] = {
    {PJE_HOST_IMMUTABLE_ONLY_DURING_CALL, PJRT_HostBufferSemantics_kImmutableOnlyDuringCall, "copied", false},
    {PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES, PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes,
     "until done", false},
    {PJE_HOST_IMMUTABLE_ZERO_COPY, PJRT_HostBufferSemantics_kImmutableZeroCopy, "zero-copy", true},
    {PJE_HOST_MUTABLE_ZERO_COPY, PJRT_HostBufferSemantics_kMutableZeroCopy, "mutable zero-copy", true},
};

struct Shape {
  std::vector<int64_t> dims;
  std::vector<int64_t> byte_strides;
};

void upload_ours(Session &session, const Pages &pages, size_t size, const Shape &shape,
                 const Semantics &semantics) {
  pje_from_host_options options = PJE_FROM_HOST_OPTIONS_INIT;
  options.semantics = semantics.ours;
  options.byte_strides = shape.byte_strides.data();
  options.num_byte_strides = shape.byte_strides.size();
  pje_buffer *buffer = nullptr;
  pje_event *host_done = nullptr;
  if (semantics.zero_copy)
    expect_ok(pje_buffer_from_host_async(session.client(), pages.data(), size, PJE_F32, shape.dims.data(),
                                         shape.dims.size(), &options, &buffer, &host_done));
  else
    expect_ok(pje_buffer_from_host(session.client(), pages.data(), size, PJE_F32, shape.dims.data(),
                                   shape.dims.size(), &options, &buffer));
  expect_ok(pje_buffer_wait(buffer));
  pje_buffer_release(buffer);
  if (host_done == nullptr) return;
  expect_ok(pje_event_wait(host_done));
  pje_event_release(host_done);
}

void upload_raw(Session &session, const Pages &pages, const Shape &shape, const Semantics &semantics) {
  const Raw &raw = session.raw();
  PJRT_Event *host_done = nullptr;
  const int64_t *strides = shape.byte_strides.empty() ? nullptr : shape.byte_strides.data();
  PJRT_Buffer *buffer = raw.upload({session.raw_client(), session.raw_devices()[0], pages.data(),
                                    shape.dims.data(), shape.dims.size(), strides, semantics.raw},
                                   &host_done);
  // The memory of a zero-copy buffer is free once the buffer is gone, not before.
  if (!semantics.zero_copy) raw.await_and_destroy(host_done);
  raw.await_and_destroy(raw.ready(buffer));
  raw.destroy(buffer);
  if (semantics.zero_copy) raw.await_and_destroy(host_done);
}

// Fresh memory is mapped and written for each upload: both sides pay for that.
template <class Upload>
Body uploads(const PagesPtr &warm, size_t size, Upload upload) {
  return [warm, size, upload](size_t n) {
    for (size_t k = 0; k < n; ++k) upload(warm == nullptr ? *warm_pages(size) : *warm);
  };
}

Case upload_case(Session &session, size_t size, const Shape &shape, const Semantics &semantics, bool fresh) {
  PagesPtr warm = fresh ? nullptr : warm_pages(size);
  return {kUploadGoal,
          uploads(warm, size,
                  [=, &session](const Pages &pages) { upload_ours(session, pages, size, shape, semantics); }),
          uploads(warm, size,
                  [=, &session](const Pages &pages) { upload_raw(session, pages, shape, semantics); })};
}

}  // namespace

void add_upload_cases(Session &cpu, Plan &plan) {
  for (const Size &size : kSizes)
    for (const Semantics &semantics : kSemantics)
      for (bool fresh : {false, true}) {
        Shape flat{{static_cast<int64_t>(size.bytes / sizeof(float))}, {}};
        std::string name = std::string("upload ") + size.name + " " + semantics.name;
        plan.push_back({name + (fresh ? " fresh" : ""),
                        [=, &cpu] { return upload_case(cpu, size.bytes, flat, semantics, fresh); }});
      }
  // 512 x 512, read column by column.
  Shape transposed{{512, 512}, {sizeof(float), 512 * sizeof(float)}};
  plan.push_back({"upload 1 MiB strided",
                  [=, &cpu] { return upload_case(cpu, kMiB, transposed, kSemantics[0], false); }});
}

}  // namespace bench
