#include "executable.hpp"
#include "wire.hpp"

namespace fake {

std::string ShapeProto(const Shape &shape, int memory_space) {
  WireWriter layout;
  layout.Numbers(1, MinorToMajor(shape.layout, shape.dims.size()));
  if (memory_space != 0) layout.Number(8, static_cast<uint64_t>(memory_space));
  WireWriter proto;
  proto.Number(2, static_cast<uint64_t>(FindType(shape.type)->primitive_type));
  proto.Numbers(3, shape.dims);
  proto.Bytes(5, layout.text());
  proto.Numbers(6, std::vector<int>(shape.dims.size(), 0));
  return proto.text();
}

namespace {

constexpr int kTuple = 13;
// HloInputOutputAliasProto: the compiler may alias, the caller need not donate.
constexpr int kMayAlias = 1;

std::string ResultProto(const std::vector<Shape> &outputs) {
  if (outputs.size() == 1) return ShapeProto(outputs[0]);
  WireWriter tuple;
  tuple.Number(2, kTuple);
  for (const Shape &output : outputs) tuple.Bytes(4, ShapeProto(output));
  return tuple.text();
}

std::string ProgramShapeProto(const Compiled &compiled) {
  WireWriter proto;
  for (const Shape &param : compiled.params) proto.Bytes(1, ShapeProto(param));
  proto.Bytes(2, ResultProto(compiled.outputs));
  for (size_t i = 0; i < compiled.params.size(); ++i) proto.Bytes(3, "arg" + std::to_string(i));
  return proto.text();
}

std::string AliasProto(const Compiled &compiled) {
  WireWriter proto;
  const std::vector<Parameter> &params = compiled.module.main().params;
  for (size_t i = 0; i < params.size(); ++i) {
    if (params[i].aliased_output < 0) continue;
    WireWriter entry;
    if (compiled.outputs.size() != 1) entry.Numbers(1, std::vector<int64_t>{params[i].aliased_output});
    if (i != 0) entry.Number(2, i);
    entry.Number(4, kMayAlias);
    proto.Bytes(1, entry.text());
  }
  return proto.text();
}

std::string DonorProto(const Compiled &compiled) {
  WireWriter proto;
  const std::vector<Parameter> &params = compiled.module.main().params;
  for (size_t i = 0; i < params.size(); ++i) {
    if (!params[i].donor) continue;
    WireWriter entry;
    if (i != 0) entry.Number(1, i);
    proto.Bytes(1, entry.text());
  }
  return proto.text();
}

}  // namespace

std::string DescribeModule(const Compiled &compiled) {
  WireWriter module;
  module.Bytes(1, compiled.module.name);
  module.Bytes(2, "main");
  module.Bytes(4, ProgramShapeProto(compiled));
  if (std::string aliases = AliasProto(compiled); !aliases.empty()) module.Bytes(8, aliases);
  if (std::string donors = DonorProto(compiled); !donors.empty()) module.Bytes(18, donors);
  WireWriter with_config;
  with_config.Bytes(1, module.text());
  return with_config.text();
}

std::string AssignmentProto(const CompileSettings &settings, const std::vector<int64_t> &ids) {
  WireWriter proto;
  proto.Number(1, static_cast<uint64_t>(settings.replicas));
  proto.Number(2, static_cast<uint64_t>(settings.partitions));
  size_t partitions = static_cast<size_t>(settings.partitions);
  for (size_t partition = 0; partition < partitions; ++partition) {
    std::vector<int64_t> replicas;
    for (size_t i = partition; i < ids.size(); i += partitions) replicas.push_back(ids[i]);
    WireWriter computation;
    computation.Numbers(1, replicas);
    proto.Bytes(3, computation.text());
  }
  return proto.text();
}

}  // namespace fake
