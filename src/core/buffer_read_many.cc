// Several buffers to host memory in one call: all reads are started before the first is waited for.

#include "base/small_array.hpp"
#include "base/text.hpp"
#include "core/buffer.hpp"
#include "core/event_combine.hpp"

namespace pje {

namespace {

constexpr const char *kReadBack = "PJRT_Buffer_ToHostBuffer";

Status in_buffer(Status status, size_t i) {
  if (status.ok() || !status.error()->function().empty()) return status;
  return failure(status.error()->code(), concat("buffer ", i, ": ", status.error()->detail()));
}

}  // namespace

bool Buffer::can_copy_directly() noexcept {
  uint32_t before = gate_.fetch_add(1, std::memory_order_acquire);
  bool can = before < kTaker && consumed_by() == nullptr && may_copy_directly();
  gate_.fetch_sub(1, std::memory_order_release);
  return can;
}

Status Buffer::check_reads(std::span<Buffer *const> buffers, void *const *data, const size_t *sizes) {
  for (size_t i = 0; i < buffers.size(); ++i)
    PJE_TRY(in_buffer(buffers[i]->check_read(data[i], sizes[i]), i));
  return {};
}

Status Buffer::to_host_all(std::span<Buffer *const> buffers, void *const *data, const size_t *sizes) {
  PJE_TRY(check_reads(buffers, data, sizes));
  std::vector<RawEvent> started(buffers.size());
  std::vector<bool> is_started(buffers.size());
  Status first;
  for (size_t i = 0; i < buffers.size() && first.ok(); ++i) {
    if (buffers[i]->can_copy_directly()) continue;
    Result<Arrange> repair = buffers[i]->repair_of_read();
    if (repair.ok() && repair.value()) continue;
    Result<RawEvent> read = repair.ok() ? buffers[i]->start_row_major_read(data[i])
                                        : Result<RawEvent>(std::move(repair).status());
    is_started[i] = read.ok();
    if (read.ok())
      started[i] = std::move(read).value();
    else
      first = std::move(read).status();
  }
  // What this thread copies itself, while the plugin's reads go on.
  for (size_t i = 0; i < buffers.size() && first.ok(); ++i)
    if (!is_started[i]) first = in_buffer(buffers[i]->to_host(data[i], sizes[i]), i);
  // Each is waited for, also after a failure: the caller's memory must not be in use when the call returns.
  for (RawEvent &event : started) {
    if (!event) continue;
    Status status = event.await(kReadBack);
    if (first.ok()) first = std::move(status);
  }
  return first;
}

Result<Ref<Event>> Buffer::to_host_all_async(std::span<Buffer *const> buffers, void *const *data,
                                             const size_t *sizes) {
  PJE_TRY(check_reads(buffers, data, sizes));
  std::vector<Ref<Event>> started;
  std::vector<Event *> events;
  auto abandon = [&](Status status) {
    for (const Ref<Event> &event : started) (void)event->wait();
    return status;
  };
  for (size_t i = 0; i < buffers.size(); ++i) {
    Result<Ref<Event>> read = buffers[i]->to_host_async(data[i], sizes[i]);
    if (!read.ok()) return abandon(in_buffer(std::move(read).status(), i));
    started.push_back(std::move(read).value());
    events.push_back(started.back().get());
  }
  Result<Ref<Event>> all = event_all(events);
  if (!all.ok()) return abandon(std::move(all).status());
  return all;
}

}  // namespace pje
