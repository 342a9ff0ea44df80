// Transfers to a device in pieces: buffers that are there before their contents.
#pragma once

#include <map>

#include "core/buffer.hpp"
#include "core/named_values.hpp"

namespace pje {

struct TransferProgress {
  size_t done = 0;
  size_t total = 0;
};

class TransferManager final : public Object {
 public:
  using Handle = pje_transfer_manager;
  static constexpr ObjectType kType = ObjectType::kTransferManager;

  // `layouts` is empty or has one entry per type, NULL for the plugin's own choice. `memory` may be NULL: the
  // default one of the first device.
  static Result<Ref<TransferManager>> create(Client &client, std::span<const ArrayType *const> types,
                                             std::span<const Layout *const> layouts, Memory *memory);

  TransferManager(Client &client, PJRT_AsyncHostToDeviceTransferManager *raw,
                  std::span<const ArrayType *const> types);
  ~TransferManager() override;
  const Object *owner() const noexcept override { return hold_.get(); }
  void on_client_close() noexcept override;

  Client &client() const noexcept { return *hold_.get(); }
  PJRT_AsyncHostToDeviceTransferManager *raw() const noexcept { return raw_; }
  Device *device() const noexcept;
  size_t num_buffers() const noexcept { return data_->targets.size(); }
  // As the plugin says.
  size_t plugin_num_buffers() const noexcept;
  Result<size_t> buffer_size(size_t index) const;
  Result<Ref<Buffer>> retrieve(size_t index);
  Status set_error(size_t index, const Error &reason);
  Status add_metadata(const NamedValues &values);
  // Sets the error of every buffer that is not complete yet.
  void fail_unfinished(const Error &reason) noexcept;

  // Bytes as they lie on the device; the caller says which piece is the last.
  Result<Ref<Event>> transfer_data(size_t index, const void *data, size_t size, size_t offset, bool is_last);
  // A whole array; `layout` (may be NULL: row-major) is the order of the host's data.
  Result<Ref<Event>> transfer_literal(size_t index, const void *data, size_t size, const Layout *layout);
  // A piece of a dense, row-major array of the host, whatever the layout on the device. The piece that
  // completes the array is found here.
  Result<Ref<Event>> write(size_t index, const void *data, size_t size, size_t offset);
  Result<TransferProgress> progress(size_t index);

 private:
  // How pieces of a host array get to the device.
  enum class Way : uint8_t { kUnknown, kBeingFound, kPieces, kWhole };
  struct Target {
    const ArrayType *type = nullptr;
    Ref<Buffer> buffer;
    bool retrieving = false;
    bool handed_over = false;
    // The last transfer was given, or an error was set.
    bool closed = false;
    Way way = Way::kUnknown;
    // What was written of the host's array: begin and end of each piece.
    std::map<size_t, size_t> pieces;
    size_t covered = 0;
    size_t num_calls = 0;
    std::shared_ptr<std::byte[]> staging;
    std::shared_ptr<std::atomic<size_t>> arrived = std::make_shared<std::atomic<size_t>>(0);
  };
  struct Data {
    Mutex mutex;
    Condition changed;
    std::vector<Target> targets;
  };

  Status check_index(size_t index) const;
  Status begin_last(Target &target);
  void undo_last(Target &target) noexcept;
  Result<Ref<Event>> start_data(size_t index, const void *data, size_t size, size_t offset, bool is_last);
  Result<Ref<Event>> start_literal(size_t index, const void *data, std::vector<int64_t> minor_to_major);
  Result<Ref<Buffer>> take_buffer(size_t index);
  Result<Way> way_of(size_t index);
  Result<Way> find_way(size_t index, Ref<Buffer> *buffer);
  Status reserve_piece(Target &target, size_t size, size_t offset, bool *is_last);
  void end_piece(Target &target, size_t size, size_t offset, bool is_last, bool failed) noexcept;
  Result<Ref<Event>> write_piece(Target &target, size_t index, const void *data, size_t size, size_t offset,
                                 bool is_last);
  Status set_raw_error(size_t index, const Error &reason) noexcept;
  void destroy_raw() noexcept;

  ClientHold hold_;
  const abi::Api *api_;
  PJRT_AsyncHostToDeviceTransferManager *raw_;
  std::unique_ptr<Data> data_;
};

}  // namespace pje
