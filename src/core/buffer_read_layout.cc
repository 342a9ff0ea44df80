// Read-back in an order of the caller's, and from plugins that answer in an order of their own.

#include <cstring>

#include "base/dtype.hpp"
#include "base/strides.hpp"
#include "base/text.hpp"
#include "core/buffer.hpp"

namespace pje {

namespace {

constexpr const char *kReadBack = "PJRT_Buffer_ToHostBuffer";

std::unique_ptr<std::byte[]> scratch_of(size_t size) {
  return std::unique_ptr<std::byte[]>(new std::byte[size]);
}

// What the plugin answers for something that it cannot do, or does not want to.
bool is_refusal(const Status &status) noexcept {
  pje_code code = status.error()->code();
  return code == PJE_UNIMPLEMENTED || code == PJE_INVALID_ARGUMENT;
}

}  // namespace

// What follows a read into `scratch`, on the thread that ends it.
struct Buffer::Arranging final : Event::Continuation {
  Ref<Event> done;
  std::shared_ptr<std::byte[]> scratch;
  void *data = nullptr;
  Arrange arrange;
};

Result<Ref<Layout>> Buffer::memory_layout(const abi::Api &api, PJRT_Buffer *raw) {
  auto args = abi::zeroed<PJRT_Buffer_GetMemoryLayout_Args>();
  args.buffer = raw;
  PJE_TRY(api.call(args));
  return Layout::from_abi(args.layout);
}

bool Buffer::lies_row_major(std::vector<int64_t> *minor_to_major) const noexcept {
  if (type_->rank < 2 || known_row_major_.load(std::memory_order_relaxed)) return true;
  auto args = abi::zeroed<PJRT_Buffer_GetMemoryLayout_Args>();
  args.buffer = raw_;
  // Who does not tell is taken to do what is asked.
  if (!api_->call(args).ok() || args.layout.type != PJRT_Buffer_MemoryLayout_Type_Tiled) return true;
  std::span<const int64_t> order(args.layout.tiled.minor_to_major, args.layout.tiled.minor_to_major_size);
  if (order.size() != type_->rank || !is_permutation(order) || walks_row_major(*type_, order)) {
    drop_stamp();
    known_row_major_.store(true, std::memory_order_relaxed);
    return true;
  }
  minor_to_major->assign(order.begin(), order.end());
  return false;
}

const ArrayType *Buffer::order_of_device() const {
  std::vector<int64_t> order;
  return lies_row_major(&order) ? type_->plain : array_type_in_order(*type_, order);
}

const ArrayType *Buffer::type_as_it_lies() const {
  bool is_known = type_->minor_to_major != nullptr || !has_raw();
  return is_known ? type_ : order_of_device();
}

Result<Buffer::Arrange> Buffer::repair_of_read() {
  std::vector<int64_t> order;
  if (type_->host_size == 0 || lies_row_major(&order)) return Arrange();
  PJE_ASSIGN(LayoutHabits habits, client().layout_habits());
  if (habits.host != LayoutHabits::Host::kOfDevice) return Arrange();
  return Arrange([type = type_, order = std::move(order)](const std::byte *scratch, void *data) {
    // Cannot fail: the order was checked.
    (void)reorder_to_row_major(scratch, data, dtype_info(type->dtype)->host_size, type->dims_span(), order);
  });
}

Status Buffer::read_and_repair(void *data, const Arrange &repair) {
  auto scratch = scratch_of(type_->host_size);
  PJE_ASSIGN(RawEvent done, start_row_major_read(scratch.get()));
  if (done) PJE_TRY(done.await(kReadBack));
  repair(scratch.get(), data);
  return {};
}

Result<Ref<Event>> Buffer::read_and_repair_async(void *data, Arrange repair) {
  std::shared_ptr<std::byte[]> scratch = scratch_of(type_->host_size);
  PJE_ASSIGN(RawEvent raw, start_row_major_read(scratch.get()));
  return arrange_after(make<Event>(client(), std::move(raw), kReadBack), std::move(scratch), data,
                       std::move(repair));
}

Result<Ref<Event>> Buffer::arrange_after(const Ref<Event> &read, std::shared_ptr<std::byte[]> scratch,
                                         void *data, Arrange arrange) {
  auto next = std::make_unique<Arranging>();
  next->done = Event::make_unsettable(&client());
  // A refused continuation is destroyed, and the plugin still writes.
  std::shared_ptr<std::byte[]> kept = scratch;
  next->scratch = std::move(scratch);
  next->data = data;
  next->arrange = std::move(arrange);
  next->run = [](const Status &outcome, Event::Continuation &self) noexcept {
    auto &mine = static_cast<Arranging &>(self);
    if (outcome.ok()) mine.arrange(mine.scratch.get(), mine.data);
    Event::finish(std::move(mine.done), outcome.copy());
  };
  Ref<Event> done = next->done;
  Status registered = read->then(std::move(next));
  if (registered.ok()) return done;
  (void)read->wait();
  return registered;
}

Result<std::optional<RawEvent>> Buffer::start_ordered_read(std::span<const int64_t> minor_to_major,
                                                           void *data) {
  using Started = std::optional<RawEvent>;
  // How elements of fewer than 8 bits are ordered on the host is known for row-major alone.
  if (dtype_info(type_->dtype)->bits < 8) return Started();
  PJE_ASSIGN(LayoutHabits habits, client().layout_habits());
  if (habits.host != LayoutHabits::Host::kAsked) return Started();
  AbiLayout layout(*api_, std::vector<int64_t>(minor_to_major.begin(), minor_to_major.end()));
  Result<RawEvent> done = start_read(data, layout.get());
  if (done.ok()) return Started(std::move(done).value());
  Status refused = std::move(done).status();
  if (is_refusal(refused)) return Started();
  return refused;
}

Result<Placement> Buffer::place_in(const Layout &layout, const void *data, size_t size) const {
  PJE_TRY(check_usable());
  PJE_ASSIGN(Placement placement, layout.placement(*type_));
  if (placement.size() == 0) return placement;
  if (data == nullptr) return invalid_argument("argument \"data\" is NULL");
  size_t below = placement.first();
  size_t above = placement.size() - below;
  if (above <= size && (below == 0 || below < size)) return placement;
  return invalid_argument(concat("argument \"size\" is ", size, " bytes: ", type_->text(), " in layout ",
                                 layout.text(), " reaches ", below, " bytes below \"data\" and ", above,
                                 " from there on"));
}

Status Buffer::to_host_layout(const Layout &layout, void *data, size_t size) {
  PJE_ASSIGN(Placement placement, place_in(layout, data, size));
  std::vector<int64_t> order;
  if (layout.dense_order(*type_, &order)) {
    if (walks_row_major(*type_, order)) return to_host(data, size);
    PJE_ASSIGN(std::optional<RawEvent> started, start_ordered_read(order, data));
    if (started) return *started ? started->await(kReadBack) : Status();
  }
  auto scratch = scratch_of(type_->host_size);
  PJE_TRY(to_host(scratch.get(), type_->host_size));
  placement.scatter(scratch.get(), data);
  return {};
}

Result<Ref<Event>> Buffer::to_host_layout_async(const Layout &layout, void *data, size_t size) {
  PJE_ASSIGN(Placement placement, place_in(layout, data, size));
  std::vector<int64_t> order;
  if (layout.dense_order(*type_, &order)) {
    if (walks_row_major(*type_, order)) return to_host_async(data, size);
    PJE_ASSIGN(std::optional<RawEvent> started, start_ordered_read(order, data));
    if (started) return make<Event>(client(), std::move(*started), kReadBack);
  }
  std::shared_ptr<std::byte[]> scratch = scratch_of(type_->host_size);
  PJE_ASSIGN(Ref<Event> read, to_host_async(scratch.get(), type_->host_size));
  return arrange_after(read, std::move(scratch), data,
                       [placement = std::move(placement)](const std::byte *dense, void *placed) {
                         placement.scatter(dense, placed);
                       });
}

}  // namespace pje
