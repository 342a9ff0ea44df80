#include "pjrt_easy/transfer.h"

#include "capi/async.hpp"
#include "core/transfer_all.hpp"

using pje::Array;
using pje::ArrayType;
using pje::Buffer;
using pje::Client;
using pje::Device;
using pje::Error;
using pje::Event;
using pje::Layout;
using pje::Memory;
using pje::NamedValues;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::TransferAll;
using pje::TransferAllOptions;
using pje::TransferManager;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::Where;

namespace {

// The two forms of a call that starts something: `done` is NULL for the blocking one.
template <class Start>
Status start(const char *function, pje_transfer_manager *manager, pje_event **done, Start &&begin) {
  PJE_HANDLE(TransferManager, target, manager);
  PJE_ASSIGN(Ref<Event> event, begin(target));
  if (done == nullptr) return event->wait();
  *done = std::move(event).to_public();
  return {};
}

Status read_layouts(const pje_layout *const *given, size_t n, std::vector<const Layout *> *layouts) {
  for (size_t i = 0; given != nullptr && i < n; ++i) {
    const Layout *layout = given[i] == nullptr ? nullptr : pje::resolve<Layout>(given[i]);
    if (given[i] != nullptr && layout == nullptr)
      return pje::invalid_argument(pje::concat("layouts[", i, "] ",
                                               pje::describe_wrong_handle(given[i], pje::ObjectType::kLayout),
                                               ": expected a pje_layout"));
    layouts->push_back(layout);
  }
  return {};
}

Status read_options(const char *function, Client &client, const pje_transfer_options *given,
                    TransferAllOptions *out) {
  pje_transfer_options options{};
  PJE_TRY(pje::capi::read_options(given, sizeof(options), &options, "pje_transfer_options"));
  if (options.flags != 0) return pje::failure(PJE_UNIMPLEMENTED, "pje_transfer_options.flags: expected 0");
  PJE_NULLABLE_HANDLE(Device, device, options.device);
  PJE_NULLABLE_HANDLE(Memory, memory, options.memory);
  if (device != nullptr && memory != nullptr)
    return pje::invalid_argument("options.device and options.memory are both set: expected at most one");
  if (device != nullptr && &device->client() != &client)
    return pje::invalid_argument("options.device belongs to another client");
  if (device != nullptr && device->default_memory() == nullptr)
    return pje::invalid_argument("options.device has no default memory: name one in options.memory");
  out->memory = device == nullptr ? memory : device->default_memory();
  out->piece_size = options.piece_size;
  out->progress = options.progress;
  out->progress_data = options.progress_data;
  return {};
}

Result<std::shared_ptr<TransferAll>> transfer_of(const char *function, pje_client *client,
                                                 pje_array *const *arrays, size_t n,
                                                 const pje_transfer_options *options) {
  PJE_HANDLE(Client, owner, client);
  if (arrays == nullptr) return pje::invalid_argument("argument \"arrays\" is NULL");
  if (n == 0) return pje::invalid_argument("argument \"num_arrays\" is 0: expected at least one array");
  std::vector<Ref<Array>> kept;
  for (size_t i = 0; i < n; ++i) {
    Array *array = pje::resolve<Array>(arrays[i]);
    if (array == nullptr)
      return pje::invalid_argument(pje::concat("arrays[", i, "] ",
                                               pje::describe_wrong_handle(arrays[i], pje::ObjectType::kArray),
                                               ": expected a pje_array"));
    kept.push_back(Ref<Array>::share(array));
  }
  TransferAllOptions read;
  PJE_TRY(read_options(function, owner, options, &read));
  return TransferAll::create(owner, std::move(kept), read);
}

void give_buffers(const TransferAll &transfer, pje_buffer **buffers) noexcept {
  size_t i = 0;
  for (const Ref<Buffer> &buffer : transfer.buffers()) buffers[i++] = Ref<Buffer>(buffer).to_public();
}

Status clear(pje_buffer **buffers, size_t n) {
  if (buffers == nullptr)
    return pje::invalid_argument("argument \"buffers\" is NULL: expected where to write");
  for (size_t i = 0; i < n; ++i) buffers[i] = nullptr;
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(TransferManager, pje_transfer_manager)

pje_error *pje_transfer_manager_create(pje_client *client, size_t num_buffers, const pje_dtype *dtypes,
                                       const int64_t *const *dims, const size_t *ranks,
                                       const pje_layout *const *layouts, pje_memory *memory,
                                       pje_transfer_manager **out) noexcept {
  constexpr const char *function = "pje_transfer_manager_create";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Client, owner, client);
    PJE_NULLABLE_HANDLE(Memory, place, memory);
    if (num_buffers == 0 || num_buffers > INT32_MAX)
      return pje::invalid_argument(
          pje::concat("argument \"num_buffers\" is ", num_buffers, ": expected 1 to ", INT32_MAX));
    PJE_NOT_NULL(dtypes);
    PJE_NOT_NULL(dims);
    PJE_NOT_NULL(ranks);
    std::vector<const ArrayType *> types;
    for (size_t i = 0; i < num_buffers; ++i) {
      PJE_ASSIGN(const ArrayType *type, pje::intern_array_type(dtypes[i], dims[i], ranks[i]));
      types.push_back(type);
    }
    std::vector<const Layout *> orders;
    PJE_TRY(read_layouts(layouts, num_buffers, &orders));
    PJE_ASSIGN(Ref<TransferManager> manager, TransferManager::create(owner, types, orders, place));
    *out = std::move(manager).to_public();
    return {};
  });
}

