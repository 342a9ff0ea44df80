#include "core/describe.hpp"

#include <span>

#include "base/text.hpp"
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
#include "core/named_values.hpp"
#include "core/prepared_call.hpp"
#include "core/program.hpp"
#include "core/request_queue.hpp"
#include "core/topology.hpp"
#include "core/transfer_manager.hpp"

namespace pje {

namespace {

// Lists are cut here; their full length is always told.
constexpr size_t kMaxListed = 16;

std::string counted(int64_t n, std::string_view what) { return concat(n, " ", what, n == 1 ? "" : "s"); }

template <class List, class Text>
std::string listed(const List &list, Text &&text) {
  std::string out;
  size_t shown = 0;
  for (const auto &item : list) {
    if (shown == kMaxListed) return concat(out, ", … of ", list.size());
    if (shown++ > 0) out += ", ";
    out += text(item);
  }
  return out;
}

std::string type_text(const ArrayType *type) { return type == nullptr ? "?" : type->text(); }

std::string ids_text(std::span<Device *const> devices) {
  std::string ids = listed(devices, [](const Device *device) { return std::to_string(device->id()); });
  return concat(devices.size() == 1 ? "device " : "devices ", ids.empty() ? "none" : ids);
}

std::string event_state(const Event &event) {
  if (!event.is_ready()) return "pending";
  Status outcome = event.error();
  return outcome.ok() ? "ready" : concat("failed: ", outcome.error()->message());
}

std::string buffer_state(Buffer &buffer) {
  if (buffer.client().is_closed()) return "client closed";
  if (Status usable = buffer.check_usable(); !usable.ok()) return usable.error()->detail();
  Result<Ref<Event>> ready = buffer.ready();
  return ready.ok() ? event_state(*ready.value()) : "state unknown";
}

}  // namespace

std::string describe(const Array &array) {
  return concat("array ", array.type()->text(), ": ", counted(static_cast<int64_t>(array.size()), "byte"));
}

std::string describe(Buffer &buffer) {
  const Device *device = buffer.device();
  const Memory *memory = buffer.memory();
  return concat(
      "buffer ", type_text(buffer.type()), ": ", buffer_state(buffer),
      device == nullptr ? "" : concat(", on device ", device->id(), " of ", buffer.client().platform_name()),
      memory == nullptr ? "" : concat(", memory ", memory->id(), " (", memory->kind(), ")"));
}

std::string describe(const BufferReference &reference) {
  return concat("reference to ", describe(*reference.buffer()));
}

std::string describe(const Bytes &bytes) {
  return counted(static_cast<int64_t>(bytes.data().size()), "byte");
}

std::string describe(const Client &client) {
  return concat("client of ", client.platform_name(), client.is_closed() ? " (closed)" : "", ": ",
                counted(static_cast<int64_t>(client.devices().size()), "device"), ", ",
                client.addressable_devices().size(), " addressable, process ", client.process_index());
}

std::string describe(const CompileOptions &options) {
  return concat("compile options: ", counted(options.num_replicas(), "replica"), ", ",
                counted(options.num_partitions(), "partition"), ", ",
                counted(static_cast<int64_t>(options.num_overrides()), "override"));
}

std::string describe(CompletionQueue &queue) {
  return concat("completion queue: ", queue.num_queued(), " queued, ", queue.is_closed() ? "closed" : "open");
}

std::string describe(const Device &device) {
  return concat("device ", device.id(), " of ", device.client().platform_name(), ": kind ", device.kind(),
                ", process ", device.process_index(), device.is_addressable() ? "" : ", not addressable here",
                ", ", device.memories().size(), " addressable memories");
}

std::string describe(const DeviceAssignment &assignment) {
  return concat("device assignment: ", counted(assignment.num_replicas(), "replica"), ", ",
                counted(assignment.num_partitions(), "partition"), ", devices ",
                listed(assignment.ids(), [](int64_t id) { return std::to_string(id); }));
}

std::string describe(const DeviceDescription &description) {
  return concat("device description ", description.id(), ": kind ", description.kind(), ", process ",
                description.process_index());
}

std::string describe(const DmaMapping &mapping) {
  return concat("DMA mapping: ", counted(static_cast<int64_t>(mapping.size()), "byte"));
}

std::string describe(const Error &error) { return concat("error: ", error.message()); }

std::string describe(const Event &event) {
  std::string_view origin = event.origin();
  return concat("event", origin.empty() ? "" : concat(" of ", origin), ": ", event_state(event));
}

std::string describe(const Executable &executable) {
  std::vector<const ArrayType *> outputs(executable.num_outputs());
  for (size_t i = 0; i < outputs.size(); ++i) outputs[i] = executable.output_type(i);
  return concat("executable ", executable.name(), ": ",
                counted(static_cast<int64_t>(outputs.size()), "output"), " (",
                listed(outputs, [](const ArrayType *type) { return type_text(type); }), "), ",
                counted(static_cast<int64_t>(executable.num_replicas()), "replica"), ", ",
                counted(static_cast<int64_t>(executable.num_partitions()), "partition"));
}

std::string describe(const Fulfilment &fulfilment) {
  return concat("fulfilment of ", fulfilment.of(), ": ", fulfilment.is_kept() ? "given" : "open");
}

std::string describe(const HostView &view) {
  return concat("view of ", view.buffer().type()->text(), view.data() == nullptr ? ": ended" : "");
}

std::string describe(const PreparedCall &call) {
  size_t num_set = 0;
  for (size_t i = 0; i < call.num_args(); ++i) num_set += call.arg(i) == nullptr ? 0 : 1;
  return concat("prepared call of ", call.executable().name(), ": ", num_set, " of ", call.num_args(),
                " arguments set");
}

std::string describe(const Layout &layout) { return concat("layout ", layout.text()); }

std::string describe(const LoadedExecutable &executable) {
  auto indices = [](size_t n) {
    std::vector<size_t> all(n);
    for (size_t i = 0; i < n; ++i) all[i] = i;
    return all;
  };
  std::string args = "?";
  if (executable.num_args() != SIZE_MAX)
    args = listed(indices(executable.num_args()), [&](size_t i) {
      return concat(type_text(executable.arg_type(i)), executable.arg_is_donated(i) ? " donated" : "");
    });
  return concat("loaded executable ", executable.name(),
                executable.client().is_closed() ? " (client closed)" : "", ": (", args, ") -> (",
                listed(indices(executable.num_outputs()),
                       [&](size_t i) { return type_text(executable.output_type(i)); }),
                "), ", counted(static_cast<int64_t>(executable.num_replicas()), "replica"), ", ",
                counted(static_cast<int64_t>(executable.num_partitions()), "partition"), ", on ",
                ids_text(executable.devices()));
}

std::string describe(const Memory &memory) {
  return concat("memory ", memory.id(), " of ", memory.client().platform_name(), ": kind ", memory.kind(),
                ", of ", ids_text(memory.devices()));
}

std::string describe(const NamedValues &values) {
  std::vector<size_t> all(values.count());
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  return concat(
      "named values {",
      listed(all, [&](size_t i) { return concat(values.name(i), ": ", value_kind_name(values.kind(i))); }),
      "}");
}

std::string describe(const Plugin &plugin) {
  const std::string &path = plugin.api().path();
  return concat("plugin ", path.empty() ? "given as a table" : path, ": PJRT ", abi::kMajor, ".",
                plugin.api().minor(), ", ",
                counted(static_cast<int64_t>(plugin.extensions().size()), "extension"));
}

std::string describe(const Program &program) {
  return concat("program: ", program.pjrt_format(), ", ",
                counted(static_cast<int64_t>(program.code().size()), "byte"));
}

std::string describe(RequestQueue &queue) {
  return concat("request queue: ", counted(static_cast<int64_t>(queue.num_open()), "open request"));
}

std::string describe(const Chunk &chunk) {
  return concat("chunk: ", counted(static_cast<int64_t>(chunk.size()), "byte"));
}

std::string describe(const CopyStream &stream) {
  return concat("copy stream: ", counted(static_cast<int64_t>(stream.total_bytes()), "byte"), " in steps of ",
                stream.granule_bytes());
}

std::string describe(const ExecuteContext &context) {
  return concat("execute context of ", context.plugin().api().path());
}

std::string describe(const ExecuteHandlers &handlers) {
  return concat("execute handlers: ", handlers.sends().size(), " for sends, ", handlers.receives().size(),
                " for receives, ", handlers.outputs().size(), " for outputs");
}

std::string describe(const KvStore &) { return "key-value store"; }

std::string describe(const TransferManager &manager) {
  return concat("transfer manager: ", counted(static_cast<int64_t>(manager.num_buffers()), "buffer"));
}

std::string describe(const TrackingEvent &event) {
  return concat("tracking event \"", event.description(), "\"");
}

std::string describe(const Topology &topology) {
  return concat("topology of ", topology.platform_name(),
                topology.owner() == nullptr ? "" : " (a client's own)", ": ",
                counted(static_cast<int64_t>(topology.devices().size()), "device"));
}

}  // namespace pje
