#include "core/fulfilment.hpp"

#include "base/text.hpp"

namespace pje {

namespace {

Status wrong_kind(const char *expected) {
  return invalid_argument(concat("argument \"fulfilment\" is not that of ", expected));
}

}  // namespace

void Fulfilment::promise(Client &client, Promise promise) noexcept {
  hold_ = client.hold();
  api_ = &client.api();
  client_ = client.raw();
  promise_ = promise;
  kept_.store(false);
}

Fulfilment::~Fulfilment() { give_up(); }

void Fulfilment::give_up() noexcept {
  if (kept_.exchange(true) || !api_->may_release()) return;
  // A plugin waits for ever for what nobody gives it.
  (void)fail_with(PJE_CANCELLED, "the fulfilment was released before it was given anything");
}

void Fulfilment::on_client_close() noexcept {
  give_up();
  hold_.become_leftover();
}

Status Fulfilment::begin() {
  if (!api_->usable()) return api_->unusable();
  if (kept_.exchange(true))
    return failure(PJE_FAILED_PRECONDITION, "the fulfilment was given something before");
  return {};
}

const char *Fulfilment::of() const noexcept {
  static constexpr const char *kWords[] = {"nothing", "an alias buffer", "a raw copy to the host",
                                           "a donation with a dependency"};
  return kWords[promise_.index()];
}

Status Fulfilment::set_buffer(const Buffer &buffer) {
  const Alias *alias = std::get_if<Alias>(&promise_);
  if (alias == nullptr) return wrong_kind("an alias buffer");
  if (&buffer.client() != hold_.get())
    return invalid_argument("argument \"buffer\" belongs to another client");
  if (buffer.type() != alias->type && buffer.type_as_it_lies() != alias->type)
    return invalid_argument(concat("argument \"buffer\" is ", buffer.type()->text(), ": expected ",
                                   alias->type->text(), " as its alias"));
  PJE_TRY(buffer.check_usable());
  PJE_TRY(begin());
  auto args = abi::zeroed<PJRT_Client_FulfillAliasBuffer_Args>();
  args.client = client_;
  args.buffer = buffer.raw();
  args.fulfill_alias_buffer_cb = alias->raw;
  return api_->call(args);
}

Status Fulfilment::set_data(void *data, size_t size) {
  const Destination *destination = std::get_if<Destination>(&promise_);
  if (destination == nullptr) return wrong_kind("a raw copy to the host");
  if (size < destination->size)
    return invalid_argument(
        concat("argument \"size\" is ", size, " bytes: expected at least ", destination->size));
  if (data == nullptr && destination->size > 0) return invalid_argument("argument \"data\" is NULL");
  PJE_TRY(begin());
  auto args = api_->sized<PJRT_Buffer_CopyRawToHostFuture_Callback_Args>();
  args.callback_data = destination->data;
  args.error_code = PJRT_Error_Code_OK;
  args.dst = data;
  destination->ready(&args);
  return {};
}

Status Fulfilment::set_done() {
  const Dependency *dependency = std::get_if<Dependency>(&promise_);
  if (dependency == nullptr) return wrong_kind("a donation with a dependency");
  PJE_TRY(begin());
  auto args = api_->sized<PJRT_Buffer_DonateWithControlDependency_Callback_Args>();
  args.callback_data = dependency->data;
  args.error_code = PJRT_Error_Code_OK;
  dependency->ready(&args);
  return {};
}

Status Fulfilment::set_error(const Error &error) {
  PJE_TRY(begin());
  return fail_with(error.code(), error.detail());
}

Status Fulfilment::fail_with(pje_code code, const std::string &message) noexcept {
  auto raw_code = static_cast<PJRT_Error_Code>(code);
  if (const auto *alias = std::get_if<Alias>(&promise_)) {
    auto args = abi::zeroed<PJRT_Client_FulfillAliasBuffer_Args>();
    args.client = client_;
    args.status_code = raw_code;
    args.error_message = message.data();
    args.error_message_size = message.size();
    args.fulfill_alias_buffer_cb = alias->raw;
    Status status = api_->call_to_release(args);
    // Plugins answer with the error that they are given.
    if (!status.ok() && status.error()->code() == code) return {};
    return status;
  }
  if (const auto *destination = std::get_if<Destination>(&promise_)) {
    auto args = api_->sized<PJRT_Buffer_CopyRawToHostFuture_Callback_Args>();
    args.callback_data = destination->data;
    args.error_code = raw_code;
    args.error_message = message.data();
    args.error_message_size = message.size();
    destination->ready(&args);
  } else if (const auto *dependency = std::get_if<Dependency>(&promise_)) {
    auto args = api_->sized<PJRT_Buffer_DonateWithControlDependency_Callback_Args>();
    args.callback_data = dependency->data;
    args.error_code = raw_code;
    args.error_message = message.data();
    args.error_message_size = message.size();
    dependency->ready(&args);
  }
  return {};
}

}  // namespace pje
