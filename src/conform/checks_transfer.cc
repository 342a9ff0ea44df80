// Copies between devices and memories, raw reads, buffers of other kinds, and transfers in pieces.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "conform/checks.hpp"

namespace pje::conform {
namespace {

const std::vector<float> kFour = {1, 2, 3, 4};

PJRT_Memory *default_memory(Session &s) {
  return s.call(PJRT_Device_DefaultMemory_Args{.device = s.device()}).memory;
}

void to_device(Session &s) {
  for (PJRT_Device *device : s.addressable_devices().subspan(1)) {
    PJRT_Buffer *copy =
        s.call(PJRT_Buffer_CopyToDevice_Args{.buffer = s.upload(kFour), .dst_device = device}).dst_buffer;
    expect(s.call(PJRT_Buffer_Device_Args{.buffer = copy}).device == device, "a copy is on another device");
    s.expect_floats(copy, kFour, "a copy on another device");
  }
}

void copy_is_its_own(Session &s) {
  PJRT_Buffer *source = s.upload(kFour);
  PJRT_Buffer *copy =
      s.call(PJRT_Buffer_CopyToDevice_Args{.buffer = source, .dst_device = s.device(1)}).dst_buffer;
  s.call(PJRT_Buffer_Destroy_Args{.buffer = source});
  s.expect_floats(copy, kFour, "a copy whose source was destroyed");
}

void to_memory(Session &s) {
  auto memories = s.call(PJRT_Device_AddressableMemories_Args{.device = s.device()});
  for (size_t i = 0; i < memories.num_memories; ++i) {
    PJRT_Memory *memory = memories.memories[i];
    if (memory == default_memory(s)) continue;
    PJRT_Buffer *copy =
        s.call(PJRT_Buffer_CopyToMemory_Args{.buffer = s.upload(kFour), .dst_memory = memory}).dst_buffer;
    expect(s.call(PJRT_Buffer_Memory_Args{.buffer = copy}).memory == memory, "a copy is in another memory");
    s.expect_floats(copy, kFour, "a copy in another memory");
  }
}

void raw_read(Session &s, int64_t offset, int64_t size) {
  std::vector<float> got(4, -1.0F);
  auto read = s.call(PJRT_Buffer_CopyRawToHost_Args{
      .buffer = s.upload(kFour), .dst = got.data(), .offset = offset, .transfer_size = size});
  s.must_wait(read.event, "a raw read");
  for (size_t i = 0; i < static_cast<size_t>(size) / 4; ++i)
    expect(got[i] == kFour[static_cast<size_t>(offset) / 4 + i], "a raw read from offset ", offset,
           ": value ", i, " is ", std::to_string(got[i]));
}

void raw_beyond(Session &s) {
  float got[16] = {};
  PJRT_Buffer_CopyRawToHost_Args args{
      .buffer = s.upload(kFour), .dst = got, .offset = 8, .transfer_size = 56};
  Answer answer = s.try_call(args);
  if (answer.ok) answer = s.wait(args.event);
  expect(!answer.ok, "a raw read beyond the end was done");
}

void raw_future(Session &s) {
  auto args = s.call(
      PJRT_Buffer_CopyRawToHostFuture_Args{.buffer = s.upload(kFour), .offset = 4, .transfer_size = 8});
  float got[2] = {};
  PJRT_Buffer_CopyRawToHostFuture_Callback_Args ready{.callback_data = args.callback_data, .dst = got};
  ready.struct_size = abi::struct_size<PJRT_Buffer_CopyRawToHostFuture_Callback_Args>;
  args.future_ready_callback(&ready);
  s.must_wait(args.event, "a raw read whose destination came later");
  expect(got[0] == 2 && got[1] == 3, "a raw read whose destination came later gave ", std::to_string(got[0]),
         ", ", std::to_string(got[1]));
}

void bitcast(Session &s) {
  Dims dims = {2, 2};
  auto cast = s.call(PJRT_Buffer_Bitcast_Args{
      .buffer = s.upload(kFour), .element_type = PJRT_Buffer_Type_S32, .dims = dims.data(), .num_dims = 2});
  expect(s.dims(cast.out_buffer) == dims, "a bitcast has other dimensions");
  s.expect_floats(cast.out_buffer, kFour, "the bits of a bitcast");
}

void uninitialized(Session &s) {
  Dims dims = {3, 5};
  auto made = s.call(PJRT_Client_CreateUninitializedBuffer_Args{.client = s.client(),
                                                                .shape_dims = dims.data(),
                                                                .shape_num_dims = 2,
                                                                .shape_element_type = PJRT_Buffer_Type_F32,
                                                                .device = s.device()});
  expect(s.dims(made.buffer) == dims, "an uninitialized buffer has other dimensions");
  expect(s.download(made.buffer).size() == 60, "an uninitialized buffer has another size");
}

void view(Session &s) {
  static std::atomic<int> deleted{0};
  auto *data = static_cast<float *>(std::aligned_alloc(64, 64));
  for (int i = 0; i < 4; ++i) data[i] = kFour[static_cast<size_t>(i)];
  Dims dims = {4};
  auto made = s.call(
      PJRT_Client_CreateViewOfDeviceBuffer_Args{.client = s.client(),
                                                .device_buffer_ptr = data,
                                                .dims = dims.data(),
                                                .num_dims = 1,
                                                .element_type = PJRT_Buffer_Type_F32,
                                                .device = s.device(),
                                                .on_delete_callback = [](void *, void *) { ++deleted; },
                                                .memory = default_memory(s)});
  s.expect_floats(made.buffer, kFour, "a view of memory");
  expect(deleted == 0, "a view let go of its memory while it lives");
  s.call(PJRT_Buffer_Destroy_Args{.buffer = made.buffer});
  for (int i = 0; i < 200 && deleted == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  expect(deleted == 1, "the memory of a view was let go of ", deleted.load(), " times");
}

void alias(Session &s) {
  Dims dims = {4};
  std::vector<int64_t> order(1);
  PJRT_Buffer_MemoryLayout layout = row_major(order);
  auto made = s.call(PJRT_Client_CreateAliasBuffer_Args{.client = s.client(),
                                                        .memory = default_memory(s),
                                                        .shape_dims = dims.data(),
                                                        .shape_num_dims = 1,
                                                        .shape_element_type = PJRT_Buffer_Type_F32,
                                                        .shape_layout = &layout});
  s.call(PJRT_Client_FulfillAliasBuffer_Args{.client = s.client(),
                                             .buffer = s.upload(kFour),
                                             .fulfill_alias_buffer_cb = made.fulfill_alias_buffer_cb});
  s.expect_floats(made.alias_buffer, kFour, "an alias");
}

PJRT_AsyncHostToDeviceTransferManager *manager(Session &s, size_t count) {
  static const Dims dims = {4};
  PJRT_ShapeSpec spec{.dims = dims.data(), .num_dims = 1, .element_type = PJRT_Buffer_Type_F32};
  spec.struct_size = abi::struct_size<PJRT_ShapeSpec>;
  std::vector<PJRT_ShapeSpec> specs(count, spec);
  return s
      .call(PJRT_Client_CreateBuffersForAsyncHostToDevice_Args{.client = s.client(),
                                                               .shape_specs = specs.data(),
                                                               .num_shape_specs = count,
                                                               .memory = default_memory(s)})
      .transfer_manager;
}

PJRT_Buffer *retrieve(Session &s, PJRT_AsyncHostToDeviceTransferManager *of, int index) {
  return s
      .call(PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args{.transfer_manager = of,
                                                                      .buffer_index = index})
      .buffer_out;
}

void send(Session &s, PJRT_AsyncHostToDeviceTransferManager *to, int index, int64_t offset, int64_t size,
          bool last) {
  auto sent = s.call(PJRT_AsyncHostToDeviceTransferManager_TransferData_Args{
      .transfer_manager = to,
      .buffer_index = index,
      .data = reinterpret_cast<const char *>(kFour.data()) + offset,
      .offset = offset,
      .transfer_size = size,
      .is_last_transfer = last});
  s.must_wait(sent.done_with_h2d_transfer, "a transfer");
}

void manager_facts(Session &s) {
  auto *made = manager(s, 3);
  using Args = PJRT_AsyncHostToDeviceTransferManager_BufferCount_Args;
  size_t count = s.call(Args{.transfer_manager = made}).buffer_count;
  expect(count == 3, "a manager for three buffers has ", count);
  auto size = s.call(
      PJRT_AsyncHostToDeviceTransferManager_BufferSize_Args{.transfer_manager = made, .buffer_index = 1});
  expect(size.buffer_size == 16, "a buffer of 16 bytes is said to have ", size.buffer_size);
  auto device = s.call(PJRT_AsyncHostToDeviceTransferManager_Device_Args{.transfer_manager = made});
  expect(device.device_out == s.device(), "the manager is of another device");
}

void whole(Session &s) {
  auto *made = manager(s, 2);
  for (int i = 0; i < 2; ++i) {
    PJRT_Buffer *buffer = retrieve(s, made, i);
    send(s, made, i, 0, 16, true);
    s.expect_floats(buffer, kFour, "a buffer that was sent");
  }
  s.call(PJRT_AsyncHostToDeviceTransferManager_Destroy_Args{.transfer_manager = made});
}

void in_pieces(Session &s) {
  auto *made = manager(s, 1);
  PJRT_Buffer *buffer = retrieve(s, made, 0);
  send(s, made, 0, 8, 8, false);
  send(s, made, 0, 0, 8, true);
  s.expect_floats(buffer, kFour, "a buffer sent in two pieces");
}

void not_ready_before(Session &s) {
  auto *made = manager(s, 1);
  auto event = s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = retrieve(s, made, 0)}).event;
  expect(!s.call(PJRT_Event_IsReady_Args{.event = event}).is_ready,
         "a buffer is ready before anything was sent");
  send(s, made, 0, 0, 16, true);
  s.must_wait(event, "a buffer that was sent");
}

void broken_off(Session &s) {
  auto *made = manager(s, 1);
  PJRT_Buffer *buffer = retrieve(s, made, 0);
  s.call(PJRT_AsyncHostToDeviceTransferManager_SetBufferError_Args{.transfer_manager = made,
                                                                   .buffer_index = 0,
                                                                   .error_code = PJRT_Error_Code_CANCELLED,
                                                                   .error_message = "given up",
                                                                   .error_message_size = 8});
  Answer answer = s.wait(s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = buffer}).event);
  expect(!answer.ok, "a transfer that was given up ended well");
  expect(answer.message.find("given up") != std::string::npos, "the error's text is lost: ", answer.message);
}

