// Layouts of arguments and results, the device assignment, compilation environments.
#include <algorithm>
#include <unordered_set>

#include "base/checked.hpp"
#include "base/text.hpp"
#include "core/compile_options_message.hpp"
#include "core/layout.hpp"
#include "core/primitive_type.hpp"

namespace pje {

using options::build;
namespace proto = options::proto;

namespace {

constexpr size_t kLargestRank = 64;

Status check_permutation(std::string_view field, std::span<const int64_t> order) {
  std::vector<bool> seen(order.size());
  for (int64_t dimension : order) {
    if (dimension < 0 || dimension >= static_cast<int64_t>(order.size()) ||
        seen[static_cast<size_t>(dimension)])
      return invalid_argument(concat(field, ": minor_to_major is ", dims_text(order),
                                     ": expected each of the dimensions 0 to ", order.size() - 1, " once"));
    seen[static_cast<size_t>(dimension)] = true;
  }
  return {};
}

Status take_layout(std::string_view field, const ArrayLayout &given, proto::ShapeProto &shape) {
  PJE_ASSIGN(const ArrayType *type, intern_array_type(given.dtype, given.dims.data(), given.dims.size()));
  PJE_TRY(check_layout_rank(*given.layout, *type));
  Ref<Layout> layout;
  if (given.layout->data().strided) {
    PJE_ASSIGN(layout, Layout::of_dense_strides(*type, given.layout->data().byte_strides));
  }
  PJE_ASSIGN(std::string message, (layout ? *layout : *given.layout).message());
  return options::parse_bytes(message, field, *shape.mutable_layout());
}

Status shape_from(std::string_view field, const ArrayLayout &layout, proto::ShapeProto *out) {
  int type = primitive_type_of(layout.dtype);
  if (type == 0)
    return invalid_argument(concat(field, ": dtype ", static_cast<int>(layout.dtype), " has no XLA type"));
  if (layout.dims.size() > kLargestRank)
    return invalid_argument(
        concat(field, ": rank is ", layout.dims.size(), ": expected ", kLargestRank, " or less"));
  proto::ShapeProto shape;
  shape.set_element_type(static_cast<proto::PrimitiveType>(type));
  for (int64_t size : layout.dims) {
    if (size < 0)
      return invalid_argument(
          concat(field, ": dims is ", dims_text(layout.dims), ": expected 0 or more each"));
    shape.add_dimensions(size);
    // XLA compares the lengths of both lists.
    shape.add_is_dynamic_dimension(false);
  }
  if (layout.layout != nullptr) {
    PJE_TRY(take_layout(field, layout, shape));
    *out = std::move(shape);
    return {};
  }
  std::vector<int64_t> order = row_major_order(layout.dims.size());
  if (layout.minor_to_major != nullptr) std::copy_n(layout.minor_to_major, order.size(), order.begin());
  PJE_TRY(check_permutation(field, order));
  shape.mutable_layout()->mutable_minor_to_major()->Add(order.begin(), order.end());
  *out = std::move(shape);
  return {};
}

Status parse_shape(std::string_view bytes, std::string_view field, proto::ShapeProto *out) {
  proto::ShapeProto shape;
  PJE_TRY(options::parse_bytes(bytes, field, shape));
  // What is no shape at all often parses as one that has only unknown fields.
  if (shape.element_type() == proto::PRIMITIVE_TYPE_INVALID)
    return invalid_argument(concat(field, ": the ", bytes.size(), " bytes are a ShapeProto without a type"));
  *out = std::move(shape);
  return {};
}

Result<ArrayLayout> layout_of(std::string_view field, const proto::ShapeProto &shape) {
  ArrayLayout layout;
  layout.dtype = dtype_of_primitive_type(shape.element_type());
  if (layout.dtype == PJE_DTYPE_INVALID)
    return failure(PJE_FAILED_PRECONDITION,
                   concat(field, " is a ", proto::PrimitiveType_Name(shape.element_type()),
                          ", which is no array: read its bytes"));
  layout.dims = {shape.dimensions().data(), static_cast<size_t>(shape.dimensions_size())};
  if (shape.has_layout()) layout.minor_to_major = shape.layout().minor_to_major().data();
  return layout;
}

Status no_such_layout(size_t index, int count) {
  return failure(PJE_OUT_OF_RANGE, concat("argument layout ", index, " of ", count));
}

Status check_ids(std::span<const int64_t> ids) {
  std::unordered_set<int64_t> seen;
  for (int64_t id : ids) {
    if (id < 0) return invalid_argument(concat("device_assignment: device id ", id, ": expected 0 or more"));
    if (!seen.insert(id).second)
      return invalid_argument(concat("device_assignment: device id ", id, " stands there twice"));
  }
  return {};
}

}  // namespace

namespace options {

Status check_assignment(const proto::DeviceAssignmentProto &assignment) {
  bool square = assignment.replica_count() >= 1 && assignment.computation_count() >= 1 &&
                assignment.computation_devices_size() == assignment.computation_count();
  std::vector<int64_t> ids;
  for (const auto &partition : assignment.computation_devices()) {
    square = square && partition.replica_device_ids_size() == assignment.replica_count();
    ids.insert(ids.end(), partition.replica_device_ids().begin(), partition.replica_device_ids().end());
  }
  if (!square)
    return invalid_argument(concat("device_assignment: its lists do not fit its ", assignment.replica_count(),
                                   " replicas and ", assignment.computation_count(), " partitions"));
  return check_ids(ids);
}

Status check_assignment(int64_t replicas, int64_t partitions, std::span<const int64_t> ids) {
  int64_t expected = 0;
  if (replicas < 1 || partitions < 1 || replicas > INT32_MAX || partitions > INT32_MAX ||
      !checked_mul(replicas, partitions, &expected) || static_cast<uint64_t>(expected) != ids.size())
    return invalid_argument(concat("device_assignment: ", ids.size(), " device ids for num_replicas ",
                                   replicas, " and num_partitions ", partitions,
                                   ": expected 1 or more of each, and their product of ids"));
  return check_ids(ids);
}

proto::DeviceAssignmentProto assignment_message(int64_t replicas, int64_t partitions,
                                                std::span<const int64_t> ids) {
  proto::DeviceAssignmentProto assignment;
  assignment.set_replica_count(static_cast<int32_t>(replicas));
  assignment.set_computation_count(static_cast<int32_t>(partitions));
  size_t columns = static_cast<size_t>(partitions);
  for (size_t partition = 0; partition < columns; ++partition) {
    auto *devices = assignment.add_computation_devices();
    for (size_t i = partition; i < ids.size(); i += columns) devices->add_replica_device_ids(ids[i]);
  }
  return assignment;
}

std::vector<int64_t> ids_of(const proto::DeviceAssignmentProto &assignment) {
  std::vector<int64_t> ids;
  for (int replica = 0; replica < assignment.replica_count(); ++replica)
    for (const auto &devices : assignment.computation_devices())
      ids.push_back(devices.replica_device_ids(replica));
  return ids;
}

}  // namespace options

size_t CompileOptions::num_argument_layouts() const noexcept {
  return static_cast<size_t>(message_->argument_layouts_size());
}

Status CompileOptions::add_argument_layout(const ArrayLayout &layout) {
  proto::ShapeProto shape;
  PJE_TRY(shape_from("argument_layouts", layout, &shape));
  *message_->add_argument_layouts() = std::move(shape);
  return {};
}

Status CompileOptions::add_argument_layout_bytes(std::string_view bytes) {
  proto::ShapeProto shape;
  PJE_TRY(parse_shape(bytes, "argument_layouts", &shape));
  *message_->add_argument_layouts() = std::move(shape);
  return {};
}

Result<ArrayLayout> CompileOptions::argument_layout(size_t index) const {
  if (index >= num_argument_layouts()) return no_such_layout(index, message_->argument_layouts_size());
  return layout_of("the argument's layout", message_->argument_layouts(static_cast<int>(index)));
}

Result<std::string> CompileOptions::argument_layout_bytes(size_t index) const {
  if (index >= num_argument_layouts()) return no_such_layout(index, message_->argument_layouts_size());
  return options::bytes_of(message_->argument_layouts(static_cast<int>(index)));
}

Status CompileOptions::set_result_layout(const ArrayLayout &layout) {
  proto::ShapeProto shape;
  PJE_TRY(shape_from("result_layout", layout, &shape));
  *build(*message_).mutable_result_layout() = std::move(shape);
  return {};
}

Status CompileOptions::set_result_layout_bytes(std::string_view bytes) {
  proto::ShapeProto shape;
  PJE_TRY(parse_shape(bytes, "result_layout", &shape));
  *build(*message_).mutable_result_layout() = std::move(shape);
  return {};
}

Result<ArrayLayout> CompileOptions::result_layout() const {
  const auto &settings = build(std::as_const(*message_));
  if (!settings.has_result_layout()) return failure(PJE_NOT_FOUND, "result_layout is not set");
  return layout_of("result_layout", settings.result_layout());
}

Result<std::string> CompileOptions::result_layout_bytes() const {
  const auto &settings = build(std::as_const(*message_));
  if (!settings.has_result_layout()) return failure(PJE_NOT_FOUND, "result_layout is not set");
  return options::bytes_of(settings.result_layout());
}

Status CompileOptions::set_device_assignment(int64_t replicas, int64_t partitions,
                                             std::span<const int64_t> ids) {
  PJE_TRY(options::check_assignment(replicas, partitions, ids));
  proto::DeviceAssignmentProto assignment = options::assignment_message(replicas, partitions, ids);
  std::vector<int64_t> kept(ids.begin(), ids.end());
  build(*message_).set_num_replicas(replicas);
  build(*message_).set_num_partitions(partitions);
  *build(*message_).mutable_device_assignment() = std::move(assignment);
  assignment_ = std::move(kept);
  return {};
}

std::span<const int64_t> CompileOptions::device_assignment(size_t *num_replicas,
                                                           size_t *num_partitions) const noexcept {
  const auto &assignment = build(std::as_const(*message_)).device_assignment();
  *num_replicas = static_cast<size_t>(assignment.replica_count());
  *num_partitions = static_cast<size_t>(assignment.computation_count());
  return assignment_;
}

void CompileOptions::read_assignment() {
  assignment_ = options::ids_of(build(std::as_const(*message_)).device_assignment());
}

size_t CompileOptions::num_compilation_environments() const noexcept {
  return static_cast<size_t>(build(std::as_const(*message_)).comp_envs().environments_size());
}

Status CompileOptions::add_compilation_environment(std::string_view type_url, std::string_view value) {
  if (type_url.empty()) return invalid_argument("argument \"type_url\" is empty");
  PJE_TRY(options::check_utf8(type_url, "argument \"type_url\""));
  proto::PackedMessage environment;
  environment.set_type_url(std::string(type_url));
  environment.set_value(std::string(value));
  *build(*message_).mutable_comp_envs()->add_environments() = std::move(environment);
  return {};
}

const std::string *CompileOptions::compilation_environment_type_url(size_t index) const noexcept {
  if (index >= num_compilation_environments()) return nullptr;
  return &build(std::as_const(*message_)).comp_envs().environments(static_cast<int>(index)).type_url();
}

const std::string *CompileOptions::compilation_environment_value(size_t index) const noexcept {
  if (index >= num_compilation_environments()) return nullptr;
  return &build(std::as_const(*message_)).comp_envs().environments(static_cast<int>(index)).value();
}

}  // namespace pje
