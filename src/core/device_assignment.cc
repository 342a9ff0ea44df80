#include "core/device_assignment.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/compile_options_message.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

Result<Ref<DeviceAssignment>> DeviceAssignment::create(int64_t num_replicas, int64_t num_partitions,
                                                       std::vector<int64_t> ids) {
  PJE_TRY(options::check_assignment(num_replicas, num_partitions, ids));
  return make<DeviceAssignment>(num_replicas, num_partitions, std::move(ids));
}

Result<Ref<DeviceAssignment>> DeviceAssignment::default_of(Client &client, int64_t num_replicas,
                                                           int64_t num_partitions) {
  auto num_devices = static_cast<int64_t>(client.devices().size());
  // Not every plugin compares with its devices; then it would make devices up.
  if (num_replicas < 1 || num_partitions < 1 || num_replicas > num_devices ||
      num_partitions > num_devices / num_replicas)
    return invalid_argument(concat("num_replicas is ", num_replicas, " and num_partitions is ",
                                   num_partitions, ": expected 1 or more of each, and a product of at most ",
                                   num_devices, ", the number of the client's devices"));
  std::vector<int> ids(static_cast<size_t>(num_replicas * num_partitions));
  auto args = abi::zeroed<PJRT_Client_DefaultDeviceAssignment_Args>();
  args.client = client.raw();
  args.num_replicas = static_cast<int>(num_replicas);
  args.num_partitions = static_cast<int>(num_partitions);
  args.default_assignment_size = ids.size();
  args.default_assignment = ids.data();
  PJE_TRY(client.api().call(args));
  return create(num_replicas, num_partitions, {ids.begin(), ids.end()});
}

Result<Ref<DeviceAssignment>> DeviceAssignment::parse(std::string_view bytes) {
  options::proto::DeviceAssignmentProto message;
  PJE_TRY(options::parse_bytes(bytes, "data", message));
  PJE_TRY(options::check_assignment(message));
  return create(message.replica_count(), message.computation_count(), options::ids_of(message));
}

Result<Ref<DeviceAssignment>> DeviceAssignment::of_options(const CompileOptions &options) {
  size_t replicas = 0;
  size_t partitions = 0;
  std::span<const int64_t> ids = options.device_assignment(&replicas, &partitions);
  if (ids.empty()) return failure(PJE_NOT_FOUND, "device_assignment is not set");
  return create(static_cast<int64_t>(replicas), static_cast<int64_t>(partitions), {ids.begin(), ids.end()});
}

Result<Ref<DeviceAssignment>> DeviceAssignment::of_executable(const LoadedExecutable &executable) {
  PJE_TRY(executable.check_not_deleted());
  auto args = abi::zeroed<PJRT_LoadedExecutable_GetDeviceAssignment_Args>();
  args.executable = executable.raw();
  PJE_TRY(executable.client().api().call(args));
  std::string bytes(args.serialized_bytes == nullptr ? "" : args.serialized_bytes,
                    args.serialized_bytes_size);
  if (args.serialized_device_assignment_deleter != nullptr)
    args.serialized_device_assignment_deleter(args.serialized_device_assignment);
  Result<Ref<DeviceAssignment>> assignment = parse(bytes);
  if (assignment.ok()) return assignment;
  Status status = std::move(assignment).status();
  return failure_of("PJRT_LoadedExecutable_GetDeviceAssignment", PJE_INTERNAL, status.error()->detail());
}

Result<DeviceAssignment::Place> DeviceAssignment::place_of_device(const LoadedExecutable &executable,
                                                                  size_t index) {
  size_t count = executable.devices().size();
  if (index >= count)
    return failure(PJE_OUT_OF_RANGE, concat("argument \"index\" is ", index, ": the executable has ", count,
                                            " addressable devices"));
  PJE_TRY(executable.check_not_deleted());
  const abi::Api &api = executable.client().api();
  if (!api.has<PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args>()) {
    PJE_ASSIGN(Ref<DeviceAssignment> assignment, of_executable(executable));
    Place place{};
    if (!assignment->find(executable.devices()[index]->id(), &place))
      return failure_of("PJRT_LoadedExecutable_GetDeviceAssignment", PJE_INTERNAL,
                        concat("it does not name device ", executable.devices()[index]->id()));
    return place;
  }
  auto args = abi::zeroed<PJRT_LoadedExecutable_AddressableDeviceLogicalIds_Args>();
  args.executable = executable.raw();
  PJE_TRY(api.call(args));
  if (args.num_addressable_device_logical_ids != count || args.addressable_device_logical_ids == nullptr)
    return failure_of("PJRT_LoadedExecutable_AddressableDeviceLogicalIds", PJE_INTERNAL,
                      concat("the plugin answered ", args.num_addressable_device_logical_ids, " ids for ",
                             count, " devices"));
  const PJRT_LogicalDeviceIds &ids = args.addressable_device_logical_ids[index];
  return Place{ids.replica, ids.partition};
}

int64_t DeviceAssignment::id_at(Place place) const noexcept {
  bool exists = place.replica >= 0 && place.replica < num_replicas_ && place.partition >= 0 &&
                place.partition < num_partitions_;
  return exists ? ids_[static_cast<size_t>(place.replica * num_partitions_ + place.partition)] : -1;
}

bool DeviceAssignment::find(int64_t id, Place *place) const noexcept {
  auto found = std::find(ids_.begin(), ids_.end(), id);
  if (found == ids_.end()) return false;
  int64_t position = found - ids_.begin();
  *place = {position / num_partitions_, position % num_partitions_};
  return true;
}

std::string DeviceAssignment::serialized() const {
  return options::bytes_of(options::assignment_message(num_replicas_, num_partitions_, ids_));
}

}  // namespace pje
