// Arrays of the host in pieces: where each goes, and which is the last.

#include <algorithm>
#include <cstring>
#include <new>

#include "base/text.hpp"
#include "core/transfer_manager.hpp"

namespace pje {

namespace {

// Counts what has arrived, once an event says so.
struct Arrival final : Event::Continuation {
  Arrival(std::shared_ptr<std::atomic<size_t>> counter, size_t bytes, std::shared_ptr<std::byte[]> memory)
      : arrived(std::move(counter)), size(bytes), kept(std::move(memory)) {
    run = [](const Status &outcome, Event::Continuation &self) noexcept {
      auto &mine = static_cast<Arrival &>(self);
      if (outcome.ok()) mine.arrived->fetch_add(mine.size);
    };
  }
  std::shared_ptr<std::atomic<size_t>> arrived;
  size_t size;
  // Read by the plugin until then.
  std::shared_ptr<std::byte[]> kept;
};

Status count_arrival(Event &event, const std::shared_ptr<std::atomic<size_t>> &arrived, size_t size,
                     std::shared_ptr<std::byte[]> kept) {
  std::shared_ptr<std::byte[]> memory = kept;
  Status registered = event.then(std::make_unique<Arrival>(arrived, size, std::move(kept)));
  // The plugin reads the memory until then, whether it can be told or not.
  if (!registered.ok()) (void)event.wait();
  return registered;
}

}  // namespace

Result<TransferManager::Way> TransferManager::find_way(size_t index, Ref<Buffer> *buffer) {
  const ArrayType &type = *data_->targets[index].type;
  PJE_ASSIGN(size_t device_size, buffer_size(index));
  bool literals = api_->has<PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args>();
  // Whoever failed here before has left the buffer.
  Ref<Buffer> known = data_->targets[index].buffer;
  if (device_size == type.host_size && !data_->targets[index].handed_over) {
    if (!known) {
      PJE_ASSIGN(*buffer, take_buffer(index));
      known = *buffer;
    }
    Result<Ref<Layout>> layout = known->memory_layout();
    std::vector<int64_t> order;
    if (layout.ok() && layout.value()->dense_order(type, &order) &&
        std::is_sorted(order.rbegin(), order.rend()))
      return Way::kPieces;
  }
  if (literals) return Way::kWhole;
  return failure(PJE_UNIMPLEMENTED,
                 concat(type.text(), " does not lie row-major and dense on the device, and ",
                        "PJRT_AsyncHostToDeviceTransferManager_TransferLiteral is not in plugin ",
                        api_->path(), " (PJRT 0.", api_->minor(), "; added in 0.83)"));
}

Result<TransferManager::Way> TransferManager::way_of(size_t index) {
  Target &target = data_->targets[index];
  {
    Lock lock(data_->mutex);
    data_->changed.wait(lock, [&] { return target.way != Way::kBeingFound; });
    if (target.way != Way::kUnknown) return target.way;
    target.way = Way::kBeingFound;
  }
  Ref<Buffer> buffer;
  Result<Way> way = find_way(index, &buffer);
  Lock lock(data_->mutex);
  target.way = way.ok() ? way.value() : Way::kUnknown;
  if (buffer) target.buffer = std::move(buffer);
  data_->changed.notify_all();
  return way;
}

Status TransferManager::reserve_piece(Target &target, size_t size, size_t offset, bool *is_last) {
  size_t total = target.type->host_size;
  if (offset > total || size > total - offset)
    return invalid_argument(concat("arguments \"offset\" ", offset, " and \"size\" ", size, " reach beyond ",
                                   target.type->text(), ", which has ", total, " bytes"));
  if (size == 0 && total > 0)
    return invalid_argument("argument \"size\" is 0: expected a piece of the array");
  Lock lock(data_->mutex);
  if (target.closed)
    return failure(PJE_FAILED_PRECONDITION, "the array is complete, or the buffer has had its error");
  auto next = target.pieces.lower_bound(offset);
  bool overlaps = next != target.pieces.end() && next->first < offset + size;
  if (next != target.pieces.begin()) overlaps = overlaps || std::prev(next)->second > offset;
  if (overlaps)
    return invalid_argument(concat("bytes ", offset, " to ", offset + size, " of ", target.type->text(),
                                   " were written before, in part or whole"));
  target.pieces[offset] = offset + size;
  target.covered += size;
  ++target.num_calls;
  *is_last = target.covered == total;
  if (!*is_last) return {};
  target.closed = true;
  // The last transfer may finish before the others, but must not be announced before them.
  data_->changed.wait(lock, [&] { return target.num_calls == 1; });
  // One of them was refused: the array is not complete.
  if (target.covered == total) return {};
  target.closed = false;
  *is_last = false;
  return {};
}

void TransferManager::end_piece(Target &target, size_t size, size_t offset, bool is_last,
                                bool failed) noexcept {
  Lock lock(data_->mutex);
  --target.num_calls;
  if (failed) {
    target.pieces.erase(offset);
    target.covered -= size;
    if (is_last) target.closed = false;
  }
  data_->changed.notify_all();
}

Result<Ref<Event>> TransferManager::write_piece(Target &target, size_t index, const void *data, size_t size,
                                                size_t offset, bool is_last) {
  if (target.way == Way::kPieces) {
    PJE_ASSIGN(Ref<Event> done, start_data(index, data, size, offset, is_last));
    PJE_TRY(count_arrival(*done, target.arrived, size, nullptr));
    return done;
  }
  std::shared_ptr<std::byte[]> staging;
  {
    Lock lock(data_->mutex);
    if (!target.staging)
      target.staging = std::make_shared<std::byte[]>(std::max<size_t>(target.type->host_size, 1));
    staging = target.staging;
  }
  if (size > 0) std::memcpy(staging.get() + offset, data, size);
  if (!is_last) return make<Event>(client(), Status());
  std::vector<int64_t> order(target.type->rank);
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(order.size() - 1 - i);
  PJE_ASSIGN(Ref<Event> done, start_literal(index, staging.get(), std::move(order)));
  PJE_TRY(count_arrival(*done, target.arrived, target.type->host_size, std::move(staging)));
  return done;
}

Result<Ref<Event>> TransferManager::write(size_t index, const void *data, size_t size, size_t offset) {
  PJE_TRY(check_index(index));
  if (data == nullptr && size > 0) return invalid_argument("argument \"data\" is NULL");
  PJE_ASSIGN(Way way, way_of(index));
  (void)way;
  Target &target = data_->targets[index];
  bool is_last = false;
  PJE_TRY(reserve_piece(target, size, offset, &is_last));
  Result<Ref<Event>> done = Status();
  try {
    done = write_piece(target, index, data, size, offset, is_last);
  } catch (...) {
    end_piece(target, size, offset, is_last, true);
    throw;
  }
  end_piece(target, size, offset, is_last, !done.ok());
  return done;
}

Result<TransferProgress> TransferManager::progress(size_t index) {
  PJE_TRY(check_index(index));
  const Target &target = data_->targets[index];
  return TransferProgress{target.arrived->load(), target.type->host_size};
}

}  // namespace pje
