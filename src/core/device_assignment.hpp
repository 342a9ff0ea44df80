// Which device runs which replica and partition of a program.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/object.hpp"
#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pje {

class Client;
class CompileOptions;
class LoadedExecutable;

class DeviceAssignment final : public Object {
 public:
  using Handle = pje_device_assignment;
  static constexpr ObjectType kType = ObjectType::kDeviceAssignment;

  struct Place {
    int64_t replica;
    int64_t partition;
  };

  // Replica-major: ids[replica * num_partitions + partition]. INVALID_ARGUMENT for what is no assignment.
  static Result<Ref<DeviceAssignment>> create(int64_t num_replicas, int64_t num_partitions,
                                              std::vector<int64_t> ids);
  // What the client uses for options without one.
  static Result<Ref<DeviceAssignment>> default_of(Client &client, int64_t num_replicas,
                                                  int64_t num_partitions);
  // A serialized xla.DeviceAssignmentProto.
  static Result<Ref<DeviceAssignment>> parse(std::string_view bytes);
  // NOT_FOUND when the options have none.
  static Result<Ref<DeviceAssignment>> of_options(const CompileOptions &options);
  static Result<Ref<DeviceAssignment>> of_executable(const LoadedExecutable &executable);
  // What the addressable device `index` of an executable runs.
  static Result<Place> place_of_device(const LoadedExecutable &executable, size_t index);

  int64_t num_replicas() const noexcept { return num_replicas_; }
  int64_t num_partitions() const noexcept { return num_partitions_; }
  std::span<const int64_t> ids() const noexcept { return ids_; }
  // -1 when there is no such place.
  int64_t id_at(Place place) const noexcept;
  // Answers whether the device runs anything.
  bool find(int64_t id, Place *place) const noexcept;
  std::string serialized() const;

 private:
  template <class T, class... Args>
  friend Ref<T> pje::make(Args &&...args);
  DeviceAssignment(int64_t num_replicas, int64_t num_partitions, std::vector<int64_t> ids)
      : num_replicas_(num_replicas), num_partitions_(num_partitions), ids_(std::move(ids)) {}

  const int64_t num_replicas_;
  const int64_t num_partitions_;
  const std::vector<int64_t> ids_;
};

}  // namespace pje
