// The key-value store that a client's caller gives it: how processes find each other.
#pragma once

#include "status.hpp"

namespace fake {

struct KvCallbacks {
  PJRT_KeyValueGetCallback get = nullptr;
  void *get_argument = nullptr;
  PJRT_KeyValueTryGetCallback try_get = nullptr;
  void *try_get_argument = nullptr;
  PJRT_KeyValuePutCallback put = nullptr;
  void *put_argument = nullptr;
};

KvCallbacks ReadKvCallbacks(const PJRT_Client_Create_Args &args);
Status KvPut(const KvCallbacks &kv, const std::string &key, const std::string &value);
Status KvGet(const KvCallbacks &kv, const std::string &key, int timeout_ms, std::string *value);
Status KvTryGet(const KvCallbacks &kv, const std::string &key, std::string *value);

// Tells the other processes of this one and waits for each of them, all at the same time.
Status MeetProcesses(const KvCallbacks &kv, int process, int num_processes, int num_devices);

}  // namespace fake
