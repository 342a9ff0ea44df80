// Several arrays to one memory at once, piece by piece.
#pragma once

#include "core/transfer_manager.hpp"

namespace pje {

struct TransferAllOptions {
  Memory *memory = nullptr;
  // Bytes of a piece; 0: a size that keeps the copies going and the memory in use small.
  size_t piece_size = 0;
  pje_transfer_progress progress = nullptr;
  void *progress_data = nullptr;
};

class TransferAll {
 public:
  static Result<std::shared_ptr<TransferAll>> create(Client &client, std::vector<Ref<Array>> arrays,
                                                     const TransferAllOptions &options);
  TransferAll(Ref<TransferManager> manager, std::vector<Ref<Array>> arrays,
              const TransferAllOptions &options) noexcept
      : manager_(std::move(manager)), arrays_(std::move(arrays)), options_(options) {}

  std::span<const Ref<Buffer>> buffers() const noexcept { return buffers_; }
  // Returns when all is done. After a failure every buffer that is not complete holds it.
  Status run();

 private:
  struct Piece {
    Ref<Event> done;
    size_t size;
    bool is_last;
  };
  Status retrieve_all();
  Status start_piece(size_t array, size_t offset, size_t size);
  Status finish_oldest();
  void report() noexcept;
  Status move_all();

  Ref<TransferManager> manager_;
  std::vector<Ref<Array>> arrays_;
  TransferAllOptions options_;
  std::vector<Ref<Buffer>> buffers_;
  // Under way, the oldest first.
  std::vector<Piece> pieces_;
  std::chrono::steady_clock::time_point start_{};
  uint64_t total_ = 0;
  uint64_t done_ = 0;
  size_t num_complete_ = 0;
};

}  // namespace pje
