#include "core/compile_options.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <limits>

#include "base/near_miss.hpp"
#include "base/text.hpp"
#include "core/compile_options_message.hpp"

namespace pje {
namespace options {

namespace {

constexpr size_t kLargestMessage = INT32_MAX;

// Keeps the first complaint; the rest are mostly its consequences.
class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string &message) override {
    if (text_.empty()) text_ = concat("line ", line + 1, ", column ", column + 1, ": ", message);
  }
  const std::string &text() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace

// Both silence protobuf's own report, which the error has; only while they run, since a protobuf that the
// process shares has one log for all.
Status parse_bytes(std::string_view bytes, std::string_view field, google::protobuf::Message &message) {
  google::protobuf::LogSilencer silencer;
  std::unique_ptr<google::protobuf::Message> parsed(message.New());
  if (bytes.size() > kLargestMessage || !parsed->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return invalid_argument(concat(field, ": the ", bytes.size(), " bytes are not a serialized ",
                                   message.GetDescriptor()->name()));
  message.GetReflection()->Swap(&message, parsed.get());
  return {};
}

Status parse_text(std::string_view text, std::string_view field, google::protobuf::Message &message) {
  google::protobuf::LogSilencer silencer;
  std::unique_ptr<google::protobuf::Message> parsed(message.New());
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  if (!parser.ParseFromString(std::string(text), parsed.get()))
    return invalid_argument(concat(field, ": not a ", message.GetDescriptor()->name(),
                                   " in protobuf's text form: ", errors.text()));
  // The text form takes strings that make a message nobody can read.
  std::unique_ptr<google::protobuf::Message> read(message.New());
  if (!read->ParseFromString(bytes_of(*parsed)))
    return invalid_argument(concat(field, ": a string in the text is not UTF-8"));
  message.GetReflection()->Swap(&message, parsed.get());
  return {};
}

std::string bytes_of(const google::protobuf::Message &message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

Status check_utf8(std::string_view text, std::string_view what) {
  if (utf8_from(text.data(), text.size()) != text)
    return invalid_argument(concat(what, " is not UTF-8: \"", printable(text), "\""));
  return {};
}

}  // namespace options

using options::build;
using options::compile;
namespace proto = options::proto;

namespace {

void set_defaults(proto::CompileOptionsProto &message) {
  build(message).set_device_ordinal(-1);
  build(message).set_num_replicas(1);
  build(message).set_num_partitions(1);
}

Status check_count(std::string_view field, int64_t value) {
  if (value >= 1 && value <= INT32_MAX) return {};
  return invalid_argument(concat(field, " is ", value, ": expected 1 to ", INT32_MAX,
                                 "; plugins abort the process on anything else"));
}

template <class T>
Status check_range(std::string_view field, T value, T lowest, T highest) {
  if (value >= lowest && value <= highest) return {};
  return invalid_argument(concat(field, " is ", value, ": expected ", lowest, " to ", highest));
}

template <class T>
Status check_elements(std::string_view field, std::span<const T> values, T lowest) {
  if (values.size() > static_cast<size_t>(INT32_MAX))
    return invalid_argument(concat(field, " has ", values.size(), " elements: too many"));
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i] < lowest)
      return invalid_argument(concat(field, "[", i, "] is ", values[i], ": expected ", lowest, " or more"));
  return {};
}

std::string enum_choices(const google::protobuf::EnumDescriptor &type) {
  std::string text;
  for (int i = 0; i < type.value_count(); ++i)
    text += concat(i == 0 ? "" : ", ", type.value(i)->number(), " (", type.value(i)->name(), ")");
  return text;
}

// A field by name, in either part, with the message it lives in.
struct FoundField {
  const google::protobuf::FieldDescriptor *field = nullptr;
  bool in_build = false;
};

Result<FoundField> find_field(std::string_view name) {
  NearMiss near(name, 3);
  const google::protobuf::Descriptor *parts[] = {proto::CompileOptionsProto::descriptor(),
                                                 proto::ExecutableBuildOptionsProto::descriptor()};
  for (const google::protobuf::Descriptor *part : parts) {
    for (int i = 0; i < part->field_count(); ++i) {
      const std::string &known = part->field(i)->name();
      if (known == name) return FoundField{part->field(i), part == parts[1]};
      near.consider(known);
    }
  }
  std::string hint = near.best().empty() ? "expected the name of a field of CompileOptionsProto or "
                                           "ExecutableBuildOptionsProto"
                                         : concat("did you mean \"", near.best(), "\"?");
  return invalid_argument(concat("argument \"field\" is \"", printable(name), "\": ", hint));
}

}  // namespace

CompileOptions::CompileOptions() : message_(std::make_unique<proto::CompileOptionsProto>()) {
  set_defaults(*message_);
}

CompileOptions::CompileOptions(std::unique_ptr<proto::CompileOptionsProto> message)
    : message_(std::move(message)) {
  read_assignment();
}

CompileOptions::~CompileOptions() = default;

Ref<CompileOptions> CompileOptions::copy() const {
  auto result = make<CompileOptions>(std::make_unique<proto::CompileOptionsProto>(*message_));
  result->check_arguments_ = check_arguments_;
  return result;
}

Result<Ref<CompileOptions>> CompileOptions::parse(std::string_view bytes) {
  auto message = std::make_unique<proto::CompileOptionsProto>();
  PJE_TRY(options::parse_bytes(bytes, "options", *message));
  const auto &parsed = build(std::as_const(*message));
  PJE_TRY(check_count("num_replicas", parsed.num_replicas()));
  PJE_TRY(check_count("num_partitions", parsed.num_partitions()));
  if (parsed.has_device_assignment()) PJE_TRY(options::check_assignment(parsed.device_assignment()));
  return make<CompileOptions>(std::move(message));
}

Result<std::string> CompileOptions::serialized() const {
  const auto &settings = build(std::as_const(*message_));
  if (settings.has_device_assignment()) {
    const auto &assignment = settings.device_assignment();
    if (assignment.replica_count() != settings.num_replicas() ||
        assignment.computation_count() != settings.num_partitions())
      return invalid_argument(
          concat("device_assignment is for ", assignment.replica_count(), " replicas and ",
                 assignment.computation_count(), " partitions, but num_replicas is ", settings.num_replicas(),
                 " and num_partitions is ", settings.num_partitions(), ": set the assignment last"));
  }
  return options::bytes_of(*message_);
}

std::string CompileOptions::text() const {
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(*message_, &text)) throw std::bad_alloc();
  return text;
}

