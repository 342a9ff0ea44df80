#include "capi/execute_options.hpp"

#include "capi/guard.hpp"

namespace pje::capi {

namespace {

Status read_tasks(const pje_execute_options &given, RunExtras &extras) {
  if (given.num_tasks == 0) return {};
  if (given.task_ids == nullptr || given.incarnation_ids == nullptr)
    return invalid_argument(
        "pje_execute_options.task_ids or incarnation_ids is NULL, but num_tasks is not 0: expected both "
        "lists");
  extras.task_ids.assign(given.task_ids, given.task_ids + given.num_tasks);
  extras.incarnation_ids.assign(given.incarnation_ids, given.incarnation_ids + given.num_tasks);
  return {};
}

}  // namespace

Status read_execute_extras(const char *function, const pje_execute_options &given,
                           std::shared_ptr<RunExtras> *out) {
  constexpr uint64_t kKnownFlags = PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT;
  if ((given.flags & ~kKnownFlags) != 0)
    return failure(PJE_UNIMPLEMENTED, concat("pje_execute_options.flags is ", given.flags,
                                             ": expected a sum of pje_execute_flags"));
  bool is_set = given.context != nullptr || given.num_tasks != 0 || given.multi_slice_config != nullptr ||
                given.custom_options != nullptr || given.handlers != nullptr || given.flags != 0;
  if (!is_set) return {};
  PJE_NULLABLE_HANDLE(ExecuteContext, context, given.context);
  PJE_NULLABLE_HANDLE(NamedValues, custom, given.custom_options);
  PJE_NULLABLE_HANDLE(ExecuteHandlers, handlers, given.handlers);
  auto extras = std::make_shared<RunExtras>();
  extras->context = Ref<ExecuteContext>::share(context);
  extras->handlers = Ref<ExecuteHandlers>::share(handlers);
  // The plugin's own form: what is behind it is between the caller and the plugin.
  extras->multi_slice_config =
      static_cast<PJRT_MultiSlice_Config *>(const_cast<void *>(given.multi_slice_config));
  extras->native_callback_layout = (given.flags & PJE_EXECUTE_NATIVE_CALLBACK_LAYOUT) != 0;
  if (custom != nullptr) extras->custom_options = custom->copy();
  PJE_TRY(read_tasks(given, *extras));
  *out = std::move(extras);
  return {};
}

}  // namespace pje::capi
