#include "entry.hpp"

#include <algorithm>
#include <exception>
#include <thread>

#include "config.hpp"
#include "log.hpp"

namespace fake {
namespace {

using pje::abi::Function;
using pje::abi::kFunctions;

// Their delay holds back the completion rather than the call.
bool DelaysCompletion(size_t function) {
  static constexpr Function kAsync[] = {
      Function::LoadedExecutable_Execute,
      Function::Client_BufferFromHostBuffer,
      Function::Buffer_ToHostBuffer,
      Function::Buffer_CopyToDevice,
      Function::Buffer_CopyToMemory,
      Function::Buffer_CopyRawToHost,
      Function::Buffer_CopyRawToHostFuture,
      Function::AsyncHostToDeviceTransferManager_TransferData,
      Function::AsyncHostToDeviceTransferManager_TransferLiteral,
  };
  return std::find(std::begin(kAsync), std::end(kAsync), static_cast<Function>(function)) != std::end(kAsync);
}

void CheckExtensions(const PJRT_Extension_Base *extension) {
  for (int links = 0; extension != nullptr; extension = extension->next) {
    bool sound = extension->struct_size >= sizeof(PJRT_Extension_Base) && extension->struct_size < 65536;
    if (!sound || ++links > 64)
      Misuse("extension_start is neither NULL nor a chain of extensions: arguments not zeroed?");
  }
}

struct ArgsHead {
  size_t struct_size;
  PJRT_Extension_Base *extension_start;
};

// What both the caller and this minor know of the arguments.
size_t SharedSize(const Entry &entry, const void *args) {
  return std::min(static_cast<const ArgsHead *>(args)->struct_size, entry.sizes.known);
}

Status RunCall(const Entry &entry, void *args) {
  const ArgsHead *head = static_cast<const ArgsHead *>(args);
  // The text costs more than the rest of the call: only for sizes that look wrong.
  if (head->struct_size != entry.sizes.known) {
    std::string name = Text(kFunctions[entry.function].name, "_Args");
    if (Status bad = CheckSize(name.c_str(), head->struct_size, entry.sizes)) return bad;
  }
  CheckExtensions(head->extension_start);
  std::chrono::nanoseconds delay = InjectedDelay(entry.function);
  if (delay.count() > 0 && !DelaysCompletion(entry.function)) std::this_thread::sleep_for(delay);
  if (Status injected = InjectedFailure(entry.function)) return injected;
  if (IsHollow(entry.function)) return nullptr;
  // A copy that holds only what this minor knows: older plugins neither read nor write newer members.
  size_t shared = SharedSize(entry, args);
  alignas(std::max_align_t) std::byte known[256];
  memset(known, 0, sizeof known);
  memcpy(known, args, shared);
  Status status = entry.call(known);
  // Nothing is written back after an error: out members are then undefined, and here they stay zero.
  if (!status) memcpy(args, known, shared);
  return status;
}

void LogCall(const Entry &entry, const void *first, const Status &status) {
  const char *name = kFunctions[entry.function].name;
  LogLine(Text(name, " ", status ? CodeName(status->code) : "ok", " ", ThreadColumn(),
               " arg=", PointerText(first)));
}

}  // namespace

PJRT_Error *Dispatch(const Entry &entry, void *args) {
  FunctionScope scope(kFunctions[entry.function].name);
  if (args == nullptr) Misuse("the arguments are NULL");
  const void *first = nullptr;
  if (LogIsOpen() && SharedSize(entry, args) >= 3 * sizeof(void *)) {
    memcpy(&first, static_cast<const char *>(args) + sizeof(ArgsHead), sizeof first);
  }
  std::string given;
  if (TraceIsOpen()) given = Hex(args, SharedSize(entry, args));
  Status status;
  try {
    status = RunCall(entry, args);
  } catch (const std::exception &failure) {
    status = Fail(PJRT_Error_Code_INTERNAL, failure.what());
  }
  if (LogIsOpen()) LogCall(entry, first, status);
  if (TraceIsOpen()) {
    TraceLine(Text("CALL ", kFunctions[entry.function].name, " ", status ? CodeName(status->code) : "ok", " ",
                   given, " ", status ? std::string("-") : Hex(args, SharedSize(entry, args))));
  }
  return NewError(status);
}

int CurrentMinor() { return Current().minor.load(std::memory_order_relaxed); }

void CheckZero(const void *member, size_t size) {
  static constexpr char kZero[64] = {};
  if (size > sizeof kZero || memcmp(member, kZero, size) == 0 || Current().allow_unzeroed) return;
  Misuse("an out member of the arguments is not zero: arguments not zeroed");
}

Status CheckStruct(const char *type, const void *data, const Sizes &sizes) {
  size_t given = 0;
  memcpy(&given, data, sizeof given);
  if (TraceIsOpen()) TraceLine(Text("STRUCT ", type, " ", Hex(data, std::min(given, sizes.known))));
  return CheckSize(type, given, sizes);
}

void TraceStruct(const char *type, const void *data, size_t size) {
  if (TraceIsOpen()) TraceLine(Text("STRUCT ", type, " ", Hex(data, size)));
}

Status CheckSize(const char *name, size_t given, const Sizes &sizes) {
  bool exact = Current().exact_sizes;
  size_t expected = exact ? sizes.known : sizes.least;
  bool right = exact ? given == expected : given >= expected;
  return right ? nullptr : Invalid("Unexpected ", name, " size: expected ", expected, ", got ", given);
}

}  // namespace fake