Status CompileOptions::clear(std::string_view name) {
  PJE_ASSIGN(FoundField found, find_field(name));
  google::protobuf::Message &part =
      found.in_build ? static_cast<google::protobuf::Message &>(build(*message_)) : *message_;
  part.GetReflection()->ClearField(&part, found.field);
  const std::string &field = found.field->name();
  if (field == "executable_build_options") set_defaults(*message_);
  if (field == "device_ordinal") build(*message_).set_device_ordinal(-1);
  if (field == "num_replicas") build(*message_).set_num_replicas(1);
  if (field == "num_partitions") build(*message_).set_num_partitions(1);
  read_assignment();
  return {};
}

Result<bool> CompileOptions::is_set(std::string_view name) const {
  PJE_ASSIGN(FoundField found, find_field(name));
  if (found.field->name() == "device_ordinal") return device_ordinal() != -1;
  if (found.field->name() == "num_replicas") return num_replicas() != 1;
  if (found.field->name() == "num_partitions") return num_partitions() != 1;
  const google::protobuf::Message &part =
      found.in_build ? static_cast<const google::protobuf::Message &>(build(std::as_const(*message_)))
                     : *message_;
  const google::protobuf::Reflection &reflection = *part.GetReflection();
  if (found.field->is_repeated()) return reflection.FieldSize(part, found.field) > 0;
  return reflection.HasField(part, found.field);
}

