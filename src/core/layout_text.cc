#include "core/layout_text.hpp"

#include <charconv>

#include "base/text.hpp"
#include "base/wire.hpp"

namespace pje {

namespace {

constexpr std::string_view kStrides = "strides";

void append_list(std::string &out, std::span<const int64_t> numbers) {
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) out += ',';
    out += numbers[i] == kCombineDimension ? "*" : std::to_string(numbers[i]);
  }
}

// Reads the text from left to right; the first thing that does not fit ends it.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }
  bool sees(char c) const noexcept { return !rest_.empty() && rest_.front() == c; }
  bool take(std::string_view expected) noexcept {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool number(int64_t *out) noexcept {
    auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), *out);
    if (error != std::errc()) return false;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return true;
  }
  // Numbers between commas up to `close`, which is read too; none are fine.
  bool list(std::string_view close, std::vector<int64_t> *out, bool allows_star = false) {
    if (take(close)) return true;
    do {
      int64_t value = kCombineDimension;
      if (!(allows_star && take("*")) && !number(&value)) return false;
      out->push_back(value);
    } while (take(","));
    return take(close);
  }
  bool list_until(char stop, std::vector<int64_t> *out) {
    if (sees(stop) || sees('}')) return true;
    do {
      int64_t value = 0;
      if (!number(&value)) return false;
      out->push_back(value);
    } while (take(","));
    return sees(stop) || sees('}');
  }
  Status wrong(std::string_view expected) const {
    return invalid_argument(
        concat("layout \"", text_, "\" at byte ", text_.size() - rest_.size(), ": expected ", expected));
  }

 private:
  std::string_view text_;
  std::string_view rest_;
};

bool read_tiles(Reader &reader, LayoutData &layout) {
  do {
    std::vector<int64_t> tile;
    if (!reader.take("(") || !reader.list(")", &tile, true)) return false;
    layout.tiles.push_back(std::move(tile));
  } while (reader.sees('('));
  return true;
}

bool read_property(Reader &reader, int64_t *out) {
  return reader.take("(") && reader.number(out) && reader.take(")");
}

}  // namespace

std::string layout_text(const LayoutData &layout) {
  std::string out;
  if (layout.strided) {
    out = concat(kStrides, "(");
    append_list(out, layout.byte_strides);
    return out + ")";
  }
  out = "{";
  append_list(out, layout.minor_to_major);
  std::string properties;
  if (!layout.tiles.empty()) properties += 'T';
  for (const std::vector<int64_t> &tile : layout.tiles) {
    properties += '(';
    append_list(properties, tile);
    properties += ')';
  }
  if (layout.tail_padding != 1) properties += concat("L(", layout.tail_padding, ")");
  if (layout.element_size_in_bits != 0) properties += concat("E(", layout.element_size_in_bits, ")");
  if (layout.memory_space != 0) properties += concat("S(", layout.memory_space, ")");
  if (!properties.empty()) out += concat(":", properties);
  return out + "}";
}

Result<LayoutData> parse_layout_text(std::string_view text) {
  Reader reader(text);
  LayoutData layout;
  if (reader.take(kStrides)) {
    layout.strided = true;
    if (!reader.take("(") || !reader.list(")", &layout.byte_strides) || !reader.at_end())
      return reader.wrong("byte strides such as strides(8,-4)");
    return layout;
  }
  if (!reader.take("{") || !reader.list_until(':', &layout.minor_to_major))
    return reader.wrong("dimensions from the fastest on, such as {1,0}");
  if (reader.take(":")) {
    bool read = true;
    while (read && !reader.at_end() && !reader.sees('}')) {
      if (reader.take("T"))
        read = read_tiles(reader, layout);
      else if (reader.take("L"))
        read = read_property(reader, &layout.tail_padding);
      else if (reader.take("E"))
        read = read_property(reader, &layout.element_size_in_bits);
      else if (reader.take("S"))
        read = read_property(reader, &layout.memory_space);
      else
        read = false;
    }
    if (!read) return reader.wrong("T(tile)…, L(tail padding), E(bits of an element) or S(memory space)");
  }
  if (!reader.take("}") || !reader.at_end()) return reader.wrong("} and the end");
  return layout;
}

