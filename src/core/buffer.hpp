// Buffers: arrays in the memory of a device.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "base/array_type.hpp"
#include "core/array.hpp"
#include "core/client.hpp"
#include "core/event.hpp"
#include "core/layout.hpp"

namespace pje {

struct Upload {
  const void *data = nullptr;
  size_t size = 0;
  const ArrayType *type = nullptr;
  std::span<const int64_t> byte_strides;
  Device *device = nullptr;
  Memory *memory = nullptr;
  const Layout *layout = nullptr;  // on the device
  PJRT_HostBufferSemantics semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall;
  pje_callback release = nullptr;
  void *release_data = nullptr;
};

class Buffer final : public Object {
 public:
  using Handle = pje_buffer;
  static constexpr ObjectType kType = ObjectType::kBuffer;

  // For a result that is still to come: adopt() fills it in, so that nothing can fail after the plugin has
  // run.
  explicit Buffer(const ArrayType *type) noexcept : type_(type) {}
  Buffer(Client &client, PJRT_Buffer *raw, const ArrayType *type) noexcept
      : raw_(raw), usable_by_(&client), type_(type), hold_(client.hold()), api_(&client.api()) {}
  Buffer(ClientHold hold, const abi::Api &api, PJRT_Buffer *raw, const ArrayType *type) noexcept
      : raw_(raw), usable_by_(hold.get()), type_(type), hold_(std::move(hold)), api_(&api) {}
  // For the caller, in a slot that was reserved; the hold was counted before, in the line that the stamp
  // names. What the last buffer in the slot left there need not be made again.
  [[gnu::always_inline]] static pje_buffer *begin(Slot *slot, uint64_t stamp, Client &client, uint8_t line,
                                                  PJRT_Buffer *raw, const ArrayType *type) noexcept {
    if (slot->stamp.load(std::memory_order_relaxed) == stamp) [[likely]] {
      auto *buffer = static_cast<Buffer *>(Object::in(slot));
      buffer->raw_ = raw;
      buffer->type_ = type;
      return reinterpret_cast<pje_buffer *>(slot->handle_of(begin_life<Buffer>(slot, SlotWord::kPublicOne)));
    }
    return begin_anew(slot, stamp, client, line, raw, type);
  }
  ~Buffer() override {
    if (raw_ != nullptr) destroy_raw();
  }
  void adopt(ClientHold hold, const abi::Api &api, PJRT_Buffer *raw) noexcept {
    hold_ = std::move(hold);
    api_ = &api;
    raw_ = raw;
    usable_by_.store(hold_.get(), std::memory_order_relaxed);
  }

  template <class Slowly>
  static void release_one(pje_buffer *handle, Slowly &&slowly) noexcept;
  template <class Slowly>
  static void release_all(pje_buffer **handles, size_t n, Slowly &&slowly) noexcept;

  // Starts an upload; `host_done` (may be NULL) receives the event after which the memory is free again.
  static Result<Ref<Buffer>> from_host(Client &client, const Upload &upload, RawEvent *host_done);
  // Starts and waits as long as the semantics needs, then runs the release callback when its time has come.
  static Result<Ref<Buffer>> upload(Client &client, const Upload &upload);
  // Starts; the release callback and, if wanted, an event tell when the memory is free again.
  static Result<Ref<Buffer>> upload_async(Client &client, const Upload &upload, Ref<Event> *host_done);
  // Starts an upload of an array that is kept, unchanged, until it ends; the semantics is `destination`'s.
  static Result<Ref<Buffer>> from_kept_array(Client &client, Array &array, Upload destination,
                                             Ref<Event> *host_done);

  // For an output of a run that is still to be dispatched: `launch` is ready once take_over or
  // note_never_filled was called.
  static Ref<Buffer> make_pending(Client &client, const ArrayType *type, Ref<Event> launch);
  void take_over(Buffer &filled) noexcept {
    filled.drop_stamp();
    raw_ = std::exchange(filled.raw_, nullptr);
  }
  void note_never_filled() noexcept;
  // The dispatch that the buffer's contents come from, or NULL.
  Event *launch() const noexcept { return launch_.get(); }
  bool is_pending() const noexcept { return launch_ && !launch_->is_ready(); }
  // Waits until the plugin knows the buffer, and until launched runs that take it over have it; its error
  // when it never will. Everything that needs the plugin's buffer calls this first, as PJE_HANDLE does.
  Status settle() const { return launch_ || client().has_launches() ? settle_slowly() : Status(); }
  // Waits for the launched runs that use it.
  Status settle_uses() const;

  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

  Client &client() const noexcept { return *hold_.get(); }
  PJRT_Buffer *raw() const noexcept { return raw_; }
  const ArrayType *type() const noexcept { return type_; }
  // With the order in which the elements lie as the plugin tells it, not only one that was asked for.
  const ArrayType *type_as_it_lies() const;
  // For a copy, of which the plugin chooses the order. Before anybody else hears of the buffer.
  void find_order() { type_ = type_->minor_to_major == nullptr ? type_ : order_of_device(); }
  // Asks the plugin for the type, for a result of a program that did not tell it.
  static Result<const ArrayType *> read_type(const abi::Api &api, PJRT_Buffer *raw);

