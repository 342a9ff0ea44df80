// Buffers beyond the plain upload: zero copy, strides, layouts, and those a caller completes later.
#include <chrono>
#include <future>

#include "selftest.hpp"

namespace fake_test {
namespace {

// A callback and a wait on one event end in any order, on different threads.
struct Seen {
  std::promise<bool> failed;
};

void OnReady(PJRT_Error *error, void *user_arg) {
  bool failed = error != nullptr;
  Take(Load(), error);
  static_cast<Seen *>(user_arg)->failed.set_value(failed);
}

TEST(FakeBuffers, ZeroCopyAliasesUntilTheBufferIsGone) {
  Session session(Load());
  alignas(64) float data[4] = {1, 2, 3, 4};
  int64_t dims[1] = {4};
  auto args = Make<PJRT_Client_BufferFromHostBuffer_Args>();
  args.client = session.client;
  args.data = data;
  args.type = PJRT_Buffer_Type_F32;
  args.dims = dims;
  args.num_dims = 1;
  args.host_buffer_semantics = PJRT_HostBufferSemantics_kImmutableZeroCopy;
  EXPECT_CALL_OK(Do(session.api, &args));
  EXPECT_EQ(session.DownloadFloats(args.buffer), (std::vector<float>{1, 2, 3, 4}));
  auto pointer = Make<PJRT_Buffer_UnsafePointer_Args>();
  pointer.buffer = args.buffer;
  EXPECT_CALL_OK(Do(session.api, &pointer));
  EXPECT_EQ(pointer.buffer_pointer, reinterpret_cast<uintptr_t>(data));
  Seen seen;
  auto on_ready = Make<PJRT_Event_OnReady_Args>();
  on_ready.event = args.done_with_host_buffer;
  on_ready.callback = OnReady;
  on_ready.user_arg = &seen;
  EXPECT_CALL_OK(Do(session.api, &on_ready));
  std::future<bool> failed = seen.failed.get_future();
  EXPECT_EQ(failed.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  session.Destroy(args.buffer);
  EXPECT_CALL_OK(session.Await(args.done_with_host_buffer));
  EXPECT_FALSE(failed.get());
  session.Destroy(args.done_with_host_buffer);
}

std::vector<float> UploadStrided(const float *first, std::vector<int64_t> dims,
                                 std::vector<int64_t> strides) {
  Session session(Load());
  auto args = Make<PJRT_Client_BufferFromHostBuffer_Args>();
  args.client = session.client;
  args.data = first;
  args.type = PJRT_Buffer_Type_F32;
  args.dims = dims.data();
  args.num_dims = dims.size();
  args.byte_strides = strides.data();
  args.num_byte_strides = strides.size();
  EXPECT_CALL_OK(Do(session.api, &args));
  std::vector<float> result = session.DownloadFloats(args.buffer);
  session.Destroy(args.done_with_host_buffer);
  session.Destroy(args.buffer);
  return result;
}

TEST(FakeBuffers, StridesMayBeTransposedNegativeOrZero) {
  const float data[6] = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(UploadStrided(data, {3, 2}, {4, 12}), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(UploadStrided(data + 5, {6}, {-4}), (std::vector<float>{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(UploadStrided(data, {2, 3}, {0, 4}), (std::vector<float>{1, 2, 3, 1, 2, 3}));
}

TEST(FakeBuffers, ReadBackInTheOrderAskedFor) {
  Session session(Load());
  const float data[6] = {1, 2, 3, 4, 5, 6};
  PJRT_Buffer *buffer = session.Upload(PJRT_Buffer_Type_F32, {2, 3}, data);
  auto layout = Make<PJRT_Buffer_MemoryLayout>();
  layout.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  layout.tiled = Make<PJRT_Buffer_MemoryLayout_Tiled>();
  int64_t column_major[2] = {0, 1};
  layout.tiled.minor_to_major = column_major;
  layout.tiled.minor_to_major_size = 2;
  std::vector<float> host(6);
  auto args = Make<PJRT_Buffer_ToHostBuffer_Args>();
  args.src = buffer;
  args.host_layout = &layout;
  args.dst = host.data();
  args.dst_size = 24;
  EXPECT_CALL_OK(Do(session.api, &args));
  EXPECT_CALL_OK(session.Await(args.event));
  EXPECT_EQ(host, (std::vector<float>{1, 4, 2, 5, 3, 6}));
  session.Destroy(args.event);
  session.Destroy(buffer);
}

TEST(FakeBuffers, SubByteElementsArePackedOnTheDevice) {
  Session session(Load());
  std::string data("\x01\x0f\x07\x08\x03", 5);
  PJRT_Buffer *buffer = session.Upload(PJRT_Buffer_Type_S4, {5}, data.data());
  auto size = Make<PJRT_Buffer_OnDeviceSizeInBytes_Args>();
  size.buffer = buffer;
  EXPECT_CALL_OK(Do(session.api, &size));
  EXPECT_EQ(size.on_device_size_in_bytes, 3U);
  std::string back;
  EXPECT_CALL_OK(session.Download(buffer, &back));
  EXPECT_EQ(back, data);
  session.Destroy(buffer);
}

TEST(FakeBuffers, AnErrorBufferFailsWhatReadsIt) {
  Session session(Load());
  int64_t dims[1] = {4};
  auto create = Make<PJRT_Client_CreateErrorBuffer_Args>();
  create.client = session.client;
  create.error_code = PJRT_Error_Code_DATA_LOSS;
  create.error_message = "boom";
  create.error_message_size = 4;
  create.shape_dims = dims;
  create.shape_num_dims = 1;
  create.shape_element_type = PJRT_Buffer_Type_F32;
  EXPECT_CALL_OK(Do(session.api, &create));
  PJRT_LoadedExecutable *executable = nullptr;
  EXPECT_CALL_OK(session.Compile(kAddOne, kOneDevice, &executable));
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  EXPECT_CALL_OK(session.Execute(executable, {{create.buffer}}, &outputs));
  std::string bytes;
  Outcome outcome = session.Download(outputs[0][0], &bytes);
  EXPECT_EQ(outcome.code, PJRT_Error_Code_DATA_LOSS);
  EXPECT_EQ(outcome.message, "boom");
  session.Destroy(outputs[0][0]);
  session.Destroy(create.buffer);
  session.Destroy(executable);
}

TEST(FakeBuffers, AnAliasIsFulfilledWhileARunWaitsForIt) {
  Session session(Load());
  int64_t dims[1] = {4};
  auto create = Make<PJRT_Client_CreateAliasBuffer_Args>();
  create.client = session.client;
  create.shape_dims = dims;
  create.shape_num_dims = 1;
  create.shape_element_type = PJRT_Buffer_Type_F32;
  EXPECT_CALL_OK(Do(session.api, &create));
  PJRT_LoadedExecutable *executable = nullptr;
  EXPECT_CALL_OK(session.Compile(kAddOne, kOneDevice, &executable));
  std::vector<std::vector<PJRT_Buffer *>> outputs;
  EXPECT_CALL_OK(session.Execute(executable, {{create.alias_buffer}}, &outputs));
  PJRT_Buffer *real = session.UploadFloats({5, 6, 7, 8});
  auto fulfill = Make<PJRT_Client_FulfillAliasBuffer_Args>();
  fulfill.client = session.client;
  fulfill.buffer = real;
  fulfill.fulfill_alias_buffer_cb = create.fulfill_alias_buffer_cb;
  EXPECT_CALL_OK(Do(session.api, &fulfill));
  EXPECT_EQ(session.DownloadFloats(outputs[0][0]), (std::vector<float>{6, 7, 8, 9}));
  for (PJRT_Buffer *buffer : {outputs[0][0], create.alias_buffer, real}) session.Destroy(buffer);
  session.Destroy(executable);
}

TEST(FakeBuffers, ATransferManagerFillsABufferInChunks) {
  Session session(Load());
  int64_t dims[1] = {4};
  auto spec = Make<PJRT_ShapeSpec>();
  spec.dims = dims;
  spec.num_dims = 1;
  spec.element_type = PJRT_Buffer_Type_F32;
  auto create = Make<PJRT_Client_CreateBuffersForAsyncHostToDevice_Args>();
  create.client = session.client;
  create.shape_specs = &spec;
  create.num_shape_specs = 1;
  EXPECT_CALL_OK(Do(session.api, &create));
  auto retrieve = Make<PJRT_AsyncHostToDeviceTransferManager_RetrieveBuffer_Args>();
  retrieve.transfer_manager = create.transfer_manager;
  EXPECT_CALL_OK(Do(session.api, &retrieve));
  const float data[4] = {1, 2, 3, 4};
  for (int half = 0; half < 2; ++half) {
    auto chunk = Make<PJRT_AsyncHostToDeviceTransferManager_TransferData_Args>();
    chunk.transfer_manager = create.transfer_manager;
    chunk.data = data + 2 * half;
    chunk.offset = 8 * half;
    chunk.transfer_size = 8;
    chunk.is_last_transfer = half == 1;
    EXPECT_CALL_OK(Do(session.api, &chunk));
    EXPECT_CALL_OK(session.Await(chunk.done_with_h2d_transfer));
    session.Destroy(chunk.done_with_h2d_transfer);
  }
  EXPECT_EQ(session.DownloadFloats(retrieve.buffer_out), (std::vector<float>{1, 2, 3, 4}));
  auto destroy = Make<PJRT_AsyncHostToDeviceTransferManager_Destroy_Args>();
  destroy.transfer_manager = create.transfer_manager;
  EXPECT_CALL_OK(Do(session.api, &destroy));
  session.Destroy(retrieve.buffer_out);
}

}  // namespace
}  // namespace fake_test
