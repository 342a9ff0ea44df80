#include "core/log_requests.hpp"

#include <unistd.h>

#include "base/log.hpp"
#include "core/request_kinds.hpp"

namespace pje {

namespace {

// Above it whoever takes the lines does not keep up, or takes none.
constexpr size_t kMaxOpen = 10000;

struct Target {
  std::shared_ptr<RequestChannel> channel;
  pid_t process = getpid();
};

Result<Request> request_of(int32_t kind, pje_code code, const char *function, const char *message) {
  Request request;
  request.kind = kRequestLog;
  request.values = make<NamedValues>();
  NamedValues &values = *request.values;
  PJE_TRY(values.set("kind", static_cast<int64_t>(kind)));
  PJE_TRY(values.set("code", static_cast<int64_t>(code)));
  PJE_TRY(values.set("function", std::string(function)));
  values.lock();
  auto copy = std::make_shared<const std::string>(message);
  request.data = copy->data();
  request.size = copy->size();
  request.owner = std::move(copy);
  return request;
}

bool post(const Target &target, int32_t kind, pje_code code, const char *function, const char *message) {
  // A child made by fork has nobody who takes the lines, and perhaps a lock that nobody gives back.
  if (target.process != getpid()) return false;
  auto request = request_of(kind, code, function, message);
  return request.ok() && target.channel->post(std::move(request).value(), kMaxOpen);
}

void on_line(void *user_data, int32_t kind, pje_code code, const char *function, const char *message) {
  bool posted = false;
  try {
    posted = post(*static_cast<const Target *>(user_data), kind, code, function, message);
  } catch (...) {
    // Out of memory: the line is not lost as long as stderr can take it.
  }
  if (!posted) log_to_stderr(static_cast<LogKind>(kind), message);
}

}  // namespace

void log_to_queue(const RequestQueue &queue) {
  auto target = std::make_shared<Target>(Target{queue.channel()});
  void *user_data = target.get();
  set_log_callback(on_line, user_data, std::move(target));
}

}  // namespace pje
