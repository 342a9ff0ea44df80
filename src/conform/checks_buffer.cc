// Buffers: uploads of every element type, read-backs, and what a buffer tells of itself.
#include <atomic>
#include <memory>

#include "base/dtype.hpp"
#include "conform/checks.hpp"

namespace pje::conform {
namespace {

const std::vector<float> kFour = {1, 2, 3, 4};

PJRT_Client_BufferFromHostBuffer_Args upload_args(Session &s, const std::vector<float> &values,
                                                  const Dims &dims) {
  return {.client = s.client(),
          .data = values.data(),
          .type = PJRT_Buffer_Type_F32,
          .dims = dims.data(),
          .num_dims = dims.size(),
          .host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableOnlyDuringCall,
          .device = s.device()};
}

// Every bit pattern that fits the type, one element a byte below 8 bits.
Bytes pattern_of(const DtypeInfo &info, size_t count) {
  Bytes bytes(count * info.host_size);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<unsigned char>(i * 37 + 11);
  for (unsigned char &byte : bytes) {
    if (info.kind == PJE_KIND_BOOL) byte &= 1;
    if (info.bits >= 8) continue;
    byte = static_cast<unsigned char>(byte & ((1U << info.bits) - 1));
    bool negative = info.kind == PJE_KIND_SIGNED && (byte >> (info.bits - 1)) != 0;
    if (negative) byte = static_cast<unsigned char>(byte | (0xffU << info.bits));
  }
  return bytes;
}

void round_trip(Session &s, const DtypeInfo &info) {
  if (info.since_minor > s.minor()) throw Unsupported{concat(info.name, " came with 0.", info.since_minor)};
  auto type = static_cast<PJRT_Buffer_Type>(info.dtype);
  Bytes given = pattern_of(info, 12);
  PJRT_Client_BufferFromHostBuffer_Args args = upload_args(s, {}, {});
  Dims dims = {3, 4};
  args.data = given.data();
  args.type = type;
  args.dims = dims.data();
  args.num_dims = 2;
  PJRT_Buffer *buffer = s.call(args).buffer;
  auto got_type = s.call(PJRT_Buffer_ElementType_Args{.buffer = buffer}).type;
  expect(got_type == type, "uploaded as ", info.name, ", the buffer says type ", static_cast<int>(got_type));
  Bytes got = s.download(buffer);
  expect(got.size() == given.size(), "12 elements of ", info.name, " come back as ", got.size(),
         " bytes, expected ", given.size());
  for (size_t i = 0; i < got.size(); ++i) {
    // Below 8 bits the rest of the byte is nobody's.
    unsigned mask = info.bits < 8 ? (1U << info.bits) - 1 : 0xff;
    expect((got[i] & mask) == (given[i] & mask), "byte ", i, " of ", info.name, " came back as ",
           static_cast<int>(got[i]), ", given was ", static_cast<int>(given[i]));
  }
}

void shape_of(Session &s, const Dims &dims) {
  size_t count = 1;
  for (int64_t dim : dims) count *= static_cast<size_t>(dim);
  std::vector<float> values(count, 7.0F);
  PJRT_Buffer *buffer = s.upload(PJRT_Buffer_Type_F32, dims, values.data());
  expect(s.dims(buffer) == dims, "dimensions ", dims_text(dims), " came back as ", dims_text(s.dims(buffer)));
  s.expect_floats(buffer, values, "the contents");
}

void unpadded(Session &s) {
  std::vector<float> values(6);
  PJRT_Buffer *buffer = s.upload(PJRT_Buffer_Type_F32, {2, 3}, values.data());
  auto got = s.call(PJRT_Buffer_UnpaddedDimensions_Args{.buffer = buffer});
  expect(got.num_dims == 2 && got.unpadded_dims[0] == 2 && got.unpadded_dims[1] == 3,
         "unpadded dimensions differ");
  auto dynamic = s.call(PJRT_Buffer_DynamicDimensionIndices_Args{.buffer = buffer});
  expect(dynamic.num_dynamic_dims == 0, "a static array has dynamic dimensions");
}

void device_size(Session &s) {
  size_t size =
      s.call(PJRT_Buffer_OnDeviceSizeInBytes_Args{.buffer = s.upload(kFour)}).on_device_size_in_bytes;
  expect(size >= 16, "16 bytes take ", size, " on the device");
}

void on_its_device(Session &s) {
  for (PJRT_Device *device : s.addressable_devices()) {
    PJRT_Buffer *buffer = s.upload(kFour, device);
    expect(s.call(PJRT_Buffer_Device_Args{.buffer = buffer}).device == device,
           "a buffer is on another device");
    auto memory = s.call(PJRT_Buffer_Memory_Args{.buffer = buffer}).memory;
    auto want = s.call(PJRT_Device_DefaultMemory_Args{.device = device}).memory;
    expect(memory == want, "a buffer is not in its device's default memory");
  }
}

void memory_layout(Session &s) {
  std::vector<float> values(6);
  auto got = s.call(
      PJRT_Buffer_GetMemoryLayout_Args{.buffer = s.upload(PJRT_Buffer_Type_F32, {2, 3}, values.data())});
  if (got.layout.type == PJRT_Buffer_MemoryLayout_Type_Strides) {
    expect(got.layout.strides.num_byte_strides == 2, "the layout has another rank");
    return;
  }
  expect(got.layout.tiled.minor_to_major_size == 2, "the layout has rank ",
         got.layout.tiled.minor_to_major_size, ", the array 2");
  int64_t sum = got.layout.tiled.minor_to_major[0] + got.layout.tiled.minor_to_major[1];
  expect(sum == 1, "minor_to_major is no order of the dimensions");
}

void in_memory(Session &s) {
  auto memories = s.call(PJRT_Device_AddressableMemories_Args{.device = s.device()});
  for (size_t i = 0; i < memories.num_memories; ++i) {
    auto args = upload_args(s, kFour, {4});
    Dims dims = {4};
    args.dims = dims.data();
    args.device = nullptr;
    args.memory = memories.memories[i];
    PJRT_Buffer *buffer = s.call(args).buffer;
    expect(s.call(PJRT_Buffer_Memory_Args{.buffer = buffer}).memory == memories.memories[i],
           "a buffer is in another memory");
    s.expect_floats(buffer, kFour, "the contents");
  }
}

PJRT_Buffer *upload_with(Session &s, const std::vector<float> &values, PJRT_HostBufferSemantics semantics,
                         PJRT_Event **done) {
  Dims dims = {static_cast<int64_t>(values.size())};
  auto args = upload_args(s, values, dims);
  args.host_buffer_semantics = semantics;
  auto made = s.call(args);
  *done = made.done_with_host_buffer;
  return made.buffer;
}

void copied_during_call(Session &s) {
  std::vector<float> values(1 << 16, 5.0F);
  std::vector<float> want = values;
  PJRT_Event *done = nullptr;
  PJRT_Buffer *buffer = upload_with(s, values, PJRT_HostBufferSemantics_kImmutableOnlyDuringCall, &done);
  std::fill(values.begin(), values.end(), -1.0F);
  s.must_wait(done, "the event that host memory is free");
  s.expect_floats(buffer, want, "memory changed after the call; the buffer");
}

void copied_until_event(Session &s) {
  std::vector<float> values(1 << 16, 5.0F);
  std::vector<float> want = values;
  PJRT_Event *done = nullptr;
  PJRT_Buffer *buffer =
      upload_with(s, values, PJRT_HostBufferSemantics_kImmutableUntilTransferCompletes, &done);
  s.must_wait(done, "the event that host memory is free");
  std::fill(values.begin(), values.end(), -1.0F);
  s.expect_floats(buffer, want, "memory changed after the event; the buffer");
}

void zero_copy(Session &s, PJRT_HostBufferSemantics semantics) {
  struct Free {
    void operator()(float *data) const { std::free(data); }
  };
  std::unique_ptr<float, Free> data(static_cast<float *>(std::aligned_alloc(64, 64)));
  for (int i = 0; i < 16; ++i) data.get()[i] = static_cast<float>(i);
  Dims dims = {16};
  auto args = upload_args(s, {}, dims);
  args.data = data.get();
  args.host_buffer_semantics = semantics;
  auto made = s.call(args);
  s.expect_floats(made.buffer, std::vector<float>(data.get(), data.get() + 16), "the contents");
  s.call(PJRT_Buffer_Destroy_Args{.buffer = made.buffer});
  s.must_wait(made.done_with_host_buffer, "the event that host memory is free, after the buffer's end");
}

void strided(Session &s, const std::vector<int64_t> &strides, size_t first, const std::vector<float> &want) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  Dims dims = {2, 3};
  auto args = upload_args(s, values, dims);
  args.data = values.data() + first;
  args.byte_strides = strides.data();
  args.num_byte_strides = strides.size();
  s.expect_floats(s.call(args).buffer, want, "the strided upload");
}

void column_major_upload(Session &s) {
  std::vector<int64_t> order = {0, 1};
  PJRT_Buffer_MemoryLayout layout = row_major(order);
  order = {0, 1};
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  Dims dims = {2, 3};
  auto args = upload_args(s, values, dims);
  args.device_layout = &layout;
  s.expect_floats(s.call(args).buffer, values,
                  "an upload with a column-major device layout, read row-major,");
}

void negative_dim(Session &s) {
  Dims dims = {-4};
  s.refuse(upload_args(s, kFour, dims), "a negative dimension");
}

void destination_too_small(Session &s) {
  char small[8];
  PJRT_Buffer_ToHostBuffer_Args args{.src = s.upload(kFour), .dst = small, .dst_size = sizeof small};
  s.refuse(args, "8 bytes for an array of 16");
}

void read_size(Session &s) {
  size_t size = s.call(PJRT_Buffer_ToHostBuffer_Args{.src = s.upload(kFour)}).dst_size;
  expect(size == 16, "asked for the size of 16 bytes, the read-back says ", size);
}

void read_twice(Session &s) {
  PJRT_Buffer *buffer = s.upload(kFour);
  s.expect_floats(buffer, kFour, "the first read");
  s.expect_floats(buffer, kFour, "the second read");
}

void not_deleted(Session &s) {
  expect(!s.call(PJRT_Buffer_IsDeleted_Args{.buffer = s.upload(kFour)}).is_deleted,
         "a new buffer is deleted");
}

void delete_it(Session &s) {
  PJRT_Buffer *buffer = s.upload(kFour);
  s.call(PJRT_Buffer_Delete_Args{.buffer = buffer});
  expect(s.call(PJRT_Buffer_IsDeleted_Args{.buffer = buffer}).is_deleted, "a deleted buffer does not say so");
}

void read_deleted(Session &s) {
  PJRT_Buffer *buffer = s.upload(kFour);
  s.call(PJRT_Buffer_Delete_Args{.buffer = buffer});
  float got[4] = {};
  PJRT_Buffer_ToHostBuffer_Args args{.src = buffer, .dst = got, .dst_size = sizeof got};
  Answer answer = s.try_call(args);
  if (answer.ok) answer = s.wait(args.event);
  expect(!answer.ok, "a deleted buffer was read without an error");
}

void ready_event(Session &s) {
  auto got = s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = s.upload(kFour)});
  expect(got.event != nullptr, "a buffer has no ready event");
  s.must_wait(got.event, "an upload");
}

