#include "core/execute_context.hpp"

namespace pje {

namespace {

void destroy_raw(const abi::Api &api, PJRT_ExecuteContext *raw) noexcept {
  auto args = abi::zeroed<PJRT_ExecuteContext_Destroy_Args>();
  args.context = raw;
  api.call_and_log(args);
}

}  // namespace

Result<Ref<ExecuteContext>> ExecuteContext::create(Plugin &plugin) {
  auto args = abi::zeroed<PJRT_ExecuteContext_Create_Args>();
  PJE_TRY(plugin.api().call(args));
  if (args.context == nullptr)
    return failure_of("PJRT_ExecuteContext_Create", PJE_INTERNAL, "the plugin answered OK without a context");
  try {
    return make<ExecuteContext>(plugin, args.context);
  } catch (...) {
    destroy_raw(plugin.api(), args.context);
    throw;
  }
}

ExecuteContext::~ExecuteContext() { destroy_raw(plugin_->api(), raw_); }

}  // namespace pje
