#include "core/buffer_copies.hpp"

#include "base/text.hpp"
#include "core/async_call.hpp"
#include "core/buffer_facts.hpp"

namespace pje {

namespace {

constexpr const char *kRawCopy = "PJRT_Buffer_CopyRawToHost";
// XLA's CPU plugin 0.81 crashes when asked for the bytes of what is pending or has failed, 0.106 does not.
constexpr int32_t kFirstSafeRawCopy = 106;

bool needs_contents(const Buffer &source) {
  return source.client().api().minor() < kFirstSafeRawCopy && !source.has_arrived();
}

template <class Place>
Status check_destination(const Buffer &source, const Place &destination) {
  PJE_TRY(source.check_usable());
  if (&destination.client().plugin() == &source.client().plugin()) return {};
  return invalid_argument("the destination belongs to another plugin: copy through the host");
}

Result<Ref<Buffer>> adopt(const Buffer &source, Ref<Buffer> copy, Client &owner, PJRT_Buffer *raw) {
  copy->adopt(owner.hold(), owner.api(), raw);
  copy->find_order();
  if (copy->type() == source.type()) return copy;
  // XLA's CPU plugin 0.81 copies the bytes as they lie and calls them row-major.
  PJE_ASSIGN(LayoutHabits habits, owner.layout_habits());
  if (habits.host != LayoutHabits::Host::kOfDevice) return copy;
  return failure(PJE_UNIMPLEMENTED, concat("the plugin forgets in a copy that the elements lie as ",
                                           source.type()->text_in_order(), ": copy through the host"));
}

}  // namespace

Result<Ref<Buffer>> copy_to_device(const Buffer &source, Device &destination) {
  PJE_TRY(check_destination(source, destination));
  if (!destination.is_addressable())
    return invalid_argument(
        concat("argument \"device\" (id ", destination.id(), ") belongs to another process"));
  Ref<Buffer> copy = make<Buffer>(source.type());
  auto args = abi::zeroed<PJRT_Buffer_CopyToDevice_Args>();
  args.buffer = source.raw();
  args.dst_device = destination.raw();
  PJE_TRY(source.client().api().call(args));
  return adopt(source, std::move(copy), destination.client(), args.dst_buffer);
}

Result<Ref<Buffer>> copy_to_memory(const Buffer &source, Memory &destination) {
  PJE_TRY(check_destination(source, destination));
  Ref<Buffer> copy = make<Buffer>(source.type());
  auto args = abi::zeroed<PJRT_Buffer_CopyToMemory_Args>();
  args.buffer = source.raw();
  args.dst_memory = destination.raw();
  PJE_TRY(source.client().api().call(args));
  return adopt(source, std::move(copy), destination.client(), args.dst_buffer);
}

Result<Ref<Buffer>> when_complete(Result<Ref<Buffer>> copy) {
  if (!copy.ok()) return copy;
  PJE_TRY(copy.value()->await_contents());
  return copy;
}

Status check_raw_range(const Buffer &source, size_t offset, size_t size) {
  PJE_TRY(source.check_usable());
  PJE_ASSIGN(size_t available, on_device_size(source));
  if (offset <= available && size <= available - offset) return {};
  return invalid_argument(concat("bytes ", offset, " and the ", size, " from there on: the buffer has ",
                                 available, " bytes on the device"));
}

namespace {

Status check_raw_copy(const Buffer &source, const void *data, size_t offset, size_t size) {
  PJE_TRY(check_raw_range(source, offset, size));
  if (data == nullptr && size > 0) return invalid_argument("argument \"data\" is NULL");
  return {};
}

Result<RawEvent> start_raw_copy(const Buffer &source, void *data, size_t offset, size_t size) {
  auto args = abi::zeroed<PJRT_Buffer_CopyRawToHost_Args>();
  args.buffer = source.raw();
  args.dst = data;
  args.offset = static_cast<int64_t>(offset);
  args.transfer_size = static_cast<int64_t>(size);
  PJE_TRY(source.client().api().call(args));
  return RawEvent(source.client().api(), args.event);
}

}  // namespace

Status copy_raw_to_host(Buffer &source, void *data, size_t offset, size_t size) {
  PJE_TRY(check_raw_copy(source, data, offset, size));
  if (needs_contents(source)) PJE_TRY(source.await_contents());
  PJE_ASSIGN(RawEvent done, start_raw_copy(source, data, offset, size));
  return done ? done.await(kRawCopy) : Status();
}

Result<Ref<Event>> copy_raw_to_host_async(const char *function, Buffer &source, void *data, size_t offset,
                                          size_t size) {
  PJE_TRY(check_raw_copy(source, data, offset, size));
  if (needs_contents(source)) {
    auto copy = [kept = Ref<Buffer>::share(&source), data, offset, size] {
      return copy_raw_to_host(*kept, data, offset, size);
    };
    return start_call(function, Work<void>{Ref<Client>::share(&source.client()), std::move(copy)});
  }
  PJE_ASSIGN(RawEvent done, start_raw_copy(source, data, offset, size));
  if (!done) return make<Event>(source.client(), Status());
  return make<Event>(source.client(), std::move(done), kRawCopy);
}

}  // namespace pje
