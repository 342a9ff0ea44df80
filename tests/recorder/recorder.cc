// A plugin that stands before another and counts, in a file, how each of its functions was called and
// answered.
//
// Beside the recorder lie `plugin`, a link to the plugin it stands for, and `calls`, the counts: for each
// slot in table order how many calls answered OK, and how many an error. The file is shared memory, so that
// neither fork nor a process that dies loses any.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "abi/pjrt_abi.h"

namespace {

using pje::abi::Function;
using pje::abi::kFunctions;
using pje::abi::kHeaderSize;
using pje::abi::kNumFunctions;

struct Counts {
  std::atomic<uint64_t> ok;
  std::atomic<uint64_t> failed;
};

struct Recorder {
  const PJRT_Api *plugin = nullptr;
  PJRT_Api table{};
  Counts *counts = nullptr;
};

Recorder &state() {
  static auto *recorder = new Recorder;
  return *recorder;
}

[[noreturn]] void die(const std::string &what) {
  std::fprintf(stderr, "recorder: %s\n", what.c_str());
  std::abort();
}

std::string folder_of_this_library() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void *>(&state), &info) == 0) die("dladdr does not know the recorder");
  std::string path = info.dli_fname;
  return path.substr(0, path.rfind('/') + 1);
}

Counts *map_counts(const std::string &path) {
  constexpr size_t kSize = kNumFunctions * sizeof(Counts);
  int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0 || ftruncate(file, kSize) != 0) die("cannot write to " + path);
  void *memory = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (memory == MAP_FAILED) die("cannot map " + path);
  return static_cast<Counts *>(memory);
}

template <class Args>
size_t index_of() {
  return static_cast<size_t>(pje::abi::FunctionOf<Args>::function);
}

template <class Args>
PJRT_Error *count(Args *args) {
  PJRT_Error *error = (state().plugin->*pje::abi::FunctionOf<Args>::slot)(args);
  Counts &counts = state().counts[index_of<Args>()];
  (error == nullptr ? counts.ok : counts.failed).fetch_add(1, std::memory_order_relaxed);
  return error;
}

template <class Args>
void count_none(Args *args) {
  (state().plugin->*pje::abi::FunctionOf<Args>::slot)(args);
  state().counts[index_of<Args>()].ok.fetch_add(1, std::memory_order_relaxed);
}

template <class Args>
void replace(pje::abi::error_function<Args> *slot) {
  *slot = count<Args>;
}
template <class Args>
void replace(pje::abi::none_function<Args> *slot) {
  *slot = count_none<Args>;
}

// Slots that the plugin lacks, or left empty, stay so.
void fill_table() {
  Recorder &recorder = state();
  std::memcpy(static_cast<void *>(&recorder.table), recorder.plugin,
              std::min(recorder.plugin->struct_size, sizeof(PJRT_Api)));
  recorder.table.struct_size = std::min(recorder.plugin->struct_size, sizeof(PJRT_Api));
#define PJE_FUNCTION(name, since, returns)                                       \
  if (kFunctions[static_cast<size_t>(Function::name)].offset + sizeof(void *) <= \
          recorder.table.struct_size &&                                          \
      recorder.table.PJRT_##name != nullptr)                                     \
    replace<PJRT_##name##_Args>(&recorder.table.PJRT_##name);
#include "abi/functions.def"
#undef PJE_FUNCTION
}

void start() {
  std::string folder = folder_of_this_library();
  char target[4096];
  ssize_t length = readlink((folder + "plugin").c_str(), target, sizeof target - 1);
  if (length < 0) die("no link " + folder + "plugin");
  target[length] = '\0';
  void *library = dlopen(target, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) die(dlerror());
  auto get = reinterpret_cast<const PJRT_Api *(*)()>(dlsym(library, "GetPjrtApi"));
  if (get == nullptr) die(std::string(target) + " exports no GetPjrtApi");
  state().plugin = get();
  state().counts = map_counts(folder + "calls");
  fill_table();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const PJRT_Api *GetPjrtApi() {
  static const bool started = (start(), true);
  return started ? &state().table : nullptr;
}
