#include "registry.hpp"

#include <sys/mman.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "log.hpp"

namespace fake {
namespace {

constexpr size_t kArenaBytes = size_t{1} << 30;
// Slots rest before reuse, so that a stale handle meets a dead slot rather than somebody else's object.
constexpr size_t kResting = 4096;
constexpr uint64_t kLive = uint64_t{0xA11FE} << 32;
constexpr uint64_t kDead = uint64_t{0xDEAD} << 32;

constexpr const char *kKindNames[kNumKinds] = {"object",
                                               "client",
                                               "device",
                                               "device description",
                                               "memory",
                                               "topology",
                                               "buffer",
                                               "event",
                                               "executable",
                                               "loaded executable",
                                               "error",
                                               "execute context",
                                               "transfer manager",
                                               "alias callback",
                                               "async tracking event",
                                               "device attributes",
                                               "serialized executable",
                                               "serialized topology",
                                               "serialized compile options",
                                               "serialized device assignment",
                                               "copy-to-device stream",
                                               "sent chunk"};

struct Arena {
  std::mutex mutex;
  char *base = nullptr;
  size_t used = 0;
  Slot *oldest = nullptr;
  Slot *newest = nullptr;
  size_t resting = 0;
  std::array<std::atomic<int64_t>, kNumKinds> live{};

  Arena() {
    void *memory = mmap(nullptr, kArenaBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) Misuse("cannot reserve the address space of the object table");
    base = static_cast<char *>(memory);
  }
};

Arena &TheArena() {
  static Arena *arena = new Arena;
  return *arena;
}

thread_local const char *current_function = "outside any call";

bool IsSlot(const void *handle) {
  uintptr_t address = reinterpret_cast<uintptr_t>(handle);
  uintptr_t base = reinterpret_cast<uintptr_t>(TheArena().base);
  return address >= base && address < base + kArenaBytes && (address - base) % sizeof(Slot) == 0;
}

[[noreturn]] void ReportWrong(const void *handle, Kind wanted) {
  const char *name = KindName(wanted);
  if (handle == nullptr) Misuse(Text("NULL where a ", name, " is required"));
  if (!IsSlot(handle)) Misuse(Text(handle, " is not an object of this plugin (a ", name, " is required)"));
  uint64_t state = static_cast<const Slot *>(handle)->state.load();
  Kind kind = static_cast<Kind>(state & 0xff);
  const char *is = kind < Kind::kCount ? KindName(kind) : "object";
  if ((state & kLive) == kLive && kind != wanted)
    Misuse(Text(handle, " is a ", is, ", a ", name, " is required"));
  if ((state & kDead) == kDead) Misuse(Text(is, " ", handle, " is used after it was destroyed"));
  Misuse(Text(handle, " was never handed out (a ", name, " is required)"));
}

}  // namespace

const char *KindName(Kind kind) { return kKindNames[static_cast<size_t>(kind)]; }

const char *CurrentFunction() { return current_function; }

FunctionScope::FunctionScope(const char *name) : former_(current_function) { current_function = name; }
FunctionScope::~FunctionScope() { current_function = former_; }

void Misuse(const std::string &what) {
  std::string report = Text("fake plugin: misuse in ", current_function, ": ", what);
  LogLine(Text(current_function, " ABORT ", what));
  fprintf(stderr, "%s\n", report.c_str());
  fflush(stderr);
  abort();
}

Slot *Acquire(Kind kind, void *body, const void *vtable) {
  Arena &arena = TheArena();
  Slot *slot = nullptr;
  {
    std::lock_guard lock(arena.mutex);
    if (arena.resting > kResting) {
      slot = arena.oldest;
      arena.oldest = slot->next;
      --arena.resting;
    } else {
      if (arena.used + sizeof(Slot) > kArenaBytes) Misuse("too many live objects");
      slot = new (arena.base + arena.used) Slot{};
      arena.used += sizeof(Slot);
    }
  }
  slot->vtable = vtable;
  slot->body = body;
  slot->next = nullptr;
  slot->state.store(kLive | static_cast<uint64_t>(kind), std::memory_order_release);
  arena.live[static_cast<size_t>(kind)].fetch_add(1, std::memory_order_relaxed);
  return slot;
}

Slot *CheckLive(const void *handle, Kind kind) {
  if (!IsSlot(handle)) ReportWrong(handle, kind);
  Slot *slot = const_cast<Slot *>(static_cast<const Slot *>(handle));
  uint64_t wanted = kLive | static_cast<uint64_t>(kind);
  if (slot->state.load(std::memory_order_acquire) != wanted) ReportWrong(handle, kind);
  return slot;
}

void *Release(const void *handle, Kind kind) {
  Slot *slot = CheckLive(handle, kind);
  uint64_t wanted = kLive | static_cast<uint64_t>(kind);
  if (!slot->state.compare_exchange_strong(wanted, kDead | static_cast<uint64_t>(kind)))
    ReportWrong(handle, kind);
  void *body = slot->body;
  slot->body = nullptr;
  slot->vtable = nullptr;
  Arena &arena = TheArena();
  arena.live[static_cast<size_t>(kind)].fetch_sub(1, std::memory_order_relaxed);
  std::lock_guard lock(arena.mutex);
  if (arena.resting == 0) {
    arena.oldest = slot;
  } else {
    arena.newest->next = slot;
  }
  arena.newest = slot;
  ++arena.resting;
  return body;
}

int64_t LiveCount(Kind kind) { return TheArena().live[static_cast<size_t>(kind)].load(); }

std::string LiveLine() {
  static constexpr std::pair<const char *, Kind> kShown[] = {
      {"clients", Kind::kClient},   {"buffers", Kind::kBuffer},
      {"events", Kind::kEvent},     {"executables", Kind::kExecutable},
      {"errors", Kind::kError},     {"loaded_executables", Kind::kLoadedExecutable},
      {"contexts", Kind::kContext}, {"transfer_managers", Kind::kTransferManager},
  };
  std::string line = "LIVE";
  int64_t shown = 0;
  for (const auto &[name, kind] : kShown) {
    line += Text(" ", name, "=", LiveCount(kind));
    shown += LiveCount(kind);
  }
  return line + Text(" others=", LiveTotal() - shown);
}

int64_t LiveTotal() {
  int64_t total = 0;
  for (size_t kind = 0; kind < kNumKinds; ++kind) {
    Kind counted = static_cast<Kind>(kind);
    bool lent = counted == Kind::kDevice || counted == Kind::kDescription || counted == Kind::kMemory;
    if (!lent) total += LiveCount(counted);
  }
  return total;
}

}  // namespace fake
