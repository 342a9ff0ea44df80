#include "core/device_calls.hpp"

#include "capi/guard.hpp"
#include "core/dma_mapping.hpp"
#include "pjrt_easy/device_calls.h"

using pje::Client;
using pje::Device;
using pje::DmaMapping;
using pje::Error;
using pje::NamedValues;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::TrackingEvent;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

Status give(Result<Ref<NamedValues>> values, pje_named_values **out) {
  if (!values.ok()) return std::move(values).status();
  *out = std::move(values).value().to_public();
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(TrackingEvent, pje_tracking_event)
PJE_RETAIN_RELEASE(DmaMapping, pje_dma_mapping)

pje_error *pje_device_current_attributes(pje_device *device, pje_named_values **out) noexcept {
  constexpr const char *function = "pje_device_current_attributes";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Device, asked, device);
    return give(pje::device_attributes(asked), out);
  });
}

pje_error *pje_device_memory_stats(pje_device *device, pje_named_values **out) noexcept {
  constexpr const char *function = "pje_device_memory_stats";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Device, asked, device);
    return give(pje::memory_stats(asked), out);
  });
}

pje_error *pje_device_clear_memory_stats(pje_device *device) noexcept {
  constexpr const char *function = "pje_device_clear_memory_stats";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Device, cleared, device);
    return pje::clear_memory_stats(cleared);
  });
}

pje_error *pje_device_poison_execution(pje_device *device, int32_t launch_id, const pje_error *error,
                                       bool *poisoned) noexcept {
  constexpr const char *function = "pje_device_poison_execution";
  return guarded(function, clearing(poisoned), [&]() -> Status {
    PJE_OUT(poisoned);
    PJE_HANDLE(Device, runs, device);
    PJE_HANDLE(Error, given, error);
    PJE_ASSIGN(*poisoned, pje::poison_execution(runs, launch_id, given));
    return {};
  });
}

pje_error *pje_tracking_event_create(pje_device *device, const char *description,
                                     pje_tracking_event **out) noexcept {
  constexpr const char *function = "pje_tracking_event_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Device, tracked, device);
    PJE_NOT_NULL(description);
    PJE_ASSIGN(Ref<TrackingEvent> event, TrackingEvent::create(tracked, description));
    *out = std::move(event).to_public();
    return {};
  });
}

pje_error *pje_client_lookup_addressable_device(pje_client *client, int32_t local_hardware_id,
                                                pje_device **out) noexcept {
  constexpr const char *function = "pje_client_lookup_addressable_device";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(Device * device, pje::lookup_addressable_device(owner, local_hardware_id));
    *out = pje::borrow(device);
    return {};
  });
}

pje_error *pje_client_update_global_process_info(pje_client *client, const int32_t *task_ids,
                                                 const uint64_t *incarnation_ids, const int32_t *states,
                                                 const pje_error *const *errors, size_t count) noexcept {
  constexpr const char *function = "pje_client_update_global_process_info";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Client, owner, client);
    if (count > 0) {
      PJE_NOT_NULL(task_ids);
      PJE_NOT_NULL(incarnation_ids);
      PJE_NOT_NULL(states);
    }
    std::vector<pje::ProcessInfo> processes;
    for (size_t i = 0; i < count; ++i) {
      if (states[i] < PJE_PROCESS_UNSPECIFIED || states[i] > PJE_PROCESS_ERROR)
        return pje::invalid_argument(
            pje::concat("state ", i, " is ", states[i], ": expected a pje_process_state, 0 to 4"));
      const pje_error *given = errors == nullptr ? nullptr : errors[i];
      PJE_NULLABLE_HANDLE(Error, error, given);
      processes.push_back({task_ids[i], incarnation_ids[i], states[i], error});
    }
    return pje::update_process_info(owner, processes);
  });
}

pje_error *pje_dma_mapping_create(pje_client *client, void *data, size_t size,
                                  pje_dma_mapping **out) noexcept {
  constexpr const char *function = "pje_dma_mapping_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_ASSIGN(Ref<DmaMapping> mapping, DmaMapping::create(owner, data, size));
    *out = std::move(mapping).to_public();
    return {};
  });
}

void *pje_dma_mapping_data(const pje_dma_mapping *mapping) noexcept {
  return answered<DmaMapping>("pje_dma_mapping_data", "mapping", mapping, static_cast<void *>(nullptr),
                              [](DmaMapping &m) { return m.data(); });
}

size_t pje_dma_mapping_size(const pje_dma_mapping *mapping) noexcept {
  return answered<DmaMapping>("pje_dma_mapping_size", "mapping", mapping, size_t{0},
                              [](DmaMapping &m) { return m.size(); });
}

}  // extern "C"
