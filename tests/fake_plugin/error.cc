#include <algorithm>
#include <cstdio>

#include "calls.hpp"
#include "config.hpp"

namespace fake {
namespace {

constexpr const char *kCodeNames[] = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};
constexpr size_t kNumCodes = std::size(kCodeNames);
// From this minor on an error begins with a function table.
constexpr int kErrorTableMinor = 107;

struct Error {
  using Handle = PJRT_Error;
  static constexpr Kind kKind = Kind::kError;
  uint32_t code = 0;
  std::string message;
  bool null_message = false;
  std::vector<std::pair<std::string, std::string>> payloads;
};

void VisitPayloads(const Error &error, PJRT_Error_PayloadVisitor visitor, void *user_arg) {
  for (const auto &[key, value] : error.payloads)
    visitor(key.data(), key.size(), value.data(), value.size(), user_arg);
}

void TableDestroy(PJRT_Error *error) {
  FunctionScope scope("PJRT_Error_FunctionTable.destroy");
  if (error != nullptr) Retire<Error>(error);
}

void TableMessage(const PJRT_Error *error, const char **message, size_t *size) {
  FunctionScope scope("PJRT_Error_FunctionTable.message");
  const Error &body = Use<Error>(error);
  *message = body.null_message ? nullptr : body.message.data();
  *size = body.message.size();
}

PJRT_Error_Code TableCode(const PJRT_Error *error) {
  FunctionScope scope("PJRT_Error_FunctionTable.get_code");
  return static_cast<PJRT_Error_Code>(Use<Error>(error).code);
}

void TablePayloads(const PJRT_Error *error, PJRT_Error_PayloadVisitor visitor, void *user_arg) {
  FunctionScope scope("PJRT_Error_FunctionTable.for_each_payload");
  VisitPayloads(Use<Error>(error), visitor, user_arg);
}

constexpr PJRT_Error_FunctionTable kErrorTable = {
    pje::abi::struct_size<PJRT_Error_FunctionTable>,
    sizeof(PJRT_Error),
    nullptr,
    TableDestroy,
    TableMessage,
    TableCode,
    TablePayloads,
};

void Disguise(Error *error) {
  switch (Current().error_text.load()) {
    case ErrorText::kPlain:
      return;
    case ErrorText::kNull:
      error->message.clear();
      error->null_message = true;
      return;
    case ErrorText::kEmpty:
      error->message.clear();
      return;
    case ErrorText::kNonUtf8:
      error->message = "bad \xff\xfe\x80 bytes\nsecond \xc3 line";
      return;
    case ErrorText::kLong:
      error->message = std::string(100000, 'x');
      return;
    case ErrorText::kPercent:
      error->message = "100%s %n %d%% %p";
      return;
  }
}

}  // namespace

std::string PointerText(const void *pointer) {
  char text[2 + 2 * sizeof pointer + 1];
  snprintf(text, sizeof text, "0x%zx", reinterpret_cast<size_t>(pointer));
  return text;
}

std::string CodeName(uint32_t code) { return code < kNumCodes ? kCodeNames[code] : Text("CODE_", code); }

bool CodeFromName(std::string_view name, uint32_t *code) {
  const char *const *found = std::find(std::begin(kCodeNames) + 1, std::end(kCodeNames), name);
  *code = static_cast<uint32_t>(found - std::begin(kCodeNames));
  return *code < kNumCodes;
}

PJRT_Error *NewError(const Status &status) {
  if (!status) return nullptr;
  auto error = std::make_unique<Error>();
  error->code = status->code;
  error->message = status->message;
  error->payloads = status->payloads;
  for (auto &payload : InjectedPayloads()) error->payloads.push_back(std::move(payload));
  if (int forced = Current().error_code; forced >= 0) error->code = static_cast<uint32_t>(forced);
  Disguise(error.get());
  return Publish(std::move(error), CurrentMinor() >= kErrorTableMinor ? &kErrorTable : nullptr);
}

Status TakeError(PJRT_Error *given) {
  if (given == nullptr) return nullptr;
  std::unique_ptr<Error> error = Retire<Error>(given);
  return std::make_shared<const Failure>(Failure{error->code, error->message, error->payloads});
}

Status ReadPayload(const PJRT_NamedValue *values, size_t count, Failure *failure) {
  for (size_t i = 0; i < count; ++i) {
    if (Status bad = FAKE_CHECK_STRUCT(PJRT_NamedValue, &values[i])) return bad;
    if (values[i].type != PJRT_NamedValue_kString) return Invalid("a payload must be a string");
    failure->payloads.emplace_back(std::string(values[i].name, values[i].name_size),
                                   std::string(values[i].string_value, values[i].value_size));
  }
  return nullptr;
}

Status Call(PJRT_Error_Destroy_Args &args) {
  if (args.error != nullptr) Retire<Error>(args.error);
  return nullptr;
}

Status Call(PJRT_Error_Message_Args &args) {
  const Error &error = Use<Error>(args.error);
  Out(&args.message, error.null_message ? nullptr : error.message.data());
  Out(&args.message_size, error.message.size());
  return nullptr;
}

Status Call(PJRT_Error_GetCode_Args &args) {
  Out(&args.code, static_cast<PJRT_Error_Code>(Use<Error>(args.error).code));
  return nullptr;
}

Status Call(PJRT_Error_ForEachPayload_Args &args) {
  if (args.visitor == nullptr) Misuse("visitor is NULL");
  VisitPayloads(Use<Error>(args.error), args.visitor, args.user_arg);
  return nullptr;
}

}  // namespace fake
