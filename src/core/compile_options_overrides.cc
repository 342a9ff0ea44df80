// Overrides by name, and XLA's debug options as the overrides they are sent as.
//
// A debug_options message replaces the plugin's defaults: with only some fields set real plugins refuse every
// program. An override changes one option and leaves the rest.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/near_miss.hpp"
#include "base/text.hpp"
#include "core/compile_options_message.hpp"

namespace pje {

using google::protobuf::FieldDescriptor;
using options::build;
namespace proto = options::proto;

namespace {

constexpr const char *kKindNames[] = {"no value", "string", "bool", "int64", "double"};
// Names of options differ by little from each other: more edits than this is another option.
constexpr size_t kTypingErrors = 2;

OverrideValue value_of(const proto::OptionOverrideProto &value) {
  switch (value.value_case()) {
    case proto::OptionOverrideProto::kStringField:
      return value.string_field();
    case proto::OptionOverrideProto::kBoolField:
      return value.bool_field();
    case proto::OptionOverrideProto::kIntField:
      return value.int_field();
    case proto::OptionOverrideProto::kDoubleField:
      return value.double_field();
    case proto::OptionOverrideProto::VALUE_NOT_SET:
      break;
  }
  return {};
}

Result<const proto::OptionOverrideProto *> find_override(const proto::CompileOptionsProto &message,
                                                         std::string_view name, size_t wanted_kind) {
  auto found = message.env_option_overrides().find(std::string(name));
  if (found == message.env_option_overrides().end())
    return failure(PJE_NOT_FOUND, concat("no override \"", printable(name), "\""));
  auto kind = static_cast<size_t>(found->second.value_case());
  if (kind != wanted_kind)
    return failure(PJE_FAILED_PRECONDITION, concat("override \"", printable(name), "\" is of kind ",
                                                   kKindNames[kind], ", not ", kKindNames[wanted_kind]));
  return &found->second;
}

// The known option of a name. NULL for a name that may belong to a plugin newer than this library.
Result<const FieldDescriptor *> find_debug_option(std::string_view name) {
  const google::protobuf::Descriptor &known = *proto::DebugOptions::descriptor();
  if (const FieldDescriptor *field = known.FindFieldByName(std::string(name))) return field;
  NearMiss near(name, kTypingErrors);
  for (int i = 0; i < known.field_count(); ++i) near.consider(known.field(i)->name());
  if (near.best().empty()) return static_cast<const FieldDescriptor *>(nullptr);
  return invalid_argument(concat("unknown debug option \"", printable(name), "\": did you mean \"",
                                 near.best(),
                                 "\"? pje_compile_options_set_override_string and its kin take any name"));
}

// The kind of override that plugins take for a field: an index of OverrideValue, 0 for none.
size_t kind_for(const FieldDescriptor &field) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return 0;
  if (field.is_repeated()) return 1;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return 2;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return 3;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return 4;
    default:
      return 1;
  }
}

Status check_enum_value(const FieldDescriptor &field, std::string_view value) {
  const google::protobuf::EnumDescriptor &type = *field.enum_type();
  if (type.FindValueByName(std::string(value)) != nullptr) return {};
  std::string choices;
  for (int i = 0; i < type.value_count(); ++i) choices += concat(i == 0 ? "" : ", ", type.value(i)->name());
  return invalid_argument(
      concat("debug option \"", field.name(), "\" is \"", printable(value), "\": expected one of ", choices));
}

Status check_string(const FieldDescriptor &field, std::string_view value) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM) return {};
  if (!field.is_repeated()) return check_enum_value(field, value);
  for (size_t start = 0; start < value.size();) {
    size_t end = std::min(value.find(',', start), value.size());
    PJE_TRY(check_enum_value(field, value.substr(start, end - start)));
    start = end + 1;
  }
  return {};
}

Status check_value(const FieldDescriptor &field, const OverrideValue &value) {
  size_t kind = kind_for(field);
  if (kind == 0)
    return invalid_argument(concat("debug option \"", field.name(),
                                   "\" is a message, which plugins do not take as an override: set it in "
                                   "pje_compile_options_set_debug_options_text"));
  if (value.index() != kind)
    return invalid_argument(concat("debug option \"", field.name(), "\" is of kind ", kKindNames[kind],
                                   field.is_repeated() ? " (a comma list)" : "", ", not ",
                                   kKindNames[value.index()]));
  if (const auto *text = std::get_if<std::string>(&value)) return check_string(field, *text);
  if (const auto *number = std::get_if<int64_t>(&value))
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 && (*number < INT32_MIN || *number > INT32_MAX))
      return invalid_argument(
          concat("debug option \"", field.name(), "\" is ", *number, ": expected a number of 32 bits"));
  return {};
}

