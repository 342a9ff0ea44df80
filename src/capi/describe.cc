#include "core/describe.hpp"

#include <cstring>

#include "capi/guard.hpp"
#include "core/array.hpp"
#include "core/buffer.hpp"
#include "core/buffer_reference.hpp"
#include "core/bytes.hpp"
#include "core/chunk.hpp"
#include "core/client.hpp"
#include "core/compile_options.hpp"
#include "core/completion_queue.hpp"
#include "core/copy_stream.hpp"
#include "core/device_assignment.hpp"
#include "core/device_calls.hpp"
#include "core/dma_mapping.hpp"
#include "core/executable.hpp"
#include "core/execute_context.hpp"
#include "core/execute_handlers.hpp"
#include "core/fulfilment.hpp"
#include "core/host_view.hpp"
#include "core/kv_store.hpp"
#include "core/layout.hpp"
#include "core/loaded_executable.hpp"
#include "core/prepared_call.hpp"
#include "core/program.hpp"
#include "core/request_queue.hpp"
#include "core/topology.hpp"
#include "core/transfer_manager.hpp"
#include "pjrt_easy/describe.h"

namespace pje::capi {

namespace {

template <class T>
size_t described(const char *function, const typename T::Handle *handle, char *text,
                 size_t capacity) noexcept {
  if (text != nullptr && capacity > 0) *text = '\0';
  return answered<T>(function, "object", handle, size_t{0}, [&](T &object) {
    std::string line = printable(describe(object));
    if (text != nullptr && capacity > 0) {
      std::string fitting = line;
      truncate_utf8(fitting, capacity - 1);
      std::memcpy(text, fitting.c_str(), fitting.size() + 1);
    }
    return line.size();
  });
}

}  // namespace

}  // namespace pje::capi

// One row per type of object.
#define PJE_DESCRIBED(T, prefix)                                                         \
  size_t prefix##_describe(const prefix *object, char *text, size_t capacity) noexcept { \
    return pje::capi::described<pje::T>(#prefix "_describe", object, text, capacity);    \
  }

extern "C" {

PJE_DESCRIBED(Array, pje_array)
PJE_DESCRIBED(Buffer, pje_buffer)
PJE_DESCRIBED(BufferReference, pje_buffer_reference)
PJE_DESCRIBED(Bytes, pje_bytes)
PJE_DESCRIBED(Chunk, pje_chunk)
PJE_DESCRIBED(Client, pje_client)
PJE_DESCRIBED(CompileOptions, pje_compile_options)
PJE_DESCRIBED(CompletionQueue, pje_completion_queue)
PJE_DESCRIBED(CopyStream, pje_copy_stream)
PJE_DESCRIBED(Device, pje_device)
PJE_DESCRIBED(DeviceAssignment, pje_device_assignment)
PJE_DESCRIBED(DeviceDescription, pje_device_description)
PJE_DESCRIBED(DmaMapping, pje_dma_mapping)
PJE_DESCRIBED(Error, pje_error)
PJE_DESCRIBED(Event, pje_event)
PJE_DESCRIBED(Executable, pje_executable)
PJE_DESCRIBED(ExecuteContext, pje_execute_context)
PJE_DESCRIBED(ExecuteHandlers, pje_execute_handlers)
PJE_DESCRIBED(Fulfilment, pje_fulfilment)
PJE_DESCRIBED(HostView, pje_host_view)
PJE_DESCRIBED(KvStore, pje_kv_store)
PJE_DESCRIBED(Layout, pje_layout)
PJE_DESCRIBED(LoadedExecutable, pje_loaded_executable)
PJE_DESCRIBED(Memory, pje_memory)
PJE_DESCRIBED(NamedValues, pje_named_values)
PJE_DESCRIBED(Plugin, pje_plugin)
PJE_DESCRIBED(PreparedCall, pje_prepared_call)
PJE_DESCRIBED(Program, pje_program)
PJE_DESCRIBED(RequestQueue, pje_request_queue)
PJE_DESCRIBED(Topology, pje_topology)
PJE_DESCRIBED(TransferManager, pje_transfer_manager)
PJE_DESCRIBED(TrackingEvent, pje_tracking_event)

}  // extern "C"
