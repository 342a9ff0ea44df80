// Counts what the library adds to a call of the fake plugin. usage: pje_instructions PLUGIN
// allocations|instructions|calls LOG
#include <dlfcn.h>
#include <valgrind/callgrind.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string_view>

#include "steps.hpp"

namespace {

constexpr int kWarmUp = 400;
constexpr int kCounted = 100;

std::atomic<bool> counting{false};
std::atomic<long> allocations{0};

void note_allocation() {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

// The C library's own names for what malloc and its kin do; operator new of libstdc++ ends in malloc too.
extern "C" {
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

[[gnu::visibility("default")]] void *malloc(size_t size) {
  note_allocation();
  return __libc_malloc(size);
}
[[gnu::visibility("default")]] void *calloc(size_t count, size_t size) {
  note_allocation();
  return __libc_calloc(count, size);
}
[[gnu::visibility("default")]] void *realloc(void *memory, size_t size) {
  note_allocation();
  return __libc_realloc(memory, size);
}
[[gnu::visibility("default")]] void *aligned_alloc(size_t alignment, size_t size) {
  note_allocation();
  return __libc_memalign(alignment, size);
}
[[gnu::visibility("default")]] void *memalign(size_t alignment, size_t size) {
  note_allocation();
  return __libc_memalign(alignment, size);
}
}

namespace {

template <class Body>
long allocations_of(Body body) {
  for (int i = 0; i < kWarmUp; ++i) body();
  allocations = 0;
  counting = true;
  for (int i = 0; i < kCounted; ++i) body();
  counting = false;
  return allocations;
}

int count_allocations(const std::vector<std::unique_ptr<Step>> &steps) {
  int failed = 0;
  int passed = 0;
  for (const auto &step : steps) {
    if (!step->name.starts_with("execute") && !step->name.starts_with("prepared")) continue;
    long raw = allocations_of([&] { step->raw(); });
    long ours = allocations_of([&] { step->ours(); });
    // A twin that allocates nothing would mean that nothing was counted.
    bool good = raw > 0 && ours == raw;
    std::printf("%-22s allocations of ours in %d calls: %ld (plugin: %ld)%s\n", step->name.c_str(), kCounted,
                ours - raw, raw, good ? "" : "  FAILED: expected 0");
    ++(good ? passed : failed);
  }
  std::printf("%d passed, %d failed, 0 skipped\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

// The names of the functions that the fake wrote into its log since `from`.
std::vector<std::string> calls_since(const char *log, std::streamoff from) {
  std::ifstream file(log);
  file.seekg(from);
  std::vector<std::string> calls;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("PJRT_")) calls.push_back(line.substr(0, line.find(' ')));
  return calls;
}

std::streamoff size_of(const char *log) {
  std::ifstream file(log, std::ios::ate);
  return file.tellg();
}

std::string joined(const std::vector<std::string> &calls) {
  std::string text;
  for (const std::string &call : calls) text += " " + call;
  return text;
}

int compare_calls(const std::vector<std::unique_ptr<Step>> &steps, const char *log) {
  int failed = 0;
  int passed = 0;
  for (const auto &step : steps) {
    std::streamoff before = size_of(log);
    step->raw();
    std::streamoff between = size_of(log);
    std::vector<std::string> raw = calls_since(log, before);
    step->ours();
    std::vector<std::string> ours = calls_since(log, between);
    if (!step->in_order) {
      std::sort(raw.begin(), raw.end());
      std::sort(ours.begin(), ours.end());
    }
    bool good = !raw.empty() && raw == ours;
    std::printf("%-22s %s\n", step->name.c_str(), good ? "same calls" : "FAILED: other calls");
    if (!good) std::printf("  raw: %s\n  ours:%s\n", joined(raw).c_str(), joined(ours).c_str());
    ++(good ? passed : failed);
  }
  std::printf("%d passed, %d failed, 0 skipped\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}

// One dump of callgrind per step, which its description line names.
int dump_all(const std::vector<std::unique_ptr<Step>> &steps) {
  for (const auto &step : steps) {
    for (int i = 0; i < kWarmUp; ++i) step->ours();
    CALLGRIND_ZERO_STATS;
    for (int i = 0; i < kCounted; ++i) step->ours();
    CALLGRIND_DUMP_STATS_AT(step->name.c_str());
    std::printf("step\t%s\t%ld\t%ld\t%d\n", step->name.c_str(), step->goal, step->limit, kCounted);
  }
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  std::string_view mode = argc > 2 ? argv[2] : "";
  if (argc < 3 || (mode == "calls" && argc < 4)) {
    std::fprintf(stderr, "usage: pje_instructions PLUGIN allocations|instructions|calls LOG\n");
    return 2;
  }
  bench::Session session(argv[1], 0);
  std::vector<std::unique_ptr<Step>> steps = make_steps(session);
  if (mode == "allocations") return count_allocations(steps);
  if (mode == "calls") return compare_calls(steps, argv[3]);
  return dump_all(steps);
}
