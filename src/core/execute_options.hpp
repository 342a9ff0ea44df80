// What few runs ask for: kept apart, so that the others do not pay for it.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/event.hpp"
#include "core/execute_context.hpp"
#include "core/execute_handlers.hpp"
#include "core/named_values_abi.hpp"

namespace pje {

struct ExecuteOptions;

// Shared with the end of the run: what plugins use until then lives here.
struct RunExtras {
  Ref<ExecuteContext> context;
  std::vector<int32_t> task_ids;
  std::vector<int64_t> incarnation_ids;
  PJRT_MultiSlice_Config *multi_slice_config = nullptr;
  bool native_callback_layout = false;
  // Ours alone: the caller's set may change.
  Ref<NamedValues> custom_options;
  Ref<ExecuteHandlers> handlers;

  // Fills what belongs to the call. Refuses what the plugin is too old for.
  Status apply(Client &client, std::span<Device *const> devices, PJRT_ExecuteOptions &raw);

 private:
  Status apply_handlers(Client &client, std::span<Device *const> devices, PJRT_ExecuteOptions &raw);

  std::optional<NamedValueArray> custom_array_;
  std::unique_ptr<BoundHandlers> bound_;
};

// UNIMPLEMENTED when the plugin would not see a member of PJRT_ExecuteOptions.
Status check_execute_option(const abi::Api &api, const char *name, int since_minor);

// The options that are not on every run's way; `devices` are those of the run, in order.
Status apply_rare_options(Client &client, std::span<Device *const> devices, const ExecuteOptions &options,
                          PJRT_ExecuteOptions &raw);

// Keeps `extras` until the event is ready.
void keep_until_ready(Event &event, const std::shared_ptr<RunExtras> &extras) noexcept;

}  // namespace pje
