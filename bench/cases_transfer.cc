#include <sys/mman.h>

#include <memory>

#include "cases.hpp"

namespace bench {

namespace {

constexpr size_t kMiB = size_t{1} << 20;

struct Size {
  size_t bytes;
  const char *name;
};
constexpr Size kSizes[] = {{16, "16 B"}, {kMiB, "1 MiB"}, {64 * kMiB, "64 MiB"}};

struct Semantics {
  pje_host_semantics ours;
  PJRT_HostBufferSemantics raw;
  const char *name;
  double goal;
  bool zero_copy;
};
constexpr double kUploadGoal = 1.05;
constexpr Semantics kSemantics[] = {
    {PJE_HOST_IMMUTABLE_ONLY_DURING_CALL, PJRT_HostBufferSemantics_kImmutableOnlyDuringCall, "copied",
     kUploadGoal, false},
    {PJE_HOST_IMMUTABLE_UNTIL_TRANSFER_COMPLETES, PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes,
     "until done", kUploadGoal, false},
    {PJE_HOST_IMMUTABLE_ZERO_COPY, PJRT_HostBufferSemantics_kImmutableZeroCopy, "zero-copy", kUploadGoal,
     true},
    {PJE_HOST_MUTABLE_ZERO_COPY, PJRT_HostBufferSemantics_kMutableZeroCopy, "mutable zero-copy", kUploadGoal,
     true},
};

// Pages of its own, so that what is fresh is known to be so.
class Pages {
 public:
  explicit Pages(size_t size)
      : size_(size), data_(mmap(nullptr, size, PROT_READ | PROT_WRITE, kFlags, -1, 0)) {
    if (data_ == MAP_FAILED) std::abort();
  }
  ~Pages() { munmap(data_, size_); }
  Pages(const Pages &) = delete;
  Pages &operator=(const Pages &) = delete;
  void *data() const { return data_; }
  void touch() const { std::memset(data_, 1, size_); }

 private:
  static constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS;
  size_t size_;
  void *data_;
};
using PagesPtr = std::shared_ptr<Pages>;

PagesPtr warm_pages(size_t size) {
  auto pages = std::make_shared<Pages>(size);
  pages->touch();
  return pages;
}

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
  pje_event *ready = nullptr;
  if (semantics.zero_copy)
    expect_ok(pje_buffer_from_host_async(session.client(), pages.data(), size, PJE_F32, shape.dims.data(),
                                         shape.dims.size(), &options, &buffer, &host_done));
  else
    expect_ok(pje_buffer_from_host(session.client(), pages.data(), size, PJE_F32, shape.dims.data(),
                                   shape.dims.size(), &options, &buffer));
  expect_ok(pje_buffer_ready(buffer, &ready));
  expect_ok(pje_event_wait(ready));
  pje_event_release(ready);
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

Case upload_case(Session &session, const std::string &name, size_t size, const Shape &shape,
                 const Semantics &semantics) {
  PagesPtr pages = warm_pages(size);
  return {name, semantics.goal,
          [=, &session](size_t n) {
            for (size_t k = 0; k < n; ++k) upload_ours(session, *pages, size, shape, semantics);
          },
          [=, &session](size_t n) {
            for (size_t k = 0; k < n; ++k) upload_raw(session, *pages, shape, semantics);
          }};
}

Case read_case(Session &session, const Size &size, bool fresh, double goal, double goal_ns) {
  pje_buffer *buffer = session.upload(size.bytes / sizeof(float));
  PJRT_Buffer *raw_buffer = session.raw_upload(size.bytes / sizeof(float));
  PagesPtr warm = warm_pages(size.bytes);
  auto into = [fresh, warm, bytes = size.bytes](size_t n, auto &&read) {
    for (size_t k = 0; k < n; ++k) {
      if (fresh) {
        Pages pages(bytes);
        read(pages.data());
      } else {
        read(warm->data());
      }
    }
  };
  std::string name = std::string("read-back ") + size.name + (fresh ? " fresh" : " reused");
  return {name, goal,
          [=, bytes = size.bytes](size_t n) {
            into(n, [&](void *data) { expect_ok(pje_buffer_to_host(buffer, data, bytes)); });
          },
          [=, &session, bytes = size.bytes](size_t n) {
            into(n, [&](void *data) { session.raw().to_host(raw_buffer, data, bytes); });
          },
          goal_ns};
}

}  // namespace

void add_transfer_cases(Session &cpu, std::vector<Case> &cases) {
  for (const Size &size : kSizes)
    for (const Semantics &semantics : kSemantics) {
      Shape flat{{static_cast<int64_t>(size.bytes / sizeof(float))}, {}};
      cases.push_back(upload_case(cpu, std::string("upload ") + size.name + " " + semantics.name, size.bytes,
                                  flat, semantics));
    }
  // 512 x 512, read column by column.
  Shape transposed{{512, 512}, {sizeof(float), 512 * sizeof(float)}};
  cases.push_back(upload_case(cpu, "upload 1 MiB strided", kMiB, transposed, kSemantics[0]));
  cases.push_back(read_case(cpu, kSizes[0], false, 1, 300));
  cases.push_back(read_case(cpu, kSizes[1], false, 0.7, 0));
  cases.push_back(read_case(cpu, kSizes[1], true, 0.6, 0));
  cases.push_back(read_case(cpu, kSizes[2], false, 1.05, 0));
  cases.push_back(read_case(cpu, kSizes[2], true, 0.5, 0));
}

}  // namespace bench
