#include "core/program.hpp"

#include <bit>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/wire.hpp"

namespace pje {

namespace {

constexpr std::string_view kBytecodeMagic = "ML\xEFR";

bool is_bytecode(std::string_view code) noexcept { return code.starts_with(kBytecodeMagic); }

// Numbers of MLIR bytecode: the zero bits at the low end of the first byte tell how many bytes follow it.
bool read_number(std::string_view *rest, uint64_t *value) noexcept {
  if (rest->empty()) return false;
  auto first = static_cast<unsigned char>(rest->front());
  size_t extra = first == 0 ? 8 : static_cast<size_t>(std::countr_zero(first));
  if (rest->size() < extra + 1) return false;
  uint64_t number = 0;
  size_t begin = extra == 8 ? 1 : 0;
  for (size_t i = extra + 1; i-- > begin;) number = number << 8 | static_cast<unsigned char>((*rest)[i]);
  *value = extra == 8 ? number : number >> (extra + 1);
  rest->remove_prefix(extra + 1);
  return true;
}

// A section is its number, its length, an alignment with padding if the number's top bit is set, its data.
bool skip_section(std::string_view code, std::string_view *rest, uint32_t *sections) noexcept {
  constexpr unsigned kAligned = 0x80;
  constexpr char kPadding = '\xCB';
  unsigned first = static_cast<unsigned char>(rest->front());
  bool aligned = (first & kAligned) != 0;
  *sections |= uint32_t{1} << (first & 31);
  rest->remove_prefix(1);
  uint64_t length = 0;
  uint64_t alignment = 1;
  if (!read_number(rest, &length)) return false;
  if (aligned && (!read_number(rest, &alignment) || !std::has_single_bit(alignment))) return false;
  while ((code.size() - rest->size()) % alignment != 0) {
    if (!rest->starts_with(kPadding)) return false;
    rest->remove_prefix(1);
  }
  if (length > rest->size()) return false;
  rest->remove_prefix(static_cast<size_t>(length));
  return true;
}

Status check_bytecode(std::string_view code) {
  // Later versions may lay sections out in another way: what they hold is the plugin's to judge.
  constexpr uint64_t kNewestVersion = 6;
  // Strings, dialects, attributes with their offsets, and the operations: bytes that end between two sections
  // lack one of them.
  constexpr uint32_t kNeeded = 0x1F;
  std::string_view rest = code.substr(kBytecodeMagic.size());
  uint64_t version = 0;
  bool whole = read_number(&rest, &version);
  if (whole && version > kNewestVersion) return {};
  size_t producer_end = rest.find('\0');
  whole = whole && producer_end != std::string_view::npos && producer_end + 1 < rest.size();
  if (whole) rest.remove_prefix(producer_end + 1);
  uint32_t sections = 0;
  while (whole && !rest.empty()) whole = skip_section(code, &rest, &sections);
  if (whole && (sections & kNeeded) == kNeeded) return {};
  return invalid_argument(concat("MLIR bytecode of ", code.size(), " bytes is cut short: ",
                                 whole ? "sections are missing" : "a section reaches past the end"));
}

bool is_control(char c) noexcept {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && (byte < '\t' || byte > '\r')) || byte == 0x7F;
}

bool is_utf8_without_nul(std::string_view code) { return utf8_from(code.data(), code.size()) == code; }

bool is_clean_text(std::string_view code) {
  for (char c : code)
    if (is_control(c)) return false;
  return is_utf8_without_nul(code);
}

constexpr uint32_t kModuleName = 1;
constexpr uint32_t kModuleComputations = 3;
constexpr uint32_t kNestedModule = 1;
constexpr uint32_t kNestedConfig = 2;

// A whole HloModuleProto: any fields, among them a computation. The first one is the name.
bool is_hlo_module(std::string_view code) {
  WireReader reader(code);
  WireField field;
  bool has_computation = false;
  while (reader.next(&field)) {
    bool is_name = field.number == kModuleName;
    bool is_computation = field.number == kModuleComputations;
    if ((is_name || is_computation) && field.type != WireType::kBytes) return false;
    if (is_name && !is_utf8_without_nul(field.bytes)) return false;
    has_computation = has_computation || is_computation;
  }
  return reader.at_end() && has_computation;
}

bool is_hlo_module_with_config(std::string_view code) {
  WireReader reader(code);
  WireField field;
  bool has_module = false;
  while (reader.next(&field)) {
    bool expected = field.number == kNestedModule || field.number == kNestedConfig;
    if (!expected || field.type != WireType::kBytes) return false;
    if (field.number == kNestedModule) {
      if (!is_hlo_module(field.bytes)) return false;
      has_module = true;
    }
  }
  return reader.at_end() && has_module;
}

Status check_mlir(std::string_view code) {
  if (is_bytecode(code)) return check_bytecode(code);
  size_t nul = code.find('\0');
  if (nul == std::string_view::npos) return {};
  return invalid_argument(
      concat("MLIR text has a NUL byte at offset ", nul, ": expected text or MLIR bytecode"));
}

}  // namespace

pje_program_format detect_program_format(std::string_view code) {
  // Text first: a message has tags below 0x20 in it, which text has not.
  if (is_bytecode(code) || is_clean_text(code)) return PJE_PROGRAM_MLIR;
  if (is_hlo_module(code)) return PJE_PROGRAM_HLO;
  if (is_hlo_module_with_config(code)) return PJE_PROGRAM_HLO_WITH_CONFIG;
  return is_utf8_without_nul(code) ? PJE_PROGRAM_MLIR : PJE_PROGRAM_AUTO;
}

Result<Ref<Program>> Program::from_bytes(pje_program_format format, std::string code) {
  auto number = static_cast<uint32_t>(format);
  if (number > PJE_PROGRAM_HLO_WITH_CONFIG)
    return invalid_argument(
        concat("argument \"format\" is ", number, ": expected a pje_program_format, 0 to 3"));
  if (code.empty())
    return invalid_argument("the program is empty: expected MLIR text, MLIR bytecode or an HLO proto");
  if (format == PJE_PROGRAM_AUTO) format = detect_program_format(code);
  if (format == PJE_PROGRAM_AUTO) {
    // A text with a stray NUL byte is told so; a message has other control characters in front of its first.
    if (is_clean_text(std::string_view(code).substr(0, code.find('\0')))) PJE_TRY(check_mlir(code));
    return invalid_argument("the program is neither MLIR text, MLIR bytecode nor a whole HLO proto");
  }
  if (format == PJE_PROGRAM_MLIR) PJE_TRY(check_mlir(code));
  return make<Program>(format, std::move(code));
}

Result<Ref<Program>> Program::from_file(const std::string &path) {
  PJE_ASSIGN(std::string code, read_file(path));
  Result<Ref<Program>> program = from_bytes(PJE_PROGRAM_AUTO, std::move(code));
  if (program.ok()) return program;
  Status status = std::move(program).status();
  return failure(status.error()->code(), concat(path, ": ", status.error()->detail()));
}

std::string_view Program::pjrt_format_of(pje_program_format format) noexcept {
  if (format == PJE_PROGRAM_HLO) return "hlo";
  return format == PJE_PROGRAM_HLO_WITH_CONFIG ? "hlo_with_config" : "mlir";
}

void Program::describe_to(PJRT_Program *out) const noexcept {
  out->code = const_cast<char *>(code_.data());
  out->code_size = code_.size();
  out->format = pjrt_format().data();
  out->format_size = pjrt_format().size();
}

}  // namespace pje