template <class T>
bool read_number(std::string_view text, T *out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Reads text as a value of a kind; false when it is none.
bool read_value(std::string_view text, size_t kind, OverrideValue *out) {
  int64_t integer = 0;
  double real = 0;
  switch (kind) {
    case 1:
      *out = std::string(text);
      return true;
    case 2:
      *out = text == "true" || text == "1";
      return text == "true" || text == "1" || text == "false" || text == "0";
    case 3:
      if (!read_number(text, &integer)) return false;
      *out = integer;
      return true;
    case 4:
      if (!read_number(text, &real)) return false;
      *out = real;
      return true;
    default:
      return false;
  }
}

OverrideValue guess_value(std::string_view text) {
  OverrideValue value = std::string(text);
  if (text == "true" || text == "false") {
    value = text == "true";
  } else if (!read_value(text, 3, &value)) {
    if (!read_value(text, 4, &value)) value = std::string(text);
  }
  return value;
}

std::string text_of(const OverrideValue &value) {
  if (const auto *text = std::get_if<std::string>(&value)) return *text;
  if (const auto *truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
  if (const auto *integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  char shortest[64] = "";
  if (const auto *real = std::get_if<double>(&value)) {
    auto [end, error] = std::to_chars(shortest, shortest + sizeof(shortest), *real);
    return {shortest, error == std::errc() ? end : shortest};
  }
  return "";
}

std::string field_text(const proto::DebugOptions &message, const FieldDescriptor &field) {
  if (!field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    return message.GetReflection()->GetString(message, &field);
  std::string text;
  int count = field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) : 1;
  for (int i = 0; i < count; ++i) {
    std::string element;
    if (field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
      element = message.GetReflection()->GetRepeatedString(message, &field, i);
    else
      google::protobuf::TextFormat::PrintFieldValueToString(message, &field, field.is_repeated() ? i : -1,
                                                            &element);
    text += concat(i == 0 ? "" : ",", element);
  }
  return text;
}

}  // namespace

Status CompileOptions::set_override(std::string_view name, OverrideValue value) {
  if (name.empty()) return invalid_argument("argument \"name\" is empty");
  PJE_TRY(options::check_utf8(name, "argument \"name\""));
  proto::OptionOverrideProto entry;
  if (const auto *text = std::get_if<std::string>(&value)) {
    PJE_TRY(options::check_utf8(*text, concat("the value of \"", name, "\"")));
    entry.set_string_field(*text);
  } else if (const auto *truth = std::get_if<bool>(&value)) {
    entry.set_bool_field(*truth);
  } else if (const auto *integer = std::get_if<int64_t>(&value)) {
    entry.set_int_field(*integer);
  } else if (const auto *real = std::get_if<double>(&value)) {
    entry.set_double_field(*real);
  }
  (*message_->mutable_env_option_overrides())[std::string(name)] = std::move(entry);
  return {};
}

Status CompileOptions::remove_override(std::string_view name) {
  if (message_->mutable_env_option_overrides()->erase(std::string(name)) == 0)
    return failure(PJE_NOT_FOUND, concat("no override \"", printable(name), "\""));
  return {};
}

size_t CompileOptions::num_overrides() const noexcept { return message_->env_option_overrides().size(); }

const std::string *CompileOptions::override_name(size_t index) const {
  std::vector<const std::string *> names;
  for (const auto &entry : message_->env_option_overrides()) names.push_back(&entry.first);
  if (index >= names.size()) return nullptr;
  std::sort(names.begin(), names.end(), [](const std::string *a, const std::string *b) { return *a < *b; });
  return names[index];
}

size_t CompileOptions::override_kind(std::string_view name) const {
  auto found = message_->env_option_overrides().find(std::string(name));
  return found == message_->env_option_overrides().end() ? 0
                                                         : static_cast<size_t>(found->second.value_case());
}

Result<const std::string *> CompileOptions::override_string(std::string_view name) const {
  PJE_ASSIGN(const auto *value, find_override(*message_, name, 1));
  return &value->string_field();
}

Result<bool> CompileOptions::override_bool(std::string_view name) const {
  PJE_ASSIGN(const auto *value, find_override(*message_, name, 2));
  return value->bool_field();
}

Result<int64_t> CompileOptions::override_int64(std::string_view name) const {
  PJE_ASSIGN(const auto *value, find_override(*message_, name, 3));
  return value->int_field();
}

Result<double> CompileOptions::override_double(std::string_view name) const {
  PJE_ASSIGN(const auto *value, find_override(*message_, name, 4));
  return value->double_field();
}

Status CompileOptions::set_debug_option(std::string_view name, OverrideValue value) {
  PJE_ASSIGN(const FieldDescriptor *field, find_debug_option(name));
  if (field != nullptr) PJE_TRY(check_value(*field, value));
  return set_override(name, std::move(value));
}

Status CompileOptions::set_debug_option_text(std::string_view name, std::string_view text) {
  PJE_ASSIGN(const FieldDescriptor *field, find_debug_option(name));
  if (field == nullptr) return set_override(name, guess_value(text));
  OverrideValue value = std::string(text);
  size_t kind = kind_for(*field);
  if (kind != 0 && !read_value(text, kind, &value))
    return invalid_argument(concat("debug option \"", name, "\" is \"", printable(text), "\": expected a ",
                                   kKindNames[kind], kind == 2 ? " (true or false)" : ""));
  PJE_TRY(check_value(*field, value));
  return set_override(name, std::move(value));
}

Result<std::string> CompileOptions::debug_option_text(std::string_view name) const {
  auto found = message_->env_option_overrides().find(std::string(name));
  if (found != message_->env_option_overrides().end()) return text_of(value_of(found->second));
  const proto::DebugOptions &message = build(std::as_const(*message_)).debug_options();
  const FieldDescriptor *field = message.GetDescriptor()->FindFieldByName(std::string(name));
  const google::protobuf::Reflection &reflection = *message.GetReflection();
  bool set = field != nullptr && (field->is_repeated() ? reflection.FieldSize(message, field) > 0
                                                       : reflection.HasField(message, field));
  if (set) return field_text(message, *field);
  return failure(PJE_NOT_FOUND, concat("debug option \"", printable(name), "\" is not set"));
}

}  // namespace pje
