// Promises that have an event of the plugin's own behind them.
#include "core/event.hpp"

namespace pje {

namespace {

PJRT_Event_Set_Args outcome_for_plugin(PJRT_Event *event, const Status &outcome) noexcept {
  auto args = abi::zeroed<PJRT_Event_Set_Args>();
  args.event = event;
  if (outcome.ok()) return args;
  const std::string &text = outcome.error()->detail();
  args.error_code = static_cast<PJRT_Error_Code>(outcome.error()->code());
  args.error_message = text.data();
  args.error_message_size = text.size();
  return args;
}

}  // namespace

Result<Ref<Event>> Event::make_with_plugin(Client &client) {
  const abi::Api &api = client.api();
  PJE_TRY((api.require<PJRT_Event_Create_Args, PJRT_Event_Set_Args, PJRT_Event_Destroy_Args>()));
  Ref<Event> event = make<Event>();
  auto args = abi::zeroed<PJRT_Event_Create_Args>();
  PJE_TRY(api.call(args));
  if (args.event == nullptr)
    return failure_of("PJRT_Event_Create", PJE_INTERNAL, "the plugin answered OK without an event");
  event->hold_ = client.hold();
  event->api_ = &api;
  event->told_ = args.event;
  return event;
}

Status Event::tell_plugin(const Status &outcome) const noexcept {
  PJRT_Event_Set_Args args = outcome_for_plugin(told_, outcome);
  return api_->call(args);
}

void Event::tell_plugin_at_the_end(const Status &outcome) const noexcept {
  PJRT_Event_Set_Args args = outcome_for_plugin(told_, outcome);
  api_->call_and_log(args);
}

}  // namespace pje
