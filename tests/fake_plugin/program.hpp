// A parsed program, and what compiling it settles.
#pragma once

#include <map>
#include <stdexcept>

#include "tensor.hpp"

namespace fake {

struct ProgramError : std::runtime_error {
  ProgramError(uint32_t code_, const std::string &message) : std::runtime_error(message), code(code_) {}
  uint32_t code;
};

struct Op;

struct Region {
  std::vector<int> params;
  std::vector<Op> ops;
};

struct Op {
  std::string name;
  int line = 0;
  std::vector<int> operands;
  std::vector<int> results;
  std::vector<TensorType> result_types;
  // Named lists of integers; the right side of `[1] x [0]` is under "name.rhs".
  std::map<std::string, Dims> lists;
  // Bare words: the direction of a comparison, the operation of a reduction, a callee.
  std::vector<std::string> words;
  TensorPtr constant;
  // The frontend attribute _xla_tag: output callbacks look at the result. -1 without one.
  int64_t tag = -1;
  std::vector<Region> regions;
};

struct Parameter {
  TensorType type;
  int64_t aliased_output = -1;
  bool donor = false;
  // As mhlo.sharding says; "sdy" stands for any of Shardy's.
  std::string sharding;
  bool donated() const { return donor || aliased_output >= 0; }
};

struct Function {
  std::string name;
  std::vector<Parameter> params;
  std::vector<TensorType> results;
  std::vector<std::string> result_shardings;
  Region body;
  int num_values = 0;
};

struct Module {
  std::string name = "main";
  std::map<std::string, Function> functions;
  bool sharded = false;
  bool has_collectives = false;
  // fake.noop: nothing to run, outputs ready at once.
  bool noop = false;
  const Function &main() const { return functions.at("main"); }
};

// Both throw ProgramError, with the line.
Module ParseModule(std::string_view text);
Tensor ParseDense(std::string_view literal, const TensorType &type, int line);
bool IsKnownOp(std::string_view name);
// Ops whose operands and result all have the one type given after the colon.
bool IsElementwise(std::string_view name);

// One list of arguments and of results per device of the run.
using DeviceTensors = std::vector<std::vector<TensorPtr>>;
struct HostCallbacks;
// `hosts` has one entry per device of the run.
DeviceTensors Interpret(const Module &module, const DeviceTensors &arguments, int num_partitions,
                        size_t first_device, const std::vector<const HostCallbacks *> &hosts);

}  // namespace fake
