// Clients, and what they lend: devices and memories.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/callback_slot.hpp"
#include "core/device.hpp"
#include "core/layout_habits.hpp"
#include "core/plugin.hpp"

namespace pje {

class Client;
class Event;
class LaunchQueue;
class KvStore;
class Topology;

// A child's hold on its client. Children are counted in several cache lines, so that threads that make and
// drop buffers do not fight for one; a line holds one reference on the client while it counts any child.
class ClientHold {
 public:
  ClientHold() noexcept = default;
  ClientHold(ClientHold &&other) noexcept
      : client_(std::exchange(other.client_, nullptr)), line_(other.line_) {}
  ClientHold &operator=(ClientHold &&other) noexcept {
    std::swap(client_, other.client_);
    std::swap(line_, other.line_);
    return *this;
  }
  // For a child that has let go of the plugin: it keeps the client, but not the plugin's.
  void become_leftover() noexcept;
  ~ClientHold() { reset(); }
  Client *get() const noexcept { return client_; }
  Client *operator->() const noexcept { return client_; }
  void reset() noexcept;
  uint8_t line() const noexcept { return line_; }
  // Leaves the counted hold to whoever asks, who gives it back with Client::drop_holds.
  Client *detach() noexcept { return std::exchange(client_, nullptr); }
  // Takes over a hold that Client::take_holds counted.
  ClientHold(Client *client, uint8_t line) noexcept : client_(client), line_(line) {}

 private:
  Client *client_ = nullptr;
  uint8_t line_ = 0;
};

struct ClientStats {
  std::array<uint64_t, static_cast<size_t>(ObjectType::kCount)> num_objects{};
  uint64_t live_bytes = 0;
  uint64_t peak_bytes = 0;
};

class Client final : public Object {
 public:
  using Handle = pje_client;
  static constexpr ObjectType kType = ObjectType::kClient;

  // `kv_store` may be NULL.
  static Result<Ref<Client>> create(Plugin &plugin, const NamedValues *options, KvStore *kv_store);

  Client(Plugin &plugin, PJRT_Client *raw);
  ~Client() override;
  void on_unreferenced() noexcept override;

  // Ends the client while others may still hold it and its children. DEADLINE_EXCEEDED, and nothing has
  // changed, when work is still running after `timeout_ns` (negative: no limit).
  Status close(int64_t timeout_ns);
  // What the caller holds of it now. The peak is the largest sum of bytes that was seen so far.
  ClientStats stats();
  // `callback` answers whether it freed something; NULL: none.
  void set_out_of_memory_callback(bool (*callback)(void *user_data), void *user_data);

  bool is_closed() const noexcept { return raw_ == nullptr; }
  // In a child made by fork: no client of the parent can be used.
  static void disable_all_after_fork() noexcept;

  PJRT_Client *raw() const noexcept { return raw_; }
  const abi::Api &api() const noexcept { return data_->api; }
  Plugin &plugin() const noexcept { return *plugin_; }
  const std::string &platform_name() const noexcept { return data_->platform_name; }
  const std::string &platform_version() const noexcept { return data_->platform_version; }
  int32_t process_index() const noexcept { return data_->process_index; }
  // Whether its devices' memory can be read like any other, and the plugin tells all that this takes.
  bool has_host_memory() const noexcept { return data_->has_host_memory; }
  // Found out at the first question.
  Result<LayoutHabits> layout_habits();

  std::span<Device *const> devices() const noexcept { return data_->devices; }
  std::span<Device *const> addressable_devices() const noexcept { return data_->addressable_devices; }
  std::span<Memory *const> addressable_memories() const noexcept { return data_->addressable_memories; }
  Result<Device *> lookup_device(int32_t id);
  // Its own one, lent; read when first asked for.
  Result<Topology *> topology();
  // Ours for a plugin's pointer, NULL for one that the client did not list.
  Device *device_of(PJRT_Device *raw) const noexcept;
  Memory *memory_of(PJRT_Memory *raw) const noexcept;

