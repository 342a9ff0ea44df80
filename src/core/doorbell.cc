#include "core/doorbell.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/text.hpp"
#include "base/thread_context.hpp"

namespace pje {

Doorbell::~Doorbell() {
  if (fd_ >= 0) ::close(fd_);
}

Status Doorbell::open() {
  fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd_ >= 0) return {};
  return failure(PJE_RESOURCE_EXHAUSTED, concat("no file descriptor for the queue: ", std::strerror(errno)));
}

void Doorbell::signal_fd() const noexcept {
  uint64_t one = 1;
  (void)!write(fd_, &one, sizeof(one));
}

void Doorbell::quiet() noexcept {
  uint64_t ignored;
  if (!closed_) (void)!read(fd_, &ignored, sizeof(ignored));
}

std::chrono::nanoseconds Doorbell::limited(int64_t timeout_ns) noexcept {
  return std::min(std::chrono::nanoseconds(timeout_ns),
                  std::chrono::nanoseconds(std::chrono::hours(24 * 365)));
}

void Doorbell::ring(Lock &lock, bool was_empty) noexcept {
  changed_.notify_one();
  if (was_empty) signal_fd();
  if (was_empty && callback_ != nullptr)
    call_back(lock);
  else
    lock.unlock();
}

void Doorbell::call_back(Lock &lock) noexcept {
  pje_callback run = callback_;
  void *data = user_data_;
  ++calls_running_;
  lock.unlock();
  {
    CallbackScope scope;
    run(data);
  }
  lock.lock();
  --calls_running_;
  call_ended_.notify_all();
  lock.unlock();
}

void Doorbell::wake() noexcept {
  ++wakes_;
  changed_.notify_all();
  signal_fd();
}

void Doorbell::close() noexcept {
  closed_ = true;
  callback_ = nullptr;
  changed_.notify_all();
  if (fd_ >= 0) signal_fd();
}

}  // namespace pje
