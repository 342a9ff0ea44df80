#include <algorithm>

#include "host_transfers.hpp"
#include "ops.hpp"

namespace fake {
namespace {

constexpr std::string_view kOtherOps[] = {"return",
                                          "call",
                                          "stablehlo.constant",
                                          "stablehlo.convert",
                                          "stablehlo.compare",
                                          "stablehlo.select",
                                          "stablehlo.dot",
                                          "stablehlo.dot_general",
                                          "stablehlo.reshape",
                                          "stablehlo.transpose",
                                          "stablehlo.broadcast_in_dim",
                                          "stablehlo.iota",
                                          "stablehlo.reduce",
                                          "stablehlo.concatenate",
                                          "stablehlo.slice",
                                          "stablehlo.all_reduce",
                                          "stablehlo.replica_id",
                                          "stablehlo.partition_id",
                                          "stablehlo.tuple",
                                          "stablehlo.get_tuple_element",
                                          "stablehlo.while",
                                          "stablehlo.create_token",
                                          "stablehlo.after_all",
                                          "stablehlo.send",
                                          "stablehlo.recv"};

// The values of one device, by number.
using Frame = std::vector<TensorPtr>;

class Run {
 public:
  Run(const Module &module, int num_partitions, size_t first_device,
      const std::vector<const HostCallbacks *> &hosts)
      : module_(module),
        num_partitions_(static_cast<size_t>(num_partitions)),
        first_device_(first_device),
        hosts_(hosts) {}

  // In lockstep over all devices, so that a collective has every device's operand at hand.
  DeviceTensors CallFunction(const Function &function, const DeviceTensors &arguments, size_t first_device);

 private:
  std::vector<std::vector<TensorPtr>> RunRegion(const Region &region, std::vector<Frame> *devices,
                                                size_t first_device);
  void RunOp(const Op &op, std::vector<Frame> *devices, size_t first_device);
  void RunLoop(const Op &op, Frame *values, size_t device);
  void AllReduce(const Op &op, std::vector<Frame> *devices);
  void CallOp(const Op &op, std::vector<Frame> *devices, size_t first_device);
  Tensor Compute(const Op &op, const Frame &values, size_t device);
  void TalkToHost(const Op &op, Frame *values, size_t device);