  // Whether any run launched from the pool is still to be dispatched.
  bool has_launches() const noexcept { return data_->num_launches.load(std::memory_order_acquire) > 0; }
  LaunchQueue &launches() const noexcept { return *data_->launches; }
  // Before a run enters the queue, and after it has left.
  void count_launch() noexcept { data_->num_launches.fetch_add(1, std::memory_order_relaxed); }
  void forget_launch() noexcept { data_->num_launches.fetch_sub(1, std::memory_order_release); }

  ClientHold hold() noexcept { return ClientHold(this, take_holds(1)); }
  // Counts `n` holds at once, for the outputs of one call, and answers the line they are counted in.
  uint8_t take_holds(uint64_t n) noexcept {
    size_t line = line_of_this_thread;
    if (line == kNoLine) [[unlikely]]
      line = find_line();
    if (data_->lines[line].children.fetch_add(n, std::memory_order_relaxed) == 0) [[unlikely]]
      retain();
    return static_cast<uint8_t>(line);
  }
  void drop_holds(uint8_t line, uint64_t n) noexcept {
    if (data_->lines[line].children.fetch_sub(n, std::memory_order_acq_rel) == n) [[unlikely]]
      release();
  }
  // What marks the slots of its children that are counted in a line: no other client ever has the same.
  uint64_t stamp(uint8_t line) const noexcept { return data_->stamp_base | line; }

 private:
  friend class ClientHold;
  static constexpr size_t kNumLines = 8;
  // The line of children that outlive what the plugin made.
  static constexpr uint8_t kLeftovers = kNumLines;
  struct alignas(64) Line {
    std::atomic<uint64_t> children{0};
  };
  // Lines are dealt to threads in turn; a thread keeps its line.
  static constexpr size_t kNoLine = SIZE_MAX;
  [[gnu::tls_model("initial-exec")]] static inline constinit thread_local size_t line_of_this_thread =
      kNoLine;
  [[gnu::cold]] static size_t find_line() noexcept;
  // Speaks for the client when a call ran out of memory.
  class OutOfMemory final : public abi::MemoryWatch {
   public:
    explicit OutOfMemory(Client &client) noexcept : client_(&client) {}
    std::string report() override;
    bool wants_retry() noexcept override;
    CallbackSlot<bool (*)(void *)> callback;

   private:
    Client *client_;
  };
  struct Data {
    explicit Data(const abi::Api &plugin_api);
    ~Data();
    abi::Api api;
    std::atomic<bool> closing{false};
    std::unique_ptr<OutOfMemory> out_of_memory;
    std::atomic<uint64_t> peak_bytes{0};
    std::atomic<size_t> num_launches{0};
    std::unique_ptr<LaunchQueue> launches;
    std::string platform_name;
    std::string platform_version;
    int32_t process_index = 0;
    bool has_host_memory = false;
    std::vector<Device *> devices;
    std::vector<Device *> addressable_devices;
    std::vector<Memory *> addressable_memories;
    std::vector<Memory *> memories;
    std::unordered_map<const void *, Device *> device_of;
    std::unordered_map<const void *, Memory *> memory_of;
    // The plugin calls it until the client is gone.
    Ref<Object> kv_store;
    std::atomic<Topology *> topology{nullptr};
    // Above the byte that a line takes.
    const uint64_t stamp_base;
    Line lines[kNumLines + 1];
    std::atomic<bool> knows_layout_habits{false};
    std::atomic<LayoutHabits> layout_habits{};
  };

  Status wait_for_work(int64_t timeout_ns);
  void detach_children() noexcept;
  uint64_t num_children() const noexcept;
  Status destroy_raw() noexcept;

  Status read_identity();
  Status read_devices();
  Status read_memories();
  Result<Memory *> add_memory(PJRT_Memory *raw);

  Plugin *plugin_;
  PJRT_Client *raw_;
  std::unique_ptr<Data> data_;
};

inline void ClientHold::become_leftover() noexcept {
  if (client_ == nullptr || line_ == Client::kLeftovers) return;
  if (client_->data_->lines[Client::kLeftovers].children.fetch_add(1, std::memory_order_relaxed) == 0)
    client_->retain();
  client_->drop_holds(line_, 1);
  line_ = Client::kLeftovers;
}

inline void ClientHold::reset() noexcept {
  if (Client *client = std::exchange(client_, nullptr)) client->drop_holds(line_, 1);
}

}  // namespace pje