#define PJE_OPTION_BOOL(field, part)                                                             \
  bool CompileOptions::field() const noexcept { return part(std::as_const(*message_)).field(); } \
  Status CompileOptions::set_##field(bool value) {                                               \
    part(*message_).set_##field(value);                                                          \
    return {};                                                                                   \
  }
#define PJE_OPTION_INT64(field, part, lowest, highest)                                              \
  int64_t CompileOptions::field() const noexcept { return part(std::as_const(*message_)).field(); } \
  Status CompileOptions::set_##field(int64_t value) {                                               \
    PJE_TRY(check_range<int64_t>(#field, value, lowest, highest));                                  \
    part(*message_).set_##field(value);                                                             \
    return {};                                                                                      \
  }
#define PJE_OPTION_ENUM(type, field, part, scope)                                                          \
  int32_t CompileOptions::field() const noexcept { return part(std::as_const(*message_)).field(); }        \
  Status CompileOptions::set_##field(int32_t value) {                                                      \
    if (!proto::scope##_IsValid(value))                                                                    \
      return invalid_argument(                                                                             \
          concat(#field " is ", value, ": expected one of ", enum_choices(*proto::scope##_descriptor()))); \
    part(*message_).set_##field(static_cast<proto::scope>(value));                                         \
    return {};                                                                                             \
  }
#define PJE_OPTION_LIST(type, field, part, lowest)                              \
  std::span<const type> CompileOptions::field() const noexcept {                \
    const auto &values = part(std::as_const(*message_)).field();                \
    return {values.data(), static_cast<size_t>(values.size())};                 \
  }                                                                             \
  Status CompileOptions::set_##field(std::span<const type> values) {            \
    PJE_TRY(check_elements<type>(#field, values, lowest));                      \
    google::protobuf::RepeatedField<type> copied(values.begin(), values.end()); \
    part(*message_).mutable_##field()->Swap(&copied);                           \
    return {};                                                                  \
  }
#define PJE_OPTION_BYTES(field, part)                                                    \
  const std::string &CompileOptions::field() const noexcept {                            \
    return part(std::as_const(*message_)).field();                                       \
  }                                                                                      \
  Status CompileOptions::set_##field(std::string_view bytes) {                           \
    if (bytes.size() > options::kLargestMessage)                                         \
      return invalid_argument(concat(#field " has ", bytes.size(), " bytes: too many")); \
    part(*message_).set_##field(std::string(bytes));                                     \
    return {};                                                                           \
  }
#define PJE_OPTION_MESSAGE(type, field, part)                                                               \
  Result<std::string> CompileOptions::field() const {                                                       \
    if (!part(std::as_const(*message_)).has_##field()) return failure(PJE_NOT_FOUND, #field " is not set"); \
    return options::bytes_of(part(std::as_const(*message_)).field());                                       \
  }                                                                                                         \
  Status CompileOptions::set_##field(std::string_view bytes) {                                              \
    proto::type parsed;                                                                                     \
    PJE_TRY(options::parse_bytes(bytes, #field, parsed));                                                   \
    *part(*message_).mutable_##field() = std::move(parsed);                                                 \
    return {};                                                                                              \
  }                                                                                                         \
  Status CompileOptions::set_##field##_text(std::string_view text) {                                        \
    proto::type parsed;                                                                                     \
    PJE_TRY(options::parse_text(text, #field, parsed));                                                     \
    *part(*message_).mutable_##field() = std::move(parsed);                                                 \
    return {};                                                                                              \
  }
#include "core/compile_options_fields.def"

const std::string &CompileOptions::compiler_variant() const noexcept { return message_->compiler_variant(); }

Status CompileOptions::set_compiler_variant(std::string_view value) {
  PJE_TRY(options::check_utf8(value, "compiler_variant"));
  message_->set_compiler_variant(std::string(value));
  return {};
}

std::string default_compile_options() {
  // executable_build_options { device_ordinal: -1 num_replicas: 1 num_partitions: 1 }
  return {"\x1a\x0f\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x20\x01\x28\x01", 17};
}

}  // namespace pje
