// The table, the plugin's attributes, and errors.
#include <algorithm>
#include <set>

#include "conform/checks.hpp"

namespace pje::conform {
namespace {

void version(Session &s) {
  const PJRT_Api_Version &version = s.api().pjrt_api_version;
  expect(version.major_version == abi::kMajor, "major version ", version.major_version, ", expected ",
         abi::kMajor);
  expect(version.minor_version >= abi::kOldestMinor, "minor version ", version.minor_version,
         " is older than ", abi::kOldestMinor, ", where the table took its order");
}

void version_struct_size(Session &s) {
  size_t size = s.api().pjrt_api_version.struct_size;
  expect(size == abi::struct_size<PJRT_Api_Version>, "PJRT_Api_Version::struct_size is ", size, ", expected ",
         abi::struct_size<PJRT_Api_Version>);
}

void table_size(Session &s) {
  size_t want = abi::kHeaderSize;
  for (const abi::FunctionInfo &info : abi::kFunctions)
    if (info.since_minor <= s.minor()) want = info.offset + sizeof(void *);
  expect(s.api().struct_size >= want, "struct_size is ", s.api().struct_size, ", minor ", s.minor(), " has ",
         want);
  expect(s.api().struct_size % sizeof(void *) == 0, "struct_size ", s.api().struct_size,
         " cuts through a function");
}

void no_empty_slot(Session &s) {
  const char *table = reinterpret_cast<const char *>(&s.api());
  for (const abi::FunctionInfo &info : abi::kFunctions) {
    if (info.since_minor > s.minor() || info.offset + sizeof(void *) > s.api().struct_size) continue;
    void *slot = nullptr;
    std::memcpy(&slot, table + info.offset, sizeof slot);
    expect(slot != nullptr, info.name, " is NULL; a function that does nothing should answer UNIMPLEMENTED");
  }
}

void extension_chain(Session &s) {
  std::set<const PJRT_Extension_Base *> seen;
  for (const PJRT_Extension_Base *link = s.api().extension_start; link != nullptr; link = link->next) {
    expect(seen.insert(link).second, "the extension chain runs in a circle");
    expect(link->struct_size >= sizeof(PJRT_Extension_Base), "extension ", static_cast<int>(link->type),
           " has struct_size ", link->struct_size);
  }
}

void extension_types_once(Session &s) {
  std::set<int> types;
  for (const PJRT_Extension_Base *link = s.api().extension_start; link != nullptr && types.size() < 64;
       link = link->next)
    expect(types.insert(static_cast<int>(link->type)).second, "extension type ", static_cast<int>(link->type),
           " is in the chain twice");
}

void initialize_twice(Session &s) { s.call(PJRT_Plugin_Initialize_Args{}); }

void check_values(const PJRT_NamedValue *values, size_t count, const char *what) {
  expect(count == 0 || values != nullptr, what, ": ", count, " of them at NULL");
  for (size_t i = 0; i < count; ++i) {
    expect(values[i].name != nullptr && values[i].name_size > 0, what, ": number ", i, " has no name");
    expect(values[i].type <= PJRT_NamedValue_kBool, what, ": ",
           std::string(values[i].name, values[i].name_size), " has kind ", static_cast<int>(values[i].type));
  }
}

void attributes(Session &s) {
  auto got = s.call(PJRT_Plugin_Attributes_Args{});
  check_values(got.attributes, got.num_attributes, "attributes of the plugin");
}

const PJRT_NamedValue *find(const PJRT_Plugin_Attributes_Args &args, std::string_view name) {
  for (size_t i = 0; i < args.num_attributes; ++i)
    if (std::string_view(args.attributes[i].name, args.attributes[i].name_size) == name)
      return &args.attributes[i];
  return nullptr;
}

void stablehlo_versions(Session &s) {
  auto got = s.call(PJRT_Plugin_Attributes_Args{});
  const PJRT_NamedValue *current = find(got, "stablehlo_current_version");
  const PJRT_NamedValue *minimum = find(got, "stablehlo_minimum_version");
  if (current == nullptr && minimum == nullptr) throw Unsupported{"the plugin tells no StableHLO versions"};
  expect(current != nullptr && minimum != nullptr, "only one of the two StableHLO versions is there");
  for (const PJRT_NamedValue *value : {current, minimum})
    expect(value->type == PJRT_NamedValue_kInt64List && value->value_size == 3,
           "a StableHLO version is not a list of three numbers");
  expect(!std::lexicographical_compare(current->int64_array_value, current->int64_array_value + 3,
                                       minimum->int64_array_value, minimum->int64_array_value + 3),
         "the current StableHLO version is older than the oldest");
}

void attributes_stay(Session &s) {
  auto first = s.call(PJRT_Plugin_Attributes_Args{}), second = s.call(PJRT_Plugin_Attributes_Args{});
  expect(first.num_attributes == second.num_attributes, "the number of attributes changes between calls");
  for (size_t i = 0; i < first.num_attributes; ++i)
    expect(std::string_view(first.attributes[i].name, first.attributes[i].name_size) ==
               std::string_view(second.attributes[i].name, second.attributes[i].name_size),
           "attribute ", i, " changes its name between calls");
}

// Answers whether a call whose struct_size is `size` was refused.
template <class Args>
bool refused_with_size(Session &s, Args args, size_t size) {
  args.struct_size = size;
  return !s.take(s.call_raw(args)).ok;
}

void small_struct(Session &s) {
  expect(refused_with_size(s, PJRT_Client_PlatformName_Args{.client = s.client()}, 16),
         "PJRT_Client_PlatformName takes a struct without room for its arguments");
}

void empty_struct(Session &s) {
  expect(refused_with_size(s, PJRT_Client_Devices_Args{.client = s.client()}, 0),
         "PJRT_Client_Devices takes a struct_size of 0");
}

void large_struct(Session &s) {
  struct {
    PJRT_Client_PlatformName_Args args;
    char more[16];
  } grown{};
  grown.args.client = s.client();
  grown.args.struct_size = sizeof grown;
  Answer answer = s.take(s.call_raw(grown.args));
  expect(answer.ok, "a struct that is newer than the plugin is refused: ", answer.message);
  expect(grown.args.platform_name_size > 0, "a struct that is newer than the plugin is not answered");
}

Answer bad_program(Session &s) {
  PJRT_LoadedExecutable *loaded = nullptr;
  Answer answer = s.try_compile("this is no program", options_for(1), &loaded);
  expect(!answer.ok, "a program that is none was compiled");
  return answer;
}

void error_has_text(Session &s) { expect(!bad_program(s).message.empty(), "an error without a message"); }

void error_has_code(Session &s) {
  int code = bad_program(s).code;
  expect(code >= 1 && code <= 16, "the code of an error is ", code, ", expected 1 to 16");
}

void error_text_stays(Session &s) {
  expect(bad_program(s).message == bad_program(s).message, "the same mistake gives two texts");
}

PJRT_Error *raw_error(Session &s) {
  PJRT_Client_Compile_Args args{};
  PJRT_Program program{.code = nullptr, .code_size = 0, .format = "no such format", .format_size = 14};
  program.struct_size = abi::struct_size<PJRT_Program>;
  std::string options = options_for(1);
  char code[] = "nothing";
  program.code = code;
  program.code_size = 7;
  args.struct_size = abi::struct_size<PJRT_Client_Compile_Args>;
  args.client = s.client();
  args.program = &program;
  args.compile_options = options.data();
  args.compile_options_size = options.size();
  PJRT_Error *error = s.call_raw(args);
  expect(error != nullptr, "a program of an unknown format was compiled");
  return error;
}

void error_read_twice(Session &s) {
  PJRT_Error *error = raw_error(s);
  std::string texts[2];
  for (std::string &text : texts) {
    PJRT_Error_Message_Args message{.error = error};
    message.struct_size = abi::struct_size<PJRT_Error_Message_Args>;
    s.call_raw(message);
    text.assign(message.message == nullptr ? "" : message.message, message.message_size);
  }
  expect(!texts[0].empty() && texts[0] == texts[1], "an error's text is another at the second look");
  s.take(error);
}

void error_payloads(Session &s) {
  s.require<PJRT_Error_ForEachPayload_Args>();
  PJRT_Error *error = raw_error(s);
  PJRT_Error_ForEachPayload_Args args{};
  args.error = error;
  args.visitor = [](const char *key, size_t key_size, const char *, size_t, void *seen) {
    if (key == nullptr || key_size == 0) *static_cast<bool *>(seen) = true;
  };
  bool nameless = false;
  args.user_arg = &nameless;
  Answer answer = s.try_call(args);
  s.take(error);
  expect(answer.ok, "PJRT_Error_ForEachPayload failed: ", answer.message);
  expect(!nameless, "a payload has no key");
}

void error_is_its_own(Session &s) {
  PJRT_Error *first = raw_error(s);
  PJRT_Error *second = raw_error(s);
  expect(first != second, "two errors that are alive are the same object");
  s.take(first);
  expect(!s.take(second).message.empty(), "an error's text went with another error");
}

void destroy_null(Session &s) {
  PJRT_Error_Destroy_Args destroy{};
  destroy.struct_size = abi::struct_size<PJRT_Error_Destroy_Args>;
  s.call_raw(destroy);
}

}  // namespace

std::vector<Check> table_checks() {
  return {
      {"table.version", "the version is one that can be used", version},
      {"table.version_struct_size", "PJRT_Api_Version has its size", version_struct_size},
      {"table.struct_size", "the table has every function of its minor", table_size},
      {"table.no_empty_slot", "no function inside the table is NULL", no_empty_slot},
      {"table.extension_chain", "extensions are a chain of sound structs", extension_chain},
      {"table.extension_types_once", "no extension type is there twice", extension_types_once},
      {"table.small_struct_refused", "a struct that is too small is an error", small_struct},
      {"table.empty_struct_refused", "a struct_size of 0 is an error", empty_struct},
      {"table.large_struct_taken", "a struct of a newer minor is taken", large_struct},
      {"plugin.initialize_twice", "PJRT_Plugin_Initialize may be called again", initialize_twice},
      {"plugin.attributes", "attributes have names and known kinds", attributes},
      {"plugin.attributes_stay", "attributes are the same at each call", attributes_stay},
      {"plugin.stablehlo_versions", "the range of StableHLO versions is sound", stablehlo_versions},
  };
}

std::vector<Check> error_checks() {
  return {
      {"error.has_text", "an error has a message", error_has_text},
      {"error.has_code", "an error has one of the sixteen codes", error_has_code},
      {"error.text_stays", "the same mistake gives the same text", error_text_stays},
      {"error.read_twice", "an error's text can be read again", error_read_twice},
      {"error.payloads", "payloads can be listed and have keys", error_payloads},
      {"error.is_its_own", "errors are objects of their own", error_is_its_own},
      {"error.destroy_null", "PJRT_Error_Destroy takes NULL", destroy_null},
  };
}

}  // namespace pje::conform
