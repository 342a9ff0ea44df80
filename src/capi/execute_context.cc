#include "pjrt_easy/execute_context.h"

#include "capi/guard.hpp"
#include "core/execute_context.hpp"

using pje::ExecuteContext;
using pje::Plugin;
using pje::Ref;
using pje::Status;

extern "C" {

PJE_RETAIN_RELEASE(ExecuteContext, pje_execute_context)

pje_error *pje_execute_context_create(pje_plugin *plugin, pje_execute_context **out) noexcept {
  constexpr const char *function = "pje_execute_context_create";
  return pje::capi::guarded(function, pje::capi::clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Plugin, owner, plugin);
    PJE_ASSIGN(Ref<ExecuteContext> context, ExecuteContext::create(owner));
    *out = std::move(context).to_public();
    return {};
  });
}

pje_plugin *pje_execute_context_plugin(const pje_execute_context *context) noexcept {
  return pje::capi::answered<ExecuteContext>("pje_execute_context_plugin", "context", context,
                                             static_cast<pje_plugin *>(nullptr),
                                             [](ExecuteContext &c) { return pje::borrow(&c.plugin()); });
}

}  // extern "C"
