// Starts the library, or a plugin without it, in a process of its own and tells what that took.
// usage: pje_bench_start ours|raw LIBRARY PLUGIN; prints: library_ns plugin_ns peak_KiB
#include <dlfcn.h>
#include <pjrt_easy.h>
#include <sys/resource.h>

#include <chrono>
#include <string_view>

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

void start_raw(const char *plugin) {
  auto get = find<const PJRT_Api *(*)()>(open_or_exit(plugin), "GetPjrtApi");
  bench::Raw raw(get());
  auto initialize = bench::make_args<PJRT_Plugin_Initialize_Args>();
  raw.check(raw.table().PJRT_Plugin_Initialize(&initialize));
  auto create = bench::make_args<PJRT_Client_Create_Args>();
  raw.check(raw.table().PJRT_Client_Create(&create));
  auto destroy = bench::make_args<PJRT_Client_Destroy_Args>();
  destroy.client = create.client;
  raw.check(raw.table().PJRT_Client_Destroy(&destroy));
}

void start_ours(void *library, const char *plugin) {
  pje_client *client = nullptr;
  pje_error *error = find<decltype(&pje_client_open)>(library, "pje_client_open")(plugin, nullptr, &client);
  if (error != nullptr) {
    std::fprintf(stderr, "pje_bench_start: %s\n",
                 find<decltype(&pje_error_message)>(library, "pje_error_message")(error));
    std::exit(1);
  }
  find<decltype(&pje_client_release)>(library, "pje_client_release")(client);
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
  ours ? start_ours(library, argv[3]) : start_raw(argv[3]);
  int64_t plugin_ns = nanoseconds_since(start);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%lld %lld %ld\n", static_cast<long long>(library_ns), static_cast<long long>(plugin_ns),
              usage.ru_maxrss);
  return 0;
}
