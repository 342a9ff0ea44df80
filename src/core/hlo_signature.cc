#include "core/hlo_signature.hpp"

#include <string_view>

#include "base/placement.hpp"
#include "base/text.hpp"
#include "base/wire.hpp"
#include "core/primitive_type.hpp"

namespace pje {

namespace {

namespace field {
constexpr uint32_t kModuleInConfig = 1;
constexpr uint32_t kProgramShape = 4;
constexpr uint32_t kInputOutputAlias = 8;
constexpr uint32_t kBufferDonor = 18;
constexpr uint32_t kParameters = 1;
constexpr uint32_t kResult = 2;
constexpr uint32_t kElementType = 2;
constexpr uint32_t kDimensions = 3;
constexpr uint32_t kTupleShapes = 4;
constexpr uint32_t kLayout = 5;
constexpr uint32_t kIsDynamic = 6;
constexpr uint32_t kMinorToMajor = 1;
constexpr uint32_t kEntries = 1;
}  // namespace field

constexpr int kTupleType = 13;
constexpr int kMaxDepth = 64;

// Parameter number and index within it: the two messages that hold them number their fields in their own way.
struct EntryFields {
  uint32_t parameter_number;
  uint32_t parameter_shape_index;
};
constexpr EntryFields kAliasEntry = {2, 3};
constexpr EntryFields kDonorEntry = {1, 2};

struct Shape {
  const ArrayType *type = nullptr;
  std::vector<Shape> members;
  bool is_tuple = false;
  size_t num_leaves = 1;
};

bool read_int64(const WireField &field, std::vector<int64_t> *out) {
  if (field.type == WireType::kVarint) {
    out->push_back(static_cast<int64_t>(field.value));
    return true;
  }
  if (field.type != WireType::kBytes) return false;
  WireReader packed(field.bytes);
  uint64_t value = 0;
  while (!packed.at_end()) {
    if (!packed.varint(&value)) return false;
    out->push_back(static_cast<int64_t>(value));
  }
  return true;
}

bool read_order(std::string_view layout, std::vector<int64_t> *out) {
  WireReader reader(layout);
  WireField field;
  while (reader.next(&field))
    if (field.number == field::kMinorToMajor && !read_int64(field, out)) return false;
  return reader.at_end();
}

const ArrayType *leaf_type(int element_type, const std::vector<int64_t> &dims, bool is_dynamic,
                           const std::vector<int64_t> &order) {
  pje_dtype dtype = dtype_of_primitive_type(element_type);
  if (is_dynamic || dtype == PJE_DTYPE_INVALID || dtype == PJE_TOKEN) return nullptr;
  Result<const ArrayType *> type = intern_array_type(dtype, dims.data(), dims.size());
  if (!type.ok()) return nullptr;
  bool has_order = order.size() == dims.size() && is_permutation(order);
  return has_order ? array_type_in_order(*type.value(), order) : type.value();
}

bool read_shape(std::string_view bytes, int depth, Shape *out) {
  if (depth > kMaxDepth) return false;
  WireReader reader(bytes);
  WireField field;
  int element_type = 0;
  std::vector<int64_t> dims;
  std::vector<int64_t> dynamic;
  std::vector<int64_t> order;
  size_t num_leaves = 0;
  while (reader.next(&field)) {
    switch (field.number) {
      case field::kElementType:
        if (field.type != WireType::kVarint) return false;
        element_type = field.value > INT32_MAX ? 0 : static_cast<int>(field.value);
        break;
      case field::kDimensions:
        if (!read_int64(field, &dims)) return false;
        break;
      case field::kIsDynamic:
        if (!read_int64(field, &dynamic)) return false;
        break;
      case field::kLayout:
        if (field.type != WireType::kBytes || !read_order(field.bytes, &order)) return false;
        break;
      case field::kTupleShapes:
        if (field.type != WireType::kBytes) return false;
        if (!read_shape(field.bytes, depth + 1, &out->members.emplace_back())) return false;
        num_leaves += out->members.back().num_leaves;
        break;
      default:
        break;
    }
  }
  if (!reader.at_end()) return false;
  out->is_tuple = element_type == kTupleType;
  bool is_dynamic = false;
  for (int64_t value : dynamic) is_dynamic = is_dynamic || value != 0;
  if (out->is_tuple)
    out->num_leaves = num_leaves;
  else
    out->type = leaf_type(element_type, dims, is_dynamic, order);
  return true;
}

void flatten(const Shape &shape, std::vector<const ArrayType *> *out) {
  if (!shape.is_tuple) out->push_back(shape.type);
  for (const Shape &member : shape.members)
    if (shape.is_tuple) flatten(member, out);
}

bool read_program_shape(std::string_view bytes, std::vector<Shape> *params, HloSignature *out) {
  WireReader reader(bytes);
  WireField field;
  Shape result;
  result.is_tuple = true;
  while (reader.next(&field)) {
    bool is_shape = field.number == field::kParameters || field.number == field::kResult;
    if (!is_shape) continue;
    if (field.type != WireType::kBytes) return false;
    Shape shape;
    if (!read_shape(field.bytes, 0, &shape)) return false;
    if (field.number == field::kParameters)
      params->push_back(std::move(shape));
    else
      result = std::move(shape);
  }
  if (!reader.at_end()) return false;
  for (const Shape &param : *params) flatten(param, &out->params);
  flatten(result, &out->results);
  out->donated.assign(out->params.size(), false);
  return true;
}

// Marks every leaf below params[number][index...].
bool mark_donated(const std::vector<Shape> &params, uint64_t number, const std::vector<int64_t> &index,
                  HloSignature *out) {
  if (number >= params.size()) return false;
  size_t first = 0;
  for (size_t i = 0; i < number; ++i) first += params[i].num_leaves;
  const Shape *shape = &params[number];
  for (int64_t step : index) {
    if (!shape->is_tuple || step < 0 || static_cast<uint64_t>(step) >= shape->members.size()) return false;
    for (size_t i = 0; i < static_cast<size_t>(step); ++i) first += shape->members[i].num_leaves;
    shape = &shape->members[static_cast<size_t>(step)];
  }
  for (size_t i = 0; i < shape->num_leaves; ++i) out->donated[first + i] = true;
  return true;
}

bool read_entry(std::string_view bytes, const EntryFields &fields, const std::vector<Shape> &params,
                HloSignature *out) {
  WireReader reader(bytes);
  WireField field;
  uint64_t number = 0;
  std::vector<int64_t> index;
  while (reader.next(&field)) {
    if (field.number == fields.parameter_number) {
      if (field.type != WireType::kVarint) return false;
      number = field.value;
    } else if (field.number == fields.parameter_shape_index) {
      if (!read_int64(field, &index)) return false;
    }
  }
  return reader.at_end() && mark_donated(params, number, index, out);
}

bool read_donations(std::string_view bytes, const EntryFields &fields, const std::vector<Shape> &params,
                    HloSignature *out) {
  WireReader reader(bytes);
  WireField field;
  while (reader.next(&field)) {
    if (field.number != field::kEntries) continue;
    if (field.type != WireType::kBytes || !read_entry(field.bytes, fields, params, out)) return false;
  }
  return reader.at_end();
}

// The last value of a message field counts; false when the bytes are no message.
bool find_messages(std::string_view bytes, std::span<const uint32_t> numbers,
                   std::span<std::string_view> found, std::span<bool> present) {
  WireReader reader(bytes);
  WireField field;
  while (reader.next(&field)) {
    for (size_t i = 0; i < numbers.size(); ++i) {
      if (field.number != numbers[i]) continue;
      if (field.type != WireType::kBytes) return false;
      found[i] = field.bytes;
      present[i] = true;
    }
  }
  return reader.at_end();
}

bool read_module(std::string_view bytes, HloSignature *out) {
  constexpr uint32_t kNumbers[] = {field::kProgramShape, field::kInputOutputAlias, field::kBufferDonor};
  std::string_view found[3];
  bool present[3] = {};
  if (!find_messages(bytes, kNumbers, found, present) || !present[0]) return false;
  std::vector<Shape> params;
  return read_program_shape(found[0], &params, out) && read_donations(found[1], kAliasEntry, params, out) &&
         read_donations(found[2], kDonorEntry, params, out);
}

}  // namespace

Result<HloSignature> parse_hlo_signature(std::span<const std::byte> bytes, bool with_config) {
  std::string_view module(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  bool readable = true;
  if (with_config) {
    constexpr uint32_t kNumbers[] = {field::kModuleInConfig};
    std::string_view found[1];
    bool present[1] = {};
    readable = find_messages(module, kNumbers, found, present);
    module = found[0];
  }
  HloSignature signature;
  if (readable && read_module(module, &signature)) return signature;
  return invalid_argument(concat("no program shape in an HLO module of ", bytes.size(),
                                 " bytes: the module is damaged or of another format"));
}

}  // namespace pje
