#include "abi/call.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/text.hpp"

namespace pje::abi {

namespace {

constexpr size_t kMaxText = size_t{1} << 20;
constexpr size_t kMaxPayloads = 256;

struct PayloadSink {
  std::vector<Payload> *out;
  bool failed = false;
};

void visit_payload(const char *key, size_t key_size, const char *value, size_t value_size, void *user_arg) {
  auto *sink = static_cast<PayloadSink *>(user_arg);
  if (sink->out->size() >= kMaxPayloads) return;
  try {
    std::string data = value == nullptr ? "" : std::string(value, std::min(value_size, kMaxText));
    sink->out->push_back({utf8_from(key, std::min(key_size, kMaxText)), std::move(data)});
  } catch (...) {
    sink->failed = true;
  }
}

}  // namespace

Status Api::check(const PJRT_Api *api, const std::string &path) {
  std::string who = path.empty() ? "the given PJRT_Api" : path;
  if (api == nullptr)
    return invalid_argument(concat(who, ": GetPjrtApi answered NULL: expected a function table"));
  size_t size = api->struct_size;
  if (size < kHeaderSize)
    return invalid_argument(
        concat(who, ": its function table has ", size, " bytes: expected at least ", kHeaderSize));
  int major = api->pjrt_api_version.major_version;
  int minor = api->pjrt_api_version.minor_version;
  if (major != kMajor || minor < kOldestMinor)
    return failure(PJE_FAILED_PRECONDITION, concat(who, ": speaks PJRT ", major, ".", minor, ": expected ",
                                                   kMajor, ".", kOldestMinor, " or newer"));
  return {};
}

Api::Api(const PJRT_Api *api, std::string path)
    : raw_(api), path_(std::move(path)), minor_(api->pjrt_api_version.minor_version) {
  std::memcpy(static_cast<void *>(&table_), api, std::min(api->struct_size, sizeof(table_)));
  // A size that ends inside a slot leaves half a pointer behind.
  size_t whole = kHeaderSize + (std::min(api->struct_size, sizeof(table_)) - kHeaderSize) / 8 * 8;
  std::memset(reinterpret_cast<char *>(&table_) + whole, 0, sizeof(table_) - whole);
}

bool Api::has(size_t function) const noexcept {
  void *slot;
  std::memcpy(&slot, reinterpret_cast<const char *>(&table_) + kFunctions[function].offset, sizeof(slot));
  return slot != nullptr;
}

void Api::find_out_strictness() noexcept {
  auto function = table_.PJRT_Plugin_Attributes;
  if (function == nullptr) return;
  // Asked with a size eight bytes too large: only a plugin that insists on its own sizes objects.
  struct Larger {
    PJRT_Plugin_Attributes_Args args;
    uint64_t tail;
  };
  auto larger = zeroed<Larger>();
  larger.args.struct_size = struct_size<PJRT_Plugin_Attributes_Args> + sizeof(larger.tail);
  PJRT_Error *error = function(&larger.args);
  if (error == nullptr) return;
  (void)take_error(error, "PJRT_Plugin_Attributes");
  auto exact = zeroed<PJRT_Plugin_Attributes_Args>();
  // A plugin that refuses the right size too is not strict: it has no attributes to give.
  strict_ = call(exact).ok();
}

Status Api::absent(const FunctionInfo &info) const noexcept {
  try {
    return failure(
        PJE_UNIMPLEMENTED,
        concat(info.name, ": not in plugin ", path_.empty() ? "given as a table" : path_, " (PJRT 0.", minor_,
               info.since_minor > kOldestMinor ? concat("; added in 0.", info.since_minor) : "", ")"));
  } catch (...) {
    return out_of_memory();
  }
}

Status Api::unusable() const noexcept {
  if (reach_.load(std::memory_order_relaxed) != Reach::kLostInFork)
    return failure(PJE_FAILED_PRECONDITION, "client closed");
  return failure(PJE_FAILED_PRECONDITION,
                 "used in a child process made by fork after a client existed: create clients after fork");
}

void Api::log_error(const Status &status) noexcept {
  const Error &error = *status.error();
  log_record(LogKind::kPluginError, error.code(), error.function(), error.message());
}

namespace {

// What takes memory, and can be repeated after some was freed.
constexpr std::string_view kRepeatable[] = {"PJRT_AsyncHostToDeviceTransferManager_TransferData",
                                            "PJRT_AsyncHostToDeviceTransferManager_TransferLiteral",
                                            "PJRT_Buffer_Bitcast",
                                            "PJRT_Buffer_CopyToDevice",
                                            "PJRT_Buffer_CopyToMemory",
                                            "PJRT_Buffer_ToHostBuffer",
                                            "PJRT_Client_BufferFromHostBuffer",
                                            "PJRT_Client_Compile",
                                            "PJRT_Client_CreateAliasBuffer",
                                            "PJRT_Client_CreateBuffersForAsyncHostToDevice",
                                            "PJRT_Client_CreateErrorBuffer",
                                            "PJRT_Client_CreateUninitializedBuffer",
                                            "PJRT_Client_Load",
                                            "PJRT_Compile",
                                            "PJRT_Executable_DeserializeAndLoad",
                                            "PJRT_LoadedExecutable_Execute"};

}  // namespace

Status Api::recover(PJRT_Error *error, const FunctionInfo &info, Again again, void *args) const noexcept {
  Status status = take_error(error, info.name);
  bool retry = memory_watch_ != nullptr && status.error()->code() == PJE_RESOURCE_EXHAUSTED &&
               std::ranges::find(kRepeatable, info.name) != std::end(kRepeatable) &&
               memory_watch_->wants_retry();
  if (!retry) return status;
  error = again(*this, args);
  return error == nullptr ? Status() : take_error(error, info.name);
}

void Api::log_plugin_error(PJRT_Error *error, const char *function) const noexcept {
  log_error(take_error(error, function));
}

void Api::read_payloads(const PJRT_Error *error, std::vector<Payload> &out) const {
  if (table_.PJRT_Error_ForEachPayload == nullptr) return;
  PayloadSink sink{&out};
  auto args = zeroed<PJRT_Error_ForEachPayload_Args>();
  args.struct_size = size_of<PJRT_Error_ForEachPayload_Args>();
  args.error = error;
  args.visitor = visit_payload;
  args.user_arg = &sink;
  PJRT_Error *own = table_.PJRT_Error_ForEachPayload(&args);
  // Its own error is never asked for payloads: a plugin that always fails here would have us ask for ever.
  if (own != nullptr && table_.PJRT_Error_Destroy != nullptr) {
    auto destroy = zeroed<PJRT_Error_Destroy_Args>();
    destroy.struct_size = struct_size<PJRT_Error_Destroy_Args>;
    destroy.error = own;
    table_.PJRT_Error_Destroy(&destroy);
  }
}

Status Api::take_error(PJRT_Error *error, const char *function) const noexcept {
  if (error == nullptr) return {};
  Status status;
  try {
    std::string text;
    if (table_.PJRT_Error_Message != nullptr) {
      auto message = sized<PJRT_Error_Message_Args>();
      message.error = error;
      table_.PJRT_Error_Message(&message);
      text = utf8_from(message.message, std::min(message.message_size, kMaxText));
    }
    auto code = PJE_UNKNOWN;
    if (table_.PJRT_Error_GetCode != nullptr) {
      auto get = sized<PJRT_Error_GetCode_Args>();
      get.error = error;
      PJRT_Error *own = table_.PJRT_Error_GetCode(&get);
      if (own == nullptr && get.code > 0 && get.code <= 16)
        code = static_cast<pje_code>(get.code);
      else
        text = concat("invalid error code: ", static_cast<int>(get.code), text.empty() ? "" : ": ", text);
      if (own != nullptr) (void)take_error(own, "PJRT_Error_GetCode");
    }
    std::vector<Payload> payloads;
    read_payloads(error, payloads);
    if (code == PJE_RESOURCE_EXHAUSTED && memory_watch_ != nullptr) text += memory_watch_->report();
    status = failure_of(function, code, std::move(text), std::move(payloads));
  } catch (...) {
    status = out_of_memory();
  }
  auto destroy = sized<PJRT_Error_Destroy_Args>();
  destroy.error = error;
  if (table_.PJRT_Error_Destroy != nullptr) table_.PJRT_Error_Destroy(&destroy);
  return status;
}

}  // namespace pje::abi
