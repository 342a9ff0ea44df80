#include "pjrt_easy/device_assignment.h"

#include "capi/compile_options.hpp"
#include "core/device_assignment.hpp"
#include "core/loaded_executable.hpp"

using pje::Client;
using pje::CompileOptions;
using pje::DeviceAssignment;
using pje::LoadedExecutable;
using pje::Ref;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

extern "C" {

PJE_RETAIN_RELEASE(DeviceAssignment, pje_device_assignment)

pje_error *pje_device_assignment_create(int64_t num_replicas, int64_t num_partitions,
                                        const int64_t *device_ids, size_t num_device_ids,
                                        pje_device_assignment **out) noexcept {
  return guarded("pje_device_assignment_create", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_INPUT(device_ids, num_device_ids);
    PJE_ASSIGN(
        Ref<DeviceAssignment> made,
        DeviceAssignment::create(num_replicas, num_partitions, {device_ids, device_ids + num_device_ids}));
    *out = std::move(made).to_public();
    return {};
  });
}

pje_error *pje_client_default_device_assignment(pje_client *client, int64_t num_replicas,
                                                int64_t num_partitions,
                                                pje_device_assignment **out) noexcept {
  constexpr const char *function = "pje_client_default_device_assignment";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(Ref<DeviceAssignment> made, DeviceAssignment::default_of(owner, num_replicas, num_partitions));
    *out = std::move(made).to_public();
    return {};
  });
}

pje_error *pje_device_assignment_from_bytes(const void *data, size_t size,
                                            pje_device_assignment **out) noexcept {
  return guarded("pje_device_assignment_from_bytes", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(data);
    PJE_ASSIGN(Ref<DeviceAssignment> made, DeviceAssignment::parse({static_cast<const char *>(data), size}));
    *out = std::move(made).to_public();
    return {};
  });
}

pje_error *pje_device_assignment_serialize(const pje_device_assignment *assignment,
                                           pje_bytes **out) noexcept {
  constexpr const char *function = "pje_device_assignment_serialize";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(DeviceAssignment, self, assignment);
    *out = pje::make<pje::Bytes>(self.serialized()).to_public();
    return {};
  });
}

int64_t pje_device_assignment_num_replicas(const pje_device_assignment *assignment) noexcept {
  return answered<DeviceAssignment>("pje_device_assignment_num_replicas", "assignment", assignment,
                                    int64_t{0}, [](DeviceAssignment &a) { return a.num_replicas(); });
}

int64_t pje_device_assignment_num_partitions(const pje_device_assignment *assignment) noexcept {
  return answered<DeviceAssignment>("pje_device_assignment_num_partitions", "assignment", assignment,
                                    int64_t{0}, [](DeviceAssignment &a) { return a.num_partitions(); });
}

const int64_t *pje_device_assignment_device_ids(const pje_device_assignment *assignment) noexcept {
  return answered<DeviceAssignment>("pje_device_assignment_device_ids", "assignment", assignment,
                                    static_cast<const int64_t *>(nullptr),
                                    [](DeviceAssignment &a) { return a.ids().data(); });
}

int64_t pje_device_assignment_device_id(const pje_device_assignment *assignment, int64_t replica,
                                        int64_t partition) noexcept {
  return answered<DeviceAssignment>("pje_device_assignment_device_id", "assignment", assignment, int64_t{-1},
                                    [&](DeviceAssignment &a) {
                                      return a.id_at({replica, partition});
                                    });
}

bool pje_device_assignment_find(const pje_device_assignment *assignment, int64_t device_id, int64_t *replica,
                                int64_t *partition) noexcept {
  return answered<DeviceAssignment>("pje_device_assignment_find", "assignment", assignment, false,
                                    [&](DeviceAssignment &a) {
                                      DeviceAssignment::Place place{};
                                      if (!a.find(device_id, &place)) return false;
                                      if (replica != nullptr) *replica = place.replica;
                                      if (partition != nullptr) *partition = place.partition;
                                      return true;
                                    });
}

pje_error *pje_compile_options_set_assignment(pje_compile_options *options,
                                              const pje_device_assignment *assignment) noexcept {
  constexpr const char *function = "pje_compile_options_set_assignment";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(CompileOptions, self, options);
    PJE_HANDLE(DeviceAssignment, given, assignment);
    return self.set_device_assignment(given.num_replicas(), given.num_partitions(), given.ids());
  });
}

pje_error *pje_compile_options_get_assignment(const pje_compile_options *options,
                                              pje_device_assignment **out) noexcept {
  constexpr const char *function = "pje_compile_options_get_assignment";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_ASSIGN(Ref<DeviceAssignment> found, DeviceAssignment::of_options(self));
    *out = std::move(found).to_public();
    return {};
  });
}

pje_error *pje_loaded_executable_device_assignment(const pje_loaded_executable *executable,
                                                   pje_device_assignment **out) noexcept {
  constexpr const char *function = "pje_loaded_executable_device_assignment";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(LoadedExecutable, self, executable);
    PJE_ASSIGN(Ref<DeviceAssignment> found, DeviceAssignment::of_executable(self));
    *out = std::move(found).to_public();
    return {};
  });
}

pje_error *pje_loaded_executable_logical_ids(const pje_loaded_executable *executable, size_t index,
                                             int64_t *replica, int64_t *partition) noexcept {
  constexpr const char *function = "pje_loaded_executable_logical_ids";
  return guarded(function, clearing(replica, partition), [&]() -> Status {
    PJE_OUT(replica);
    PJE_OUT(partition);
    PJE_HANDLE(LoadedExecutable, self, executable);
    PJE_ASSIGN(DeviceAssignment::Place place, DeviceAssignment::place_of_device(self, index));
    *replica = place.replica;
    *partition = place.partition;
    return {};
  });
}

}  // extern "C"
