#include "core/transfer_all.hpp"

#include <algorithm>

#include "base/thread_context.hpp"

namespace pje {

namespace {

constexpr size_t kPieceSize = size_t{4} << 20;
// Enough that a plugin with several threads has something to do for each.
constexpr size_t kPiecesUnderWay = 8;

}  // namespace

Result<std::shared_ptr<TransferAll>> TransferAll::create(Client &client, std::vector<Ref<Array>> arrays,
                                                         const TransferAllOptions &options) {
  std::vector<const ArrayType *> types;
  uint64_t total = 0;
  for (const Ref<Array> &array : arrays) {
    types.push_back(array->type());
    total += array->size();
  }
  PJE_ASSIGN(Ref<TransferManager> manager, TransferManager::create(client, types, {}, options.memory));
  auto transfer = std::make_shared<TransferAll>(std::move(manager), std::move(arrays), options);
  transfer->total_ = total;
  PJE_TRY(transfer->retrieve_all());
  return transfer;
}

Status TransferAll::retrieve_all() {
  for (size_t i = 0; i < arrays_.size(); ++i) {
    PJE_ASSIGN(Ref<Buffer> buffer, manager_->retrieve(i));
    buffers_.push_back(std::move(buffer));
  }
  pieces_.reserve(kPiecesUnderWay);
  return {};
}

void TransferAll::report() noexcept {
  if (options_.progress == nullptr) return;
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
  pje_transfer_state state{};
  state.struct_size = sizeof(state);
  state.bytes_done = done_;
  state.bytes_total = total_;
  state.buffers_done = num_complete_;
  state.num_buffers = arrays_.size();
  state.bytes_per_second = passed.count() > 0 ? static_cast<double>(done_) / passed.count() : 0;
  CallbackScope scope;
  options_.progress(options_.progress_data, &state);
}

Status TransferAll::finish_oldest() {
  Piece piece = std::move(pieces_.front());
  pieces_.erase(pieces_.begin());
  PJE_TRY(piece.done->wait());
  done_ += piece.size;
  if (piece.is_last) ++num_complete_;
  report();
  return {};
}

Status TransferAll::start_piece(size_t array, size_t offset, size_t size) {
  if (pieces_.size() == kPiecesUnderWay) PJE_TRY(finish_oldest());
  auto *data = static_cast<const char *>(arrays_[array]->data()) + offset;
  PJE_ASSIGN(Ref<Event> done, manager_->write(array, data, size, offset));
  // Pieces are waited for in order: the last of an array completes it.
  pieces_.push_back({std::move(done), size, offset + size == arrays_[array]->size()});
  return {};
}

Status TransferAll::move_all() {
  size_t piece = options_.piece_size == 0 ? kPieceSize : options_.piece_size;
  for (size_t i = 0; i < arrays_.size(); ++i) {
    size_t size = arrays_[i]->size();
    size_t offset = 0;
    do {
      size_t length = std::min(piece, size - offset);
      PJE_TRY(start_piece(i, offset, length));
      offset += length;
    } while (offset < size);
  }
  while (!pieces_.empty()) PJE_TRY(finish_oldest());
  return {};
}

Status TransferAll::run() {
  start_ = std::chrono::steady_clock::now();
  Status status = move_all();
  if (!status.ok()) manager_->fail_unfinished(*status.error());
  // The arrays are in use until the last piece has been copied, well or badly.
  for (Piece &piece : pieces_) (void)piece.done->wait();
  pieces_.clear();
  return status;
}

}  // namespace pje
