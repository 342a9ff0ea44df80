// Starts the library, or a plugin without it, in a process of its own, sends an array there and back, and
// tells what starting took and how much memory there was at most. usage: pje_bench_start ours|raw LIBRARY
// PLUGIN; prints: library_ns plugin_ns peak_KiB
#include <dlfcn.h>
#include <pjrt_easy.h>
#include <sys/resource.h>

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "raw.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void *open_or_exit(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return library;
  std::fprintf(stderr, "pje_bench_start: %s\n", dlerror());
  std::exit(1);
}

template <class Function>
Function find(void *library, const char *name) {
  auto function = reinterpret_cast<Function>(dlsym(library, name));
  if (function != nullptr) return function;
  std::fprintf(stderr, "pje_bench_start: no %s\n", name);
  std::exit(1);
}

int64_t nanoseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
}

// What both sides send to the device and read back: their peaks then tell of copies too.
constexpr size_t kElements = size_t{4} << 20;
constexpr size_t kBytes = kElements * sizeof(float);
constexpr int64_t kDim = kElements;

class RawSide {
 public:
  explicit RawSide(const char *plugin)
      : raw_(find<const PJRT_Api *(*)()>(open_or_exit(plugin), "GetPjrtApi")()) {
    auto initialize = bench::make_args<PJRT_Plugin_Initialize_Args>();
    raw_.check(raw_.table().PJRT_Plugin_Initialize(&initialize));
    auto create = bench::make_args<PJRT_Client_Create_Args>();
    raw_.check(raw_.table().PJRT_Client_Create(&create));
    client_ = create.client;
  }
  ~RawSide() {
    auto destroy = bench::make_args<PJRT_Client_Destroy_Args>();
    destroy.client = client_;
    raw_.check(raw_.table().PJRT_Client_Destroy(&destroy));
  }
  RawSide(const RawSide &) = delete;
  RawSide &operator=(const RawSide &) = delete;
  void there_and_back(const float *from, float *to) const {
    auto devices = bench::make_args<PJRT_Client_AddressableDevices_Args>();
    devices.client = client_;
    raw_.check(raw_.table().PJRT_Client_AddressableDevices(&devices));
    PJRT_Event *host_done = nullptr;
    PJRT_Buffer *buffer = raw_.upload({client_, devices.addressable_devices[0], from, &kDim, 1, nullptr,
                                       PJRT_HostBufferSemantics_kImmutableOnlyDuringCall},
                                      &host_done);
    raw_.await_and_destroy(host_done);
    raw_.to_host(buffer, to, kBytes);
    raw_.destroy(buffer);
  }

 private:
  bench::Raw raw_;
  PJRT_Client *client_ = nullptr;
};

class OurSide {
 public:
  OurSide(void *library, const char *plugin) : library_(library) {
    check(get<decltype(&pje_client_open)>("pje_client_open")(plugin, nullptr, &client_));
  }
  ~OurSide() { get<decltype(&pje_client_release)>("pje_client_release")(client_); }
  OurSide(const OurSide &) = delete;
  OurSide &operator=(const OurSide &) = delete;
  void there_and_back(const float *from, float *to) const {
    pje_buffer *buffer = nullptr;
    check(get<decltype(&pje_buffer_from_host)>("pje_buffer_from_host")(client_, from, kBytes, PJE_F32, &kDim,
                                                                       1, nullptr, &buffer));
    check(get<decltype(&pje_buffer_to_host)>("pje_buffer_to_host")(buffer, to, kBytes));
    get<decltype(&pje_buffer_release)>("pje_buffer_release")(buffer);
  }

 private:
  template <class Function>
  Function get(const char *name) const {
    return find<Function>(library_, name);
  }
  void check(pje_error *error) const {
    if (error == nullptr) return;
    std::fprintf(stderr, "pje_bench_start: %s\n",
                 get<decltype(&pje_error_message)>("pje_error_message")(error));
    std::exit(1);
  }

  void *library_;
  pje_client *client_ = nullptr;
};

void use(const auto &side) {
  std::vector<float> from(kElements, 1.0F);
  std::unique_ptr<float[]> to(new float[kElements]);
  side.there_and_back(from.data(), to.get());
  if (to[kElements - 1] == 1.0F) return;
  std::fprintf(stderr, "pje_bench_start: what came back is not what was sent\n");
  std::exit(1);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: pje_bench_start ours|raw LIBRARY PLUGIN\n");
    return 2;
  }
  bool ours = std::string_view(argv[1]) == "ours";
  Clock::time_point start = Clock::now();
  void *library = ours ? open_or_exit(argv[2]) : nullptr;
  int64_t library_ns = nanoseconds_since(start);
  start = Clock::now();
  int64_t plugin_ns = 0;
  if (ours) {
    OurSide side(library, argv[3]);
    plugin_ns = nanoseconds_since(start);
    use(side);
  } else {
    RawSide side(argv[3]);
    plugin_ns = nanoseconds_since(start);
    use(side);
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%lld %lld %ld\n", static_cast<long long>(library_ns), static_cast<long long>(plugin_ns),
              usage.ru_maxrss);
  return 0;
}
