// The twin: what a careful C program would write against the plugin's table, and nothing more.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "abi/pjrt_abi.h"

namespace bench {

template <class Args>
Args make_args() {
  Args args;
  std::memset(static_cast<void *>(&args), 0, sizeof args);
  args.struct_size = pje::abi::struct_size<Args>;
  return args;
}

class Raw {
 public:
  explicit Raw(const PJRT_Api *table) : table_(table) {}
  const PJRT_Api &table() const { return *table_; }

  void check(PJRT_Error *error) const {
    if (error != nullptr) [[unlikely]]
      fail(error);
  }
  void await_and_destroy(PJRT_Event *event) const {
    auto await = make_args<PJRT_Event_Await_Args>();
    await.event = event;
    check(table_->PJRT_Event_Await(&await));
    destroy(event);
  }
  void destroy(PJRT_Event *event) const {
    auto args = make_args<PJRT_Event_Destroy_Args>();
    args.event = event;
    check(table_->PJRT_Event_Destroy(&args));
  }
  void destroy(PJRT_Buffer *buffer) const {
    auto args = make_args<PJRT_Buffer_Destroy_Args>();
    args.buffer = buffer;
    check(table_->PJRT_Buffer_Destroy(&args));
  }
  void destroy(PJRT_LoadedExecutable *executable) const {
    auto args = make_args<PJRT_LoadedExecutable_Destroy_Args>();
    args.executable = executable;
    check(table_->PJRT_LoadedExecutable_Destroy(&args));
  }
  PJRT_Event *ready(PJRT_Buffer *buffer) const {
    auto args = make_args<PJRT_Buffer_ReadyEvent_Args>();
    args.buffer = buffer;
    check(table_->PJRT_Buffer_ReadyEvent(&args));
    return args.event;
  }
  // One event per device comes back in `done`.
  void execute(PJRT_LoadedExecutable *executable, size_t num_devices, PJRT_Buffer *const *const *args,
               size_t num_args, PJRT_Buffer **const *outputs, PJRT_Event **done) const {
    auto options = make_args<PJRT_ExecuteOptions>();
    auto call = make_args<PJRT_LoadedExecutable_Execute_Args>();
    call.executable = executable;
    call.options = &options;
    call.argument_lists = args;
    call.num_devices = num_devices;
    call.num_args = num_args;
    call.output_lists = outputs;
    call.device_complete_events = done;
    check(table_->PJRT_LoadedExecutable_Execute(&call));
  }

  struct Upload {
    PJRT_Client *client;
    PJRT_Device *device;
    const void *data;
    const int64_t *dims;
    size_t rank;
    const int64_t *byte_strides;
    PJRT_HostBufferSemantics semantics;
  };
  PJRT_Buffer *upload(const Upload &upload, PJRT_Event **host_done) const {
    auto args = make_args<PJRT_Client_BufferFromHostBuffer_Args>();
    args.client = upload.client;
    args.data = upload.data;
    args.type = PJRT_Buffer_Type_F32;
    args.dims = upload.dims;
    args.num_dims = upload.rank;
    args.byte_strides = upload.byte_strides;
    args.num_byte_strides = upload.byte_strides == nullptr ? 0 : upload.rank;
    args.host_buffer_semantics = upload.semantics;
    args.device = upload.device;
    check(table_->PJRT_Client_BufferFromHostBuffer(&args));
    *host_done = args.done_with_host_buffer;
    return args.buffer;
  }
  PJRT_Event *start_to_host(PJRT_Buffer *buffer, void *data, size_t size,
                            PJRT_Buffer_MemoryLayout *layout = nullptr) const {
    auto args = make_args<PJRT_Buffer_ToHostBuffer_Args>();
    args.src = buffer;
    args.dst = data;
    args.dst_size = size;
    args.host_layout = layout;
    check(table_->PJRT_Buffer_ToHostBuffer(&args));
    return args.event;
  }
  void to_host(PJRT_Buffer *buffer, void *data, size_t size,
               PJRT_Buffer_MemoryLayout *layout = nullptr) const {
    await_and_destroy(start_to_host(buffer, data, size, layout));
  }
  void hold(PJRT_Buffer *buffer) const {
    auto args = make_args<PJRT_Buffer_IncreaseExternalReferenceCount_Args>();
    args.buffer = buffer;
    check(table_->PJRT_Buffer_IncreaseExternalReferenceCount(&args));
  }
  void let_go(PJRT_Buffer *buffer) const {
    auto args = make_args<PJRT_Buffer_DecreaseExternalReferenceCount_Args>();
    args.buffer = buffer;
    check(table_->PJRT_Buffer_DecreaseExternalReferenceCount(&args));
  }
  void *data_of(PJRT_Buffer *buffer) const {
    auto args = make_args<PJRT_Buffer_OpaqueDeviceMemoryDataPointer_Args>();
    args.buffer = buffer;
    check(table_->PJRT_Buffer_OpaqueDeviceMemoryDataPointer(&args));
    return args.device_memory_ptr;
  }

 private:
  [[noreturn, gnu::noinline]] void fail(PJRT_Error *error) const {
    auto args = make_args<PJRT_Error_Message_Args>();
    args.error = error;
    table_->PJRT_Error_Message(&args);
    std::fprintf(stderr, "pje_bench: the raw twin failed: %.*s\n", static_cast<int>(args.message_size),
                 args.message);
    std::exit(1);
  }

  const PJRT_Api *table_;
};

}  // namespace bench