void on_cpu(Session &s) {
  PJRT_Buffer *buffer = s.upload(kFour);
  bool first = s.call(PJRT_Buffer_IsOnCpu_Args{.buffer = buffer}).is_on_cpu;
  expect(first == s.call(PJRT_Buffer_IsOnCpu_Args{.buffer = buffer}).is_on_cpu,
         "whether it is on the CPU changes");
}

void unsafe_pointer(Session &s) {
  PJRT_Buffer *buffer = s.upload(kFour);
  s.must_wait(s.call(PJRT_Buffer_ReadyEvent_Args{.buffer = buffer}).event, "an upload");
  s.call(PJRT_Buffer_IncreaseExternalReferenceCount_Args{.buffer = buffer});
  auto pointer = s.call(PJRT_Buffer_UnsafePointer_Args{.buffer = buffer}).buffer_pointer;
  expect(pointer != 0, "the address is NULL");
  auto opaque = s.call(PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args{.buffer = buffer}).device_memory_ptr;
  expect(reinterpret_cast<uintptr_t>(opaque) == pointer, "the two functions give two addresses");
  s.call(PJRT_Buffer_DecreaseExternalReferenceCount_Args{.buffer = buffer});
}

void one_reference_too_many(Session &s) {
  s.refuse(PJRT_Buffer_DecreaseExternalReferenceCount_Args{.buffer = s.upload(kFour)},
           "a reference dropped that nobody took");
}