pje_device *pje_transfer_manager_device(const pje_transfer_manager *manager) noexcept {
  return answered<TransferManager>("pje_transfer_manager_device", "manager", manager,
                                   static_cast<pje_device *>(nullptr),
                                   [](TransferManager &m) { return pje::borrow(m.device()); });
}

size_t pje_transfer_manager_num_buffers(const pje_transfer_manager *manager) noexcept {
  return answered<TransferManager>("pje_transfer_manager_num_buffers", "manager", manager, size_t{0},
                                   [](TransferManager &m) { return m.plugin_num_buffers(); });
}

pje_error *pje_transfer_manager_buffer_size(const pje_transfer_manager *manager, size_t index,
                                            size_t *out) noexcept {
  constexpr const char *function = "pje_transfer_manager_buffer_size";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(TransferManager, source, manager);
    PJE_ASSIGN(*out, source.buffer_size(index));
    return {};
  });
}

pje_error *pje_transfer_manager_retrieve_buffer(pje_transfer_manager *manager, size_t index,
                                                pje_buffer **out) noexcept {
  constexpr const char *function = "pje_transfer_manager_retrieve_buffer";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(TransferManager, source, manager);
    PJE_ASSIGN(Ref<Buffer> buffer, source.retrieve(index));
    *out = std::move(buffer).to_public();
    return {};
  });
}

pje_error *pje_transfer_manager_transfer_data(pje_transfer_manager *manager, size_t index, const void *data,
                                              size_t size, size_t offset, bool is_last) noexcept {
  constexpr const char *function = "pje_transfer_manager_transfer_data";
  return guarded(function, [&]() -> Status {
    return start(function, manager, nullptr,
                 [&](TransferManager &m) { return m.transfer_data(index, data, size, offset, is_last); });
  });
}

pje_error *pje_transfer_manager_transfer_data_async(pje_transfer_manager *manager, size_t index,
                                                    const void *data, size_t size, size_t offset,
                                                    bool is_last, pje_event **done) noexcept {
  constexpr const char *function = "pje_transfer_manager_transfer_data_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    return start(function, manager, done,
                 [&](TransferManager &m) { return m.transfer_data(index, data, size, offset, is_last); });
  });
}

pje_error *pje_transfer_manager_transfer_literal(pje_transfer_manager *manager, size_t index,
                                                 const void *data, size_t size,
                                                 const pje_layout *layout) noexcept {
  constexpr const char *function = "pje_transfer_manager_transfer_literal";
  return guarded(function, [&]() -> Status {
    PJE_NULLABLE_HANDLE(Layout, order, layout);
    return start(function, manager, nullptr,
                 [&](TransferManager &m) { return m.transfer_literal(index, data, size, order); });
  });
}

