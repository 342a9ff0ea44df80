#include "core/execute_options.hpp"

#include "base/text.hpp"
#include "core/loaded_executable.hpp"

namespace pje {

namespace {

// Minors that added members of PJRT_ExecuteOptions.
constexpr int kContextSince = 64;
constexpr int kCallLocationSince = 76;
constexpr int kTasksSince = 78;
constexpr int kMultiSliceSince = 97;
constexpr int kCallbackLayoutSince = 108;
constexpr int kOutputHandlersSince = 112;
constexpr int kCustomOptionsSince = 116;

}  // namespace

void KeptExecuteOptions::keep(const ExecuteOptions &given) {
  static_cast<ExecuteOptions &>(*this) = given;
  indices_.assign(given.non_donatable.begin(), given.non_donatable.end());
  non_donatable = indices_;
  if (given.call_location == nullptr) return;
  location_ = given.call_location;
  call_location = location_.c_str();
}

Status check_execute_option(const abi::Api &api, const char *name, int since_minor) {
  if (api.minor() >= since_minor) return {};
  return failure(PJE_UNIMPLEMENTED, concat("pje_execute_options.", name, ": not in plugin ", api.path(),
                                           " (PJRT 0.", api.minor(), "; added in 0.", since_minor, ")"));
}

Status RunExtras::apply_handlers(Client &client, std::span<Device *const> devices, PJRT_ExecuteOptions &raw) {
  if (handlers->has_outputs())
    PJE_TRY(check_execute_option(client.api(), "handlers (for outputs of operations)", kOutputHandlersSince));
  bound_ = std::make_unique<BoundHandlers>(*handlers, client, devices);
  raw.send_callbacks = bound_->sends();
  raw.num_send_ops = bound_->num_sends();
  raw.recv_callbacks = bound_->receives();
  raw.num_recv_ops = bound_->num_receives();
  raw.hlo_output_callbacks = bound_->outputs();
  raw.num_hlo_output_callbacks = bound_->num_outputs();
  return {};
}

Status RunExtras::apply(Client &client, std::span<Device *const> devices, PJRT_ExecuteOptions &raw) {
  const abi::Api &api = client.api();
  if (context) {
    PJE_TRY(check_execute_option(api, "context", kContextSince));
    if (&context->plugin() != &client.plugin())
      return invalid_argument("options.context belongs to another plugin");
    raw.context = context->raw();
  }
  if (!task_ids.empty()) {
    PJE_TRY(check_execute_option(api, "task_ids", kTasksSince));
    raw.num_tasks = task_ids.size();
    raw.task_ids = task_ids.data();
    raw.incarnation_ids = incarnation_ids.data();
  }
  if (multi_slice_config != nullptr) {
    PJE_TRY(check_execute_option(api, "multi_slice_config", kMultiSliceSince));
    raw.multi_slice_config = multi_slice_config;
  }
  if (native_callback_layout) {
    PJE_TRY(check_execute_option(api, "flags (PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT)", kCallbackLayoutSince));
    raw.use_major_to_minor_data_layout_for_callbacks = false;
  }
  if (custom_options && custom_options->count() > 0) {
    PJE_TRY(check_execute_option(api, "custom_options", kCustomOptionsSince));
    custom_array_.emplace(custom_options.get(), api);
    raw.custom_options = custom_array_->data();
    raw.num_custom_options = custom_array_->size();
  }
  return handlers ? apply_handlers(client, devices, raw) : Status();
}

Status apply_rare_options(Client &client, std::span<Device *const> devices, const ExecuteOptions &options,
                          PJRT_ExecuteOptions &raw) {
  if (options.call_location != nullptr)
    PJE_TRY(check_execute_option(client.api(), "call_location", kCallLocationSince));
  return options.extras ? options.extras->apply(client, devices, raw) : Status();
}

void keep_until_ready(Event &event, const std::shared_ptr<RunExtras> &extras) noexcept {
  auto *kept = new (std::nothrow) std::shared_ptr<RunExtras>(extras);
  Status registered = out_of_memory();
  try {
    if (kept != nullptr)
      registered =
          event.on_ready([](void *last) { delete static_cast<std::shared_ptr<RunExtras> *>(last); }, kept);
  } catch (...) {
    registered = out_of_memory();
  }
  if (registered.ok()) return;
  // Nothing tells the end of the run: it is waited for.
  (void)event.wait();
  delete kept;
}

}  // namespace pje
