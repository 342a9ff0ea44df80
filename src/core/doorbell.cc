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

int Doorbell::fd() noexcept {
  if (fd_is_watched_.load(std::memory_order_acquire)) return fd_;
  Lock held = lock();
  if (!fd_is_watched_.load(std::memory_order_relaxed) && is_rung_ && fd_ >= 0) write_fd();
  fd_is_watched_.store(true, std::memory_order_release);
  return fd_;
}

void Doorbell::signal() noexcept {
  is_rung_ = true;
  if (fd_is_watched_.load(std::memory_order_relaxed) && fd_ >= 0) write_fd();
}

void Doorbell::write_fd() const noexcept {
  uint64_t one = 1;
  (void)!write(fd_, &one, sizeof(one));
}

void Doorbell::quiet() noexcept {
  if (closed_) return;
  is_rung_ = false;
  uint64_t ignored;
  if (fd_is_watched_.load(std::memory_order_relaxed)) (void)!read(fd_, &ignored, sizeof(ignored));
}

std::chrono::nanoseconds Doorbell::limited(int64_t timeout_ns) noexcept {
  return std::min(std::chrono::nanoseconds(timeout_ns),
                  std::chrono::nanoseconds(std::chrono::hours(24 * 365)));
}

void Doorbell::ring(Lock &lock, bool was_empty) noexcept {
  changed_.notify_one();
  if (was_empty) signal();
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
  signal();
}

void Doorbell::close() noexcept {
  closed_ = true;
  callback_ = nullptr;
  changed_.notify_all();
  signal();
}

}  // namespace pje