namespace {

// Numbers of the fields of LayoutProto and TileProto.
constexpr uint32_t kMinorToMajor = 1;
constexpr uint32_t kTiles = 6;
constexpr uint32_t kElementSize = 7;
constexpr uint32_t kMemorySpace = 8;
constexpr uint32_t kDimLevelTypes = 9;
constexpr uint32_t kDimUnique = 13;
constexpr uint32_t kDimOrdered = 14;
constexpr uint32_t kTailPadding = 16;
constexpr uint32_t kTileDimensions = 1;

void append_varint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append_field(std::string &out, uint32_t number, WireType type) {
  append_varint(out, uint64_t{number} << 3 | static_cast<uint64_t>(type));
}

void append_bytes(std::string &out, uint32_t number, std::string_view bytes) {
  append_field(out, number, WireType::kBytes);
  append_varint(out, bytes.size());
  out += bytes;
}

void append_number(std::string &out, uint32_t number, int64_t value) {
  if (value == 0) return;
  append_field(out, number, WireType::kVarint);
  append_varint(out, static_cast<uint64_t>(value));
}

void append_packed(std::string &out, uint32_t number, std::span<const int64_t> values) {
  if (values.empty()) return;
  std::string packed;
  for (int64_t value : values) append_varint(packed, static_cast<uint64_t>(value));
  append_bytes(out, number, packed);
}

// A repeated number comes packed or one by one.
bool read_numbers(const WireField &field, std::vector<int64_t> *out) {
  if (field.type == WireType::kVarint) {
    out->push_back(static_cast<int64_t>(field.value));
    return true;
  }
  if (field.type != WireType::kBytes) return false;
  WireReader reader(field.bytes);
  for (uint64_t value = 0; !reader.at_end();) {
    if (!reader.varint(&value)) return false;
    out->push_back(static_cast<int64_t>(value));
  }
  return true;
}

bool read_number(const WireField &field, int64_t *out) {
  *out = static_cast<int64_t>(field.value);
  return field.type == WireType::kVarint;
}

bool read_tile(const WireField &field, LayoutData *layout) {
  if (field.type != WireType::kBytes) return false;
  std::vector<int64_t> tile;
  WireReader reader(field.bytes);
  for (WireField inner; reader.next(&inner);)
    if (inner.number != kTileDimensions || !read_numbers(inner, &tile)) return false;
  layout->tiles.push_back(std::move(tile));
  return !reader.failed();
}

// How sparse arrays mark their dimensions; a dense one may say so.
bool says_dense(const WireField &field) {
  std::vector<int64_t> values;
  int64_t dense = field.number == kDimLevelTypes ? 0 : 1;
  if (!read_numbers(field, &values)) return false;
  for (int64_t value : values)
    if (value != dense) return false;
  return true;
}

bool read_field(const WireField &field, LayoutData *layout, bool *known) {
  *known = true;
  switch (field.number) {
    case kMinorToMajor:
      return read_numbers(field, &layout->minor_to_major);
    case kTiles:
      return read_tile(field, layout);
    case kElementSize:
      return read_number(field, &layout->element_size_in_bits);
    case kMemorySpace:
      return read_number(field, &layout->memory_space);
    case kTailPadding:
      return read_number(field, &layout->tail_padding);
    case kDimLevelTypes:
    case kDimUnique:
    case kDimOrdered:
      *known = says_dense(field);
      return true;
    default:
      *known = field.type == WireType::kVarint && field.value == 0;
      return true;
  }
}

}  // namespace

std::string layout_message(const LayoutData &layout) {
  std::string out;
  append_packed(out, kMinorToMajor, layout.minor_to_major);
  for (const std::vector<int64_t> &tile : layout.tiles) {
    std::string message;
    append_packed(message, kTileDimensions, tile);
    append_bytes(out, kTiles, message);
  }
  append_number(out, kElementSize, layout.element_size_in_bits);
  append_number(out, kMemorySpace, layout.memory_space);
  if (layout.tail_padding != 1) append_number(out, kTailPadding, layout.tail_padding);
  return out;
}

Result<LayoutData> parse_layout_message(std::string_view bytes) {
  LayoutData layout;
  WireReader reader(bytes);
  for (WireField field; reader.next(&field);) {
    bool known = true;
    if (!read_field(field, &layout, &known))
      return invalid_argument(
          concat("the ", bytes.size(), " bytes are no LayoutProto: field ", field.number, " does not fit"));
    if (!known)
      return failure(PJE_UNIMPLEMENTED, concat("the LayoutProto sets field ", field.number,
                                               ", which this library cannot keep: a sparse or split array"));
  }
  if (reader.failed()) return invalid_argument(concat("the ", bytes.size(), " bytes are no LayoutProto"));
  if (layout.tail_padding == 0) layout.tail_padding = 1;
  return layout;
}

}  // namespace pje
