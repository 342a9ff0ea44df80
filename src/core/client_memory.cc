// What a client's objects take, and what happens when that is too much.

#include <algorithm>

#include "base/live_objects.hpp"
#include "base/text.hpp"
#include "core/buffer.hpp"
#include "core/client.hpp"

namespace pje {

namespace {

constexpr size_t kMaxDevicesReported = 16;
constexpr size_t kMaxBuffersReported = 5;

// A report asks the plugin, whose error must not ask for a report.
[[gnu::tls_model("initial-exec")]] constinit thread_local bool reporting = false;

uint64_t bytes_of(const Buffer &buffer) noexcept {
  return buffer.consumed_by() == nullptr && buffer.type() != nullptr ? buffer.type()->host_size : 0;
}

std::string figure(std::string_view what, int64_t value, bool is_set) {
  return is_set ? concat(", ", what, " ", value) : "";
}

std::string device_line(const Client &client, const Device &device) {
  std::string head = concat("\n  device ", device.id(), " of ", client.platform_name(), ": ");
  auto args = abi::zeroed<PJRT_Device_MemoryStats_Args>();
  args.device = device.raw();
  if (!client.api().call(args).ok()) return concat(head, "the plugin tells no memory figures");
  return concat(
      head, args.bytes_in_use, " bytes in use",
      figure("peak", args.peak_bytes_in_use, args.peak_bytes_in_use_is_set),
      figure("limit", args.bytes_limit, args.bytes_limit_is_set),
      figure("largest allocation", args.largest_alloc_size, args.largest_alloc_size_is_set),
      figure("largest free block", args.largest_free_block_bytes, args.largest_free_block_bytes_is_set));
}

}  // namespace

ClientStats Client::stats() {
  ClientStats stats;
  for_each_object([&](Object &object, ObjectType type) {
    if (num_public_references(object) == 0 || object.owner() != this) return;
    ++stats.num_objects[static_cast<size_t>(type)];
    if (type == ObjectType::kBuffer) stats.live_bytes += bytes_of(static_cast<Buffer &>(object));
  });
  uint64_t peak = data_->peak_bytes.load(std::memory_order_relaxed);
  while (peak < stats.live_bytes && !data_->peak_bytes.compare_exchange_weak(peak, stats.live_bytes)) {
  }
  stats.peak_bytes = std::max(peak, stats.live_bytes);
  return stats;
}

void Client::set_out_of_memory_callback(bool (*callback)(void *user_data), void *user_data) {
  data_->out_of_memory->callback.set(callback, user_data);
}

bool Client::OutOfMemory::wants_retry() noexcept {
  bool retry = false;
  callback.run([&](bool (*ask)(void *), void *user_data) { retry = ask(user_data); });
  return retry;
}

std::string Client::OutOfMemory::report() {
  if (reporting) return "";
  struct Reporting {
    Reporting() noexcept { reporting = true; }
    ~Reporting() { reporting = false; }
  } scope;
  auto devices = client_->addressable_devices();
  std::string text;
  for (const Device *device : devices.first(std::min(devices.size(), kMaxDevicesReported)))
    text += device_line(*client_, *device);
  std::vector<Ref<Buffer>> largest;
  auto larger = [](const Ref<Buffer> &a, const Ref<Buffer> &b) { return bytes_of(*a) > bytes_of(*b); };
  ClientStats stats = client_->stats();
  for_each_object([&](Object &object, ObjectType type) {
    if (type != ObjectType::kBuffer || num_public_references(object) == 0 || object.owner() != client_)
      return;
    auto buffer = Ref<Buffer>::share(static_cast<Buffer *>(&object));
    if (bytes_of(*buffer) == 0) return;
    largest.insert(std::ranges::upper_bound(largest, buffer, larger), buffer);
    if (largest.size() > kMaxBuffersReported) largest.pop_back();
  });
  text += concat("\n  live buffers: ", stats.num_objects[static_cast<size_t>(ObjectType::kBuffer)], ", ",
                 stats.live_bytes, " bytes");
  for (const Ref<Buffer> &buffer : largest)
    text += concat("\n    ", buffer->type()->text(), ": ", bytes_of(*buffer), " bytes");
  return text;
}

}  // namespace pje