void metadata(Session &s) {
  PJRT_NamedValue value{.name = "step", .name_size = 4, .type = PJRT_NamedValue_kString};
  value.struct_size = abi::struct_size<PJRT_NamedValue>;
  value.string_value = "seven";
  value.value_size = 5;
  s.call(PJRT_AsyncHostToDeviceTransferManager_AddMetadata_Args{
      .transfer_manager = manager(s, 1), .transfer_metadata = &value, .num_metadata = 1});
}

void literal(Session &s) {
  auto *made = manager(s, 1);
  PJRT_Buffer *buffer = retrieve(s, made, 0);
  Dims dims = {4};
  std::vector<int64_t> order(1);
  PJRT_Buffer_MemoryLayout layout = row_major(order);
  auto sent = s.call(
      PJRT_AsyncHostToDeviceTransferManager_TransferLiteral_Args{.transfer_manager = made,
                                                                 .buffer_index = 0,
                                                                 .data = kFour.data(),
                                                                 .shape_dims = dims.data(),
                                                                 .shape_num_dims = 1,
                                                                 .shape_element_type = PJRT_Buffer_Type_F32,
                                                                 .shape_layout = &layout});
  s.must_wait(sent.done_with_h2d_transfer, "a literal");
  s.expect_floats(buffer, kFour, "a literal that was sent");
}

