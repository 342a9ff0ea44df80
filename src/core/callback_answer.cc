#include "core/callback_answer.hpp"

#include "base/log.hpp"
#include "base/text.hpp"

namespace pje {

Status take_answer(pje_error *answer, const char *callback) noexcept {
  if (answer == nullptr) return {};
  Ref<Error> error = take_back<Error>(answer);
  if (!error) {
    report_misuse(callback, "the answer", describe_wrong_handle(answer, ObjectType::kError));
    return failure(PJE_INTERNAL, "the callback answered something that is no pje_error");
  }
  return Status(std::move(error));
}

PJRT_Error *to_plugin(const Status &status, PJRT_CallbackError *make_error) noexcept {
  if (status.ok()) return nullptr;
  const std::string &text = status.error()->detail();
  if (make_error == nullptr || *make_error == nullptr) {
    log_line(status.error()->message());
    return nullptr;
  }
  return (*make_error)(static_cast<PJRT_Error_Code>(status.error()->code()), text.data(), text.size());
}

}  // namespace pje