  const Module &module_;
  size_t num_partitions_;
  size_t first_device_;
  const std::vector<const HostCallbacks *> &hosts_;
};

const TensorPtr &At(const Op &op, const Frame &values, size_t operand) {
  if (operand >= op.operands.size()) BadOp(op, "too few operands");
  return values[static_cast<size_t>(op.operands[operand])];
}

Tensor ScalarU32(size_t value) {
  Tensor tensor = MakeTensor({PJRT_Buffer_Type_U32, {}});
  std::get<std::vector<uint32_t>>(tensor.values)[0] = static_cast<uint32_t>(value);
  return tensor;
}

Tensor Run::Compute(const Op &op, const Frame &values, size_t device) {
  auto in = [&](size_t operand) -> const Tensor & { return *At(op, values, operand); };
  if (IsBinary(op.name)) return Binary(op, op.name, in(0), in(1));
  if (IsUnary(op.name)) return Unary(op, in(0));
  if (op.name == "stablehlo.convert") return Convert(in(0), op.result_types.at(0));
  if (op.name == "stablehlo.compare") return Compare(op, in(0), in(1));
  if (op.name == "stablehlo.select") return Select(op, in(0), in(1), in(2));
  if (op.name == "stablehlo.dot" || op.name == "stablehlo.dot_general") return Dot(op, in(0), in(1));
  if (op.name == "stablehlo.reshape") return Reshape(op, in(0));
  if (op.name == "stablehlo.transpose") return Transpose(op, in(0));
  if (op.name == "stablehlo.broadcast_in_dim") return BroadcastInDim(op, in(0));
  if (op.name == "stablehlo.iota") return Iota(op);
  if (op.name == "stablehlo.reduce") return Reduce(op, in(0), in(1));
  if (op.name == "stablehlo.slice") return Slice(op, in(0));
  if (op.name == "stablehlo.replica_id") return ScalarU32(device / num_partitions_);
  if (op.name == "stablehlo.partition_id") return ScalarU32(device % num_partitions_);
  if (op.name == "stablehlo.get_tuple_element") return in(static_cast<size_t>(ListOf(op, "start").at(0)));
  if (op.name == "stablehlo.concatenate") {
    std::vector<TensorPtr> parts;
    for (size_t i = 0; i < op.operands.size(); ++i) parts.push_back(At(op, values, i));
    return Concatenate(op, parts);
  }
  BadOp(op, "cannot be run here");
}

void Run::RunLoop(const Op &op, Frame *values, size_t device) {
  std::vector<TensorPtr> state;
  for (size_t i = 0; i < op.operands.size(); ++i) state.push_back(At(op, *values, i));
  std::vector<Frame> one{std::move(*values)};
  while (true) {
    for (size_t i = 0; i < state.size(); ++i)
      one[0][static_cast<size_t>(op.regions.at(0).params.at(i))] = state[i];
    std::vector<TensorPtr> go_on = RunRegion(op.regions[0], &one, device)[0];
    const auto *flag = go_on.size() == 1 ? std::get_if<std::vector<uint8_t>>(&go_on[0]->values) : nullptr;
    if (flag == nullptr || flag->size() != 1) BadOp(op, "the condition is not one boolean");
    if ((*flag)[0] == 0) break;
    for (size_t i = 0; i < state.size(); ++i)
      one[0][static_cast<size_t>(op.regions.at(1).params.at(i))] = state[i];
    state = RunRegion(op.regions[1], &one, device)[0];
    if (state.size() != op.results.size()) BadOp(op, "the body returns another number of values");
  }
  *values = std::move(one[0]);
  for (size_t i = 0; i < state.size(); ++i) (*values)[static_cast<size_t>(op.results[i])] = state[i];
}

void Run::AllReduce(const Op &op, std::vector<Frame> *devices) {
  size_t replicas = devices->size() / num_partitions_;
  Dims groups = op.lists.count("replica_groups") != 0 ? op.lists.at("replica_groups") : Dims();
  size_t group_size =
      groups.empty() ? replicas : static_cast<size_t>(op.lists.at("replica_groups.dims").back());
  if (groups.empty()) {
    for (size_t replica = 0; replica < replicas; ++replica) groups.push_back(static_cast<int64_t>(replica));
  }
  std::string name = ReducerName(op);
  for (size_t partition = 0; partition < num_partitions_; ++partition) {
    for (size_t start = 0; start + group_size <= groups.size(); start += group_size) {
      TensorPtr sum;
      for (size_t i = start; i < start + group_size; ++i) {
        size_t device = static_cast<size_t>(groups[i]) * num_partitions_ + partition;
        if (device >= devices->size()) BadOp(op, Text("there is no replica ", groups[i], " in this run"));
        const TensorPtr &part = At(op, (*devices)[device], 0);
        sum = sum ? std::make_shared<const Tensor>(Binary(op, name, *sum, *part)) : part;
      }
      for (size_t i = start; i < start + group_size; ++i) {
        size_t device = static_cast<size_t>(groups[i]) * num_partitions_ + partition;
        (*devices)[device][static_cast<size_t>(op.results.at(0))] = sum;
      }
    }
  }
}

TensorPtr Token() { return std::make_shared<const Tensor>(Tensor{{PJRT_Buffer_Type_TOKEN, {}}, {}}); }

void Run::TalkToHost(const Op &op, Frame *values, size_t device) {
  const HostCallbacks &host = *hosts_.at(device - first_device_);
  int64_t channel = ListOf(op, "channel_handle").at(0);
  if (op.name == "stablehlo.send") {
    SendToHost(host, channel, *At(op, *values, 0));
    (*values)[static_cast<size_t>(op.results.at(0))] = Token();
    return;
  }
  if (op.results.size() != 2) BadOp(op, "only one array is received at a time here");
  (*values)[static_cast<size_t>(op.results[0])] =
      std::make_shared<const Tensor>(ReceiveFromHost(host, channel, op.result_types[0]));
  (*values)[static_cast<size_t>(op.results[1])] = Token();
}

void Run::CallOp(const Op &op, std::vector<Frame> *devices, size_t first_device) {
  auto callee = op.words.empty() ? module_.functions.end() : module_.functions.find(op.words[0]);
  if (callee == module_.functions.end()) BadOp(op, "no such function");
  DeviceTensors arguments(devices->size());
  for (size_t device = 0; device < devices->size(); ++device) {
    for (size_t i = 0; i < op.operands.size(); ++i)
      arguments[device].push_back(At(op, (*devices)[device], i));
  }
  DeviceTensors results = CallFunction(callee->second, arguments, first_device);
  for (size_t device = 0; device < devices->size(); ++device) {
    for (size_t i = 0; i < op.results.size(); ++i) {
      (*devices)[device][static_cast<size_t>(op.results[i])] = results[device].at(i);
    }
  }
}

void Run::RunOp(const Op &op, std::vector<Frame> *devices, size_t first_device) {
  if (op.name == "stablehlo.tuple") return;
  if (op.name == "stablehlo.all_reduce") return AllReduce(op, devices);
  if (op.name == "call") return CallOp(op, devices, first_device);
  for (size_t device = 0; device < devices->size(); ++device) {
    Frame &values = (*devices)[device];
    if (op.name == "stablehlo.while") {
      RunLoop(op, &values, first_device + device);
      continue;
    }
    if (op.name == "stablehlo.send" || op.name == "stablehlo.recv") {
      TalkToHost(op, &values, first_device + device);
      continue;
    }
    bool is_token = op.name == "stablehlo.create_token" || op.name == "stablehlo.after_all";
    TensorPtr result = is_token ? Token() : op.constant;
    if (!result) result = std::make_shared<const Tensor>(Compute(op, values, first_device + device));
    if (result->type != op.result_types.at(0)) BadOp(op, "the result does not have the declared type");
    if (op.tag >= 0) ShowOutput(*hosts_.at(first_device + device - first_device_), op.tag, *result);
    values[static_cast<size_t>(op.results.at(0))] = std::move(result);
  }
}

std::vector<std::vector<TensorPtr>> Run::RunRegion(const Region &region, std::vector<Frame> *devices,
                                                   size_t first_device) {
  for (const Op &op : region.ops) {
    if (op.name != "return") RunOp(op, devices, first_device);
  }
  std::vector<std::vector<TensorPtr>> returned(devices->size());
  const Op &last = region.ops.back();
  for (size_t device = 0; device < devices->size(); ++device) {
    for (size_t i = 0; i < last.operands.size(); ++i)
      returned[device].push_back(At(last, (*devices)[device], i));
  }
  return returned;
}

DeviceTensors Run::CallFunction(const Function &function, const DeviceTensors &arguments,
                                size_t first_device) {
  std::vector<Frame> devices(arguments.size(), Frame(static_cast<size_t>(function.num_values)));
  for (size_t device = 0; device < arguments.size(); ++device) {
    for (size_t i = 0; i < function.params.size(); ++i) {
      devices[device][static_cast<size_t>(function.body.params[i])] = arguments[device].at(i);
    }
  }
  return RunRegion(function.body, &devices, first_device);
}

}  // namespace

bool IsKnownOp(std::string_view name) {
  return IsElementwise(name) ||
         std::find(std::begin(kOtherOps), std::end(kOtherOps), name) != std::end(kOtherOps);
}

DeviceTensors Interpret(const Module &module, const DeviceTensors &arguments, int num_partitions,
                        size_t first_device, const std::vector<const HostCallbacks *> &hosts) {
  return Run(module, num_partitions, first_device, hosts)
      .CallFunction(module.main(), arguments, first_device);
}

}  // namespace fake