pje_error *pje_transfer_manager_transfer_literal_async(pje_transfer_manager *manager, size_t index,
                                                       const void *data, size_t size,
                                                       const pje_layout *layout, pje_event **done) noexcept {
  constexpr const char *function = "pje_transfer_manager_transfer_literal_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    PJE_NULLABLE_HANDLE(Layout, order, layout);
    return start(function, manager, done,
                 [&](TransferManager &m) { return m.transfer_literal(index, data, size, order); });
  });
}

pje_error *pje_transfer_manager_set_buffer_error(pje_transfer_manager *manager, size_t index,
                                                 const pje_error *reason) noexcept {
  constexpr const char *function = "pje_transfer_manager_set_buffer_error";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(TransferManager, target, manager);
    PJE_HANDLE(Error, cause, reason);
    return target.set_error(index, cause);
  });
}

pje_error *pje_transfer_manager_add_metadata(pje_transfer_manager *manager,
                                             const pje_named_values *values) noexcept {
  constexpr const char *function = "pje_transfer_manager_add_metadata";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(TransferManager, target, manager);
    PJE_HANDLE(NamedValues, metadata, values);
    return target.add_metadata(metadata);
  });
}

pje_error *pje_transfer_manager_write(pje_transfer_manager *manager, size_t index, const void *data,
                                      size_t size, size_t offset) noexcept {
  constexpr const char *function = "pje_transfer_manager_write";
  return guarded(function, [&]() -> Status {
    return start(function, manager, nullptr,
                 [&](TransferManager &m) { return m.write(index, data, size, offset); });
  });
}

pje_error *pje_transfer_manager_write_async(pje_transfer_manager *manager, size_t index, const void *data,
                                            size_t size, size_t offset, pje_event **done) noexcept {
  constexpr const char *function = "pje_transfer_manager_write_async";
  return guarded(function, clearing(done), [&]() -> Status {
    PJE_OUT(done);
    return start(function, manager, done,
                 [&](TransferManager &m) { return m.write(index, data, size, offset); });
  });
}

pje_error *pje_transfer_manager_progress(const pje_transfer_manager *manager, size_t index,
                                         size_t *bytes_done, size_t *bytes_total) noexcept {
  constexpr const char *function = "pje_transfer_manager_progress";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_OUT(bytes_done);
    PJE_OUT(bytes_total);
    PJE_HANDLE(TransferManager, source, manager);
    PJE_ASSIGN(pje::TransferProgress progress, source.progress(index));
    *bytes_done = progress.done;
    *bytes_total = progress.total;
    return {};
  });
}

pje_error *pje_client_transfer_all(pje_client *client, pje_array *const *arrays, size_t num_arrays,
                                   const pje_transfer_options *options, pje_buffer **buffers) noexcept {
  constexpr const char *function = "pje_client_transfer_all";
  return guarded(function, clearing([=] { (void)clear(buffers, num_arrays); }), [&]() -> Status {
    PJE_TRY(clear(buffers, num_arrays));
    PJE_ASSIGN(auto transfer, transfer_of(function, client, arrays, num_arrays, options));
    PJE_TRY(transfer->run());
    give_buffers(*transfer, buffers);
    return {};
  });
}

pje_error *pje_client_transfer_all_async(pje_client *client, pje_array *const *arrays, size_t num_arrays,
                                         const pje_transfer_options *options, pje_buffer **buffers,
                                         pje_event **done) noexcept {
  constexpr const char *function = "pje_client_transfer_all_async";
  return guarded(function, clearing(done, [=] { (void)clear(buffers, num_arrays); }), [&]() -> Status {
    PJE_TRY(clear(buffers, num_arrays));
    PJE_OUT(done);
    PJE_ASSIGN(auto transfer, transfer_of(function, client, arrays, num_arrays, options));
    pje::Work<void> work{Ref<Client>::share(pje::resolve<Client>(client)),
                         [transfer] { return transfer->run(); }};
    PJE_TRY(pje::capi::run_later(function, std::move(work), done));
    give_buffers(*transfer, buffers);
    return {};
  });
}

}  // extern "C"