  Device *device() const noexcept;
  Memory *memory() const noexcept;

  Result<Ref<Event>> ready();
  // Waits for the contents: their error when what was to fill the buffer failed.
  Status await_contents();
  bool has_arrived() const noexcept;
  Status ready(pje_event **out);
  Status to_host(void *data, size_t size);
  Result<Ref<Event>> to_host_async(void *data, size_t size);
  // Likewise in an order that the caller names; negative strides reach below `data`.
  Status to_host_layout(const Layout &layout, void *data, size_t size);
  Result<Ref<Event>> to_host_layout_async(const Layout &layout, void *data, size_t size);
  // How the contents lie on the device, as the plugin says.
  Result<Ref<Layout>> memory_layout() const { return memory_layout(*api_, raw_); }
  static Result<Ref<Layout>> memory_layout(const abi::Api &api, PJRT_Buffer *raw);
  // Several at once; `data` and `sizes` are as long as `buffers`.
  static Status to_host_all(std::span<Buffer *const> buffers, void *const *data, const size_t *sizes);
  static Result<Ref<Event>> to_host_all_async(std::span<Buffer *const> buffers, void *const *data,
                                              const size_t *sizes);
  // The memory of contents that have arrived, until end_view(); nothing takes them meanwhile.
  Result<const void *> begin_view();
  void end_view() noexcept;
  Result<Ref<Array>> to_array();
  Status to_array_async(Ref<Array> *array, Ref<Event> *done);
  // Into an array of the caller's, of the same type, that is kept until the end.
  Result<Ref<Event>> to_kept_array_async(Array &target);

  Status delete_contents();
  bool is_deleted() const noexcept;
  // What took the contents, or NULL.
  // Whether a run of the client can take it as it is; one that is pending, too.
  bool is_usable_by(const Client *client) const noexcept {
    return usable_by_.load(std::memory_order_acquire) == client;
  }
  const char *consumed_by() const noexcept { return consumed_by_.load(std::memory_order_acquire); }
  // Around a call that may take the contents away, by donation or by deleting them: keeps those out who copy
  // from the memory, since a plugin refuses to give up, or copies, what somebody refers to.
  // FAILED_PRECONDITION, and nothing to end, while somebody looks at the memory.
  Status begin_taking() noexcept;
  void end_taking() noexcept { gate_.fetch_sub(kTaker, std::memory_order_release); }
  // After a run that may have taken the contents over.
  void note_donation(const char *function) noexcept;
  // Keeps the memory where it is, until it is given back as often; the end of the client gives back the rest.
  Status add_external_reference() noexcept;
  void drop_external_reference() noexcept;
  Status check_usable() const;

 private:
  // Fills the objects of a run's outputs again.
  friend class PreparedCall;
  Status settle_slowly() const;
  // Whether the plugin can be asked: not for what is still pending, nor inside callbacks where that cannot
  // end.
  bool has_raw() const noexcept;
  enum class DirectRead : uint8_t { kUnknown, kPossible, kImpossible };
  // Brings what was read to `scratch` into the order that was asked for, at `data`.
  using Arrange = std::function<void(const std::byte *scratch, void *data)>;
  struct Arranging;
  // The gate counts readers below it, takers from it on.
  static constexpr uint32_t kTaker = uint32_t{1} << 20;

  static pje_buffer *begin_anew(Slot *slot, uint64_t stamp, Client &client, uint8_t line, PJRT_Buffer *raw,
                                const ArrayType *type) noexcept;
  // Before a member that begin() does not set is changed: nobody begins with what is left of it.
  void drop_stamp() const noexcept { slot()->stamp.store(0, std::memory_order_relaxed); }
  void note_consumed(const char *by) noexcept {
    drop_stamp();
    usable_by_.store(nullptr, std::memory_order_relaxed);
    const char *nobody = nullptr;
    consumed_by_.compare_exchange_strong(nobody, by);
  }
  // When nobody can refer to it any more; leaves the slot to the caller.
  void end_life() noexcept;
  void destroy_raw() noexcept;
  static Result<Ref<Buffer>> start_upload(Client &client, const Upload &upload,
                                          PJRT_Buffer_MemoryLayout *layout, RawEvent *host_done);
  static Result<Ref<Buffer>> from_host_in_layout(Client &client, const Upload &upload, RawEvent *host_done);
  // Whether the plugin did as the layout says.
  Status check_layout(const Layout &layout) const;

