// Every object handed out has a slot here, so that any wrong use of a handle is seen and reported.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "status.hpp"

namespace fake {

enum class Kind : uint32_t {
  kNone,
  kClient,
  kDevice,
  kDescription,
  kMemory,
  kTopology,
  kBuffer,
  kEvent,
  kExecutable,
  kLoadedExecutable,
  kError,
  kContext,
  kTransferManager,
  kAliasCallback,
  kTrackingEvent,
  kDeviceAttributes,
  kSerializedExecutable,
  kSerializedTopology,
  kSerializedOptions,
  kSerializedAssignment,
  kCopyStream,
  kChunk,
  kCount
};
inline constexpr size_t kNumKinds = static_cast<size_t>(Kind::kCount);

const char *KindName(Kind kind);

// The function table comes first because errors (0.107) and memories (0.105) begin with one.
struct Slot {
  const void *vtable;
  std::atomic<uint64_t> state;
  void *body;
  Slot *next;
};

// The function of the table that this thread is in, for reports.
const char *CurrentFunction();

class FunctionScope {
 public:
  explicit FunctionScope(const char *name);
  ~FunctionScope();
  FunctionScope(const FunctionScope &) = delete;
  FunctionScope &operator=(const FunctionScope &) = delete;

 private:
  const char *former_;
};

Slot *Acquire(Kind kind, void *body, const void *vtable);
// Both report and abort unless the handle is a live object of that kind.
Slot *CheckLive(const void *handle, Kind kind);
void *Release(const void *handle, Kind kind);
int64_t LiveCount(Kind kind);
// "LIVE clients=0 buffers=0 …"
std::string LiveLine();
int64_t LiveTotal();

template <class T>
typename T::Handle *Publish(std::unique_ptr<T> body, const void *vtable = nullptr) {
  Slot *slot = Acquire(T::kKind, body.release(), vtable);
  return reinterpret_cast<typename T::Handle *>(slot);
}

template <class T>
T &Use(const typename T::Handle *handle) {
  return *static_cast<T *>(CheckLive(handle, T::kKind)->body);
}

template <class T>
std::unique_ptr<T> Retire(const typename T::Handle *handle) {
  return std::unique_ptr<T>(static_cast<T *>(Release(handle, T::kKind)));
}

}  // namespace fake