std::vector<Check> type_checks() {
  std::vector<Check> checks;
  for (int number = 1; number <= PJE_F6E3M2FN; ++number) {
    const DtypeInfo *info = dtype_info(static_cast<pje_dtype>(number));
    if (info == nullptr || info->kind == PJE_KIND_TOKEN) continue;
    checks.push_back({concat("buffer.round_trip_", info->name),
                      concat("an array of ", info->name, " comes back as given"),
                      [info](Session &s) { round_trip(s, *info); }});
  }
  return checks;
}

}  // namespace

std::vector<Check> buffer_checks() {
  using S = Session;
  std::vector<Check> checks = type_checks();
  const std::vector<Check> more = {
      {"buffer.scalar", "a scalar comes back", [](S &s) { shape_of(s, {}); }},
      {"buffer.empty", "an array without elements comes back", [](S &s) { shape_of(s, {0}); }},
      {"buffer.empty_of_rank_3", "dimensions around a zero come back",
       [](S &s) {
         shape_of(s, {2, 0, 3});
       }},
      {"buffer.rank_1", "a vector comes back", [](S &s) { shape_of(s, {5}); }},
      {"buffer.rank_5", "an array of rank 5 comes back",
       [](S &s) {
         shape_of(s, {1, 2, 3, 2, 1});
       }},
      {"buffer.large", "16 MiB come back",
       [](S &s) {
         shape_of(s, {2048, 2048});
       }},
      {"buffer.unpadded", "a static array has no padding and no dynamic dimension", unpadded},
      {"buffer.device_size", "the size on the device holds the elements", device_size},
      {"buffer.on_its_device", "a buffer is where it was put", on_its_device},
      {"buffer.memory_layout", "the layout is an order of the dimensions", memory_layout},
      {"buffer.in_memory", "every memory of a device takes buffers", in_memory},
      {"buffer.copied_during_call", "host memory may change after the call", copied_during_call},
      {"buffer.copied_until_event", "host memory may change after the event", copied_until_event},
      {"buffer.zero_copy", "zero-copy memory is let go of after the buffer's end",
       [](S &s) { zero_copy(s, PJRT_HostBufferSemantics_kImmutableZeroCopy); }},
      {"buffer.mutable_zero_copy", "mutable zero-copy memory is let go of after the buffer's end",
       [](S &s) { zero_copy(s, PJRT_HostBufferSemantics_kMutableZeroCopy); }},
      {"buffer.strides_dense", "row-major strides change nothing",
       [](S &s) {
         strided(s, {12, 4}, 0, {1, 2, 3, 4, 5, 6});
       }},
      {"buffer.strides_transposed", "strides transpose",
       [](S &s) {
         strided(s, {4, 8}, 0, {1, 3, 5, 2, 4, 6});
       }},
      {"buffer.strides_negative", "strides run backwards",
       [](S &s) {
         strided(s, {-12, 4}, 3, {4, 5, 6, 1, 2, 3});
       }},
      {"buffer.strides_zero", "strides repeat",
       [](S &s) {
         strided(s, {0, 4}, 0, {1, 2, 3, 1, 2, 3});
       }},
      {"buffer.column_major", "a device layout does not show in a row-major read", column_major_upload},
      {"buffer.negative_dim_refused", "a negative dimension is an error", negative_dim},
      {"buffer.small_destination_refused", "a destination too small is an error", destination_too_small},
      {"buffer.read_size", "the size of a read-back can be asked for", read_size},
      {"buffer.read_twice", "a buffer can be read again", read_twice},
      {"buffer.not_deleted", "a new buffer is not deleted", not_deleted},
      {"buffer.delete", "a deleted buffer says so", delete_it},
      {"buffer.read_deleted_refused", "a deleted buffer cannot be read", read_deleted},
      {"buffer.ready_event", "a buffer becomes ready", ready_event},
      {"buffer.on_cpu", "whether it is on the CPU stays", on_cpu},
      {"buffer.unsafe_pointer", "a buffer's address is the same from both functions", unsafe_pointer},
      {"buffer.reference_too_many_refused", "external references below zero are an error",
       one_reference_too_many},
  };
  checks.insert(checks.end(), more.begin(), more.end());
  return checks;
}

}  // namespace pje::conform