  Status check_read(const void *data, size_t size) const;
  Result<RawEvent> start_read(void *data, PJRT_Buffer_MemoryLayout *layout);
  Result<RawEvent> start_row_major_read(void *data);
  // What has to be done to an answer that does not come row-major although asked to; empty: nothing.
  Result<Arrange> repair_of_read();
  Status read_and_repair(void *data, const Arrange &repair);
  Result<Ref<Event>> read_and_repair_async(void *data, Arrange repair);
  Result<Ref<Event>> arrange_after(const Ref<Event> &read, std::shared_ptr<std::byte[]> scratch, void *data,
                                   Arrange arrange);
  // Reads in that order where the plugin can; nothing: it has to be arranged here.
  Result<std::optional<RawEvent>> start_ordered_read(std::span<const int64_t> minor_to_major, void *data);
  Result<Placement> place_in(const Layout &layout, const void *data, size_t size) const;
  bool lies_row_major(std::vector<int64_t> *minor_to_major) const noexcept;
  const ArrayType *order_of_device() const;
  static Status check_reads(std::span<Buffer *const> buffers, void *const *data, const size_t *sizes);
  bool can_copy_directly() noexcept;
  // NULL where the plugin refuses; otherwise until end_reference().
  const void *refer_to_memory() const noexcept;
  void end_reference() const noexcept;
  // Copies from the device's memory where that is known to be right; false: the plugin has to.
  bool copy_directly(void *data) noexcept;
  bool may_copy_directly() noexcept;
  bool is_plain_memory() const noexcept;

  // In the same cache line as the slot's word: what a run reads of its arguments.
  PJRT_Buffer *raw_ = nullptr;
  // Its client, until the contents are gone.
  std::atomic<const Client *> usable_by_{nullptr};
  const ArrayType *type_;
  std::atomic<const char *> consumed_by_{nullptr};
  ClientHold hold_;
  const abi::Api *api_ = nullptr;
  // Set for good before anybody else hears of the buffer.
  Ref<Event> launch_;
  std::atomic<uint32_t> gate_{0};
  std::atomic<uint32_t> num_views_{0};
  std::atomic<DirectRead> direct_read_{DirectRead::kUnknown};
  mutable std::atomic<bool> known_row_major_{false};
  std::atomic<uint32_t> external_references_{0};
};

// What PJE_HANDLE waits for.
inline Status settled(const Buffer &buffer) { return buffer.settle(); }
// `slowly` gets a handle that is not the only reference to a buffer.
template <class Slowly>
[[gnu::always_inline]] inline void Buffer::release_one(pje_buffer *handle, Slowly &&slowly) noexcept {
  if (!end_sole_reference<Buffer>(SlotPool::range(), handle)) [[unlikely]]
    return slowly(handle);
  Slot *slot = Slot::of(reinterpret_cast<uintptr_t>(handle));
  auto *buffer = static_cast<Buffer *>(Object::in(slot));
  if (slot->stamp.load(std::memory_order_relaxed) == 0) [[unlikely]] {
    buffer->end_life();
  } else {
    Client &client = *buffer->hold_.get();
    auto destroy = abi::zeroed<PJRT_Buffer_Destroy_Args>();
    destroy.buffer = buffer->raw_;
    client.api().call_and_log(destroy);
    client.drop_holds(buffer->hold_.line(), 1);
  }
  slot->poison();
  SlotPool::put(slot, slot, 1);
}

// Releases the caller's buffers in one go: what those of one client have in common is done once. `slowly`
// gets those handles that are not the only reference to a buffer.
template <class Slowly>
[[gnu::always_inline]] inline void Buffer::release_all(pje_buffer **handles, size_t n,
                                                       Slowly &&slowly) noexcept {
  const SlotRange range = SlotPool::range();
  pje_buffer **const end = handles + n;
  Slot *slot = nullptr;
  auto next = [&]() __attribute__((always_inline)) {
    while (handles != end) {
      pje_buffer *handle = std::exchange(*handles++, nullptr);
      slot = Slot::of(reinterpret_cast<uintptr_t>(handle));
      if (end_sole_reference<Buffer>(range, handle)) [[likely]]
        return true;
      slowly(handle);
    }
    return false;
  };
  for (bool more = next(); more;) {
    Slot *first = slot;
    Slot *last = slot;
    ptrdiff_t count = 1;
    uint64_t stamp = slot->stamp.load(std::memory_order_relaxed);
    if (stamp == 0) [[unlikely]] {
      static_cast<Buffer *>(Object::in(slot))->end_life();
      slot->poison();
      more = next();
    } else {
      Client &client = static_cast<Buffer *>(Object::in(slot))->client();
      uint8_t line = static_cast<Buffer *>(Object::in(slot))->hold_.line();
      abi::Api::Repeated<PJRT_Buffer_Destroy_Args> destroy(client.api());
      for (;;) {
        destroy.args.buffer = static_cast<Buffer *>(Object::in(slot))->raw_;
        destroy.call_and_log();
        slot->poison();
        more = next();
        if (!more || slot->stamp.load(std::memory_order_relaxed) != stamp) break;
        last->next = slot;
        last = slot;
        ++count;
      }
      client.drop_holds(line, static_cast<uint64_t>(count));
    }
    SlotPool::put(first, last, count);
  }
}

}  // namespace pje
