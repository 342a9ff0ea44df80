// Contexts: data that custom calls of a run find, such as the user data of the FFI extension.
#pragma once

#include "core/plugin.hpp"

namespace pje {

class ExecuteContext final : public Object {
 public:
  using Handle = pje_execute_context;
  static constexpr ObjectType kType = ObjectType::kExecuteContext;

  static Result<Ref<ExecuteContext>> create(Plugin &plugin);

  ExecuteContext(Plugin &plugin, PJRT_ExecuteContext *raw) noexcept
      : plugin_(Ref<Plugin>::share(&plugin)), raw_(raw) {}
  ~ExecuteContext() override;

  Plugin &plugin() const noexcept { return *plugin_; }
  PJRT_ExecuteContext *raw() const noexcept { return raw_; }

 private:
  Ref<Plugin> plugin_;
  PJRT_ExecuteContext *raw_;
};

}  // namespace pje