void dma(Session &s) {
  void *memory = std::aligned_alloc(4096, 4096);
  s.call(PJRT_Client_DmaMap_Args{.client = s.client(), .data = memory, .size = 4096});
  s.call(PJRT_Client_DmaUnmap_Args{.client = s.client(), .data = memory});
}

void donate_with_dependency(Session &s) {
  PJRT_Buffer *source = s.upload(kFour);
  auto made = s.call(PJRT_Buffer_DonateWithControlDependency_Args{.buffer = source});
  PJRT_Buffer_DonateWithControlDependency_Callback_Args ready{.callback_data = made.callback_data};
  ready.struct_size = abi::struct_size<PJRT_Buffer_DonateWithControlDependency_Callback_Args>;
  made.dependency_ready_callback(&ready);
  s.expect_floats(made.out_buffer, kFour, "a buffer that took another's contents");
  expect(s.call(PJRT_Buffer_IsDeleted_Args{.buffer = source}).is_deleted,
         "the source of a donation is not deleted");
}

}  // namespace

std::vector<Check> transfer_checks() {
  using S = Session;
  return {
      {"copy.to_device", "a copy on each other device", to_device},
      {"copy.is_its_own", "a copy outlives its source", copy_is_its_own},
      {"copy.to_memory", "a copy in each other memory", to_memory},
      {"copy.raw", "raw bytes are read", [](S &s) { raw_read(s, 0, 16); }},
      {"copy.raw_from_offset", "raw bytes are read from an offset", [](S &s) { raw_read(s, 4, 8); }},
      {"copy.raw_beyond_refused", "a raw read beyond the end is an error", raw_beyond},
      {"copy.raw_future", "raw bytes are read to a place given later", raw_future},
      {"copy.bitcast", "a bitcast keeps the bits", bitcast},
      {"create.uninitialized", "an uninitialized buffer has its shape", uninitialized},
      {"create.view", "a view shows memory and lets go of it once", view},
      {"create.alias", "an alias becomes what it is fulfilled with", alias},
      {"create.donated", "a buffer takes another's contents", donate_with_dependency},
      {"create.dma_map", "memory can be mapped and unmapped", dma},
      {"transfer.facts", "a manager knows its buffers and device", manager_facts},
      {"transfer.whole", "buffers are sent", whole},
      {"transfer.in_pieces", "a buffer is sent in pieces, in any order", in_pieces},
      {"transfer.not_ready_before", "a buffer is not ready before it was sent", not_ready_before},
      {"transfer.broken_off", "a transfer can be given up", broken_off},
      {"transfer.metadata", "metadata is taken", metadata},
      {"transfer.literal", "a literal is sent", literal},
  };
}

}  // namespace pje::conform
