#include "pjrt_easy/stats.h"

#include <algorithm>
#include <cstring>

#include "base/live_objects.hpp"
#include "base/validate.hpp"
#include "capi/guard.hpp"
#include "core/client.hpp"

using pje::Client;
using pje::ObjectType;
using pje::Status;
using pje::capi::guarded;
using pje::capi::Where;

namespace {

// What the caller's header does not have is left out; what ours does not have reads zero.
template <class T>
Status give_struct(const T &values, T *out, const char *name) {
  size_t size;
  std::memcpy(&size, out, sizeof(size));
  if (size < sizeof(size_t))
    return pje::invalid_argument(pje::concat(name, ".struct_size is ", size, ": expected sizeof(", name,
                                             "); start from its INIT macro"));
  auto *bytes = reinterpret_cast<char *>(out);
  size_t known = std::min(size, sizeof(T));
  std::memcpy(bytes + sizeof(size), reinterpret_cast<const char *>(&values) + sizeof(size),
              known - sizeof(size));
  std::memset(bytes + known, 0, size - known);
  return {};
}

}  // namespace

extern "C" {

pje_error *pje_client_stats(const pje_client *client, pje_client_statistics *out) noexcept {
  constexpr const char *function = "pje_client_stats";
  return guarded<Where::kAnywhere>(function, [&]() -> Status {
    PJE_NOT_NULL(out);
    PJE_HANDLE(Client, counted, client);
    pje::ClientStats stats = counted.stats();
    auto number = [&](ObjectType type) { return stats.num_objects[static_cast<size_t>(type)]; };
    pje_client_statistics values = PJE_CLIENT_STATISTICS_INIT;
    values.num_buffers = number(ObjectType::kBuffer);
    values.num_events = number(ObjectType::kEvent);
    values.num_loaded_executables = number(ObjectType::kLoadedExecutable);
    for (uint64_t each : stats.num_objects) values.num_others += each;
    values.num_others -= values.num_buffers + values.num_events + values.num_loaded_executables;
    values.live_bytes = stats.live_bytes;
    values.peak_bytes = stats.peak_bytes;
    return give_struct(values, out, "pje_client_statistics");
  });
}

uint64_t pje_live_objects(const char *type) noexcept {
  uint64_t count = 0;
  pje::for_each_object([&](pje::Object &object, ObjectType found) {
    bool wanted = type == nullptr || std::strcmp(type, pje::object_type_name(found)) == 0;
    if (wanted && pje::num_public_references(object) > 0) ++count;
  });
  return count;
}

uint64_t pje_leak_report(void) noexcept { return pje::report_held_objects("now"); }

pje_error *pje_client_set_out_of_memory_callback(pje_client *client, pje_out_of_memory_callback callback,
                                                 void *user_data) noexcept {
  constexpr const char *function = "pje_client_set_out_of_memory_callback";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Client, watched, client);
    watched.set_out_of_memory_callback(callback, user_data);
    return {};
  });
}

}  // extern "C"
