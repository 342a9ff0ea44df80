#include "kv.hpp"

#include <thread>

#include "calls.hpp"
#include "config.hpp"
#include "log.hpp"

namespace fake {
namespace {

PJRT_Error *ToCallbackError(PJRT_Error_Code code, const char *message, size_t size) {
  return NewError(Fail(code, std::string(message, size)));
}
PJRT_CallbackError callback_error = ToCallbackError;

template <class Args>
Args MakeArgs(const std::string &key) {
  Args args;
  memset(&args, 0, sizeof args);
  args.struct_size = pje::abi::struct_size<Args>;
  args.key = key.data();
  args.key_size = key.size();
  args.callback_error = &callback_error;
  return args;
}

// Copies the value and gives it back, as the contract wants it.
template <class Args>
void TakeValue(Args *args, std::string *value) {
  if (args->value == nullptr) Misuse("a key-value callback answered without a value");
  if (args->value_deleter_callback == nullptr) Misuse("a value came without a deleter");
  value->assign(args->value, args->value_size);
  args->value_deleter_callback(args->value);
}

std::string DevicesKey(int process) { return Text("fake/devices/", process); }

}  // namespace

KvCallbacks ReadKvCallbacks(const PJRT_Client_Create_Args &args) {
  KvCallbacks kv;
  kv.get = args.kv_get_callback;
  kv.get_argument = args.kv_get_user_arg;
  kv.put = args.kv_put_callback;
  kv.put_argument = args.kv_put_user_arg;
  if (CurrentMinor() < 61) return kv;
  kv.try_get = args.kv_try_get_callback;
  kv.try_get_argument = args.kv_try_get_user_arg;
  return kv;
}

Status KvPut(const KvCallbacks &kv, const std::string &key, const std::string &value) {
  auto args = MakeArgs<PJRT_KeyValuePutCallback_Args>(key);
  args.value = value.data();
  args.value_size = value.size();
  args.user_arg = kv.put_argument;
  LogLine(Text("CALLBACK KvPut ", ThreadColumn(), " key=", key));
  TraceStruct("PJRT_KeyValuePutCallback_Args", &args, sizeof args);
  return TakeError(kv.put(&args));
}

Status KvGet(const KvCallbacks &kv, const std::string &key, int timeout_ms, std::string *value) {
  auto args = MakeArgs<PJRT_KeyValueGetCallback_Args>(key);
  args.timeout_in_ms = timeout_ms;
  args.user_arg = kv.get_argument;
  LogLine(Text("CALLBACK KvGet ", ThreadColumn(), " key=", key));
  TraceStruct("PJRT_KeyValueGetCallback_Args", &args, sizeof args);
  if (Status bad = TakeError(kv.get(&args))) return bad;
  TakeValue(&args, value);
  return nullptr;
}

Status KvTryGet(const KvCallbacks &kv, const std::string &key, std::string *value) {
  auto args = MakeArgs<PJRT_KeyValueTryGetCallback_Args>(key);
  args.user_arg = kv.try_get_argument;
  LogLine(Text("CALLBACK KvTryGet ", ThreadColumn(), " key=", key));
  TraceStruct("PJRT_KeyValueTryGetCallback_Args", &args, sizeof args);
  if (Status bad = TakeError(kv.try_get(&args))) return bad;
  TakeValue(&args, value);
  return nullptr;
}

Status MeetProcesses(const KvCallbacks &kv, int process, int num_processes, int num_devices) {
  if (kv.get == nullptr || kv.put == nullptr) return nullptr;
  std::string own;
  if (kv.try_get != nullptr) {
    Status nobody = KvTryGet(kv, "fake/nobody", &own);
    if (!nobody) return Invalid("try_get found a value that nobody has put: ", own);
    if (nobody->code != PJRT_Error_Code_NOT_FOUND) return nobody;
  }
  if (Status bad = KvPut(kv, DevicesKey(process), Text(num_devices))) return bad;
  if (kv.try_get != nullptr) {
    if (Status bad = KvTryGet(kv, DevicesKey(process), &own)) return bad;
    if (own != Text(num_devices)) return Invalid("try_get answered '", own, "', put was ", num_devices);
  }
  std::vector<Status> outcomes(static_cast<size_t>(num_processes));
  std::vector<std::thread> threads;
  for (int other = 0; other < num_processes; ++other) {
    threads.emplace_back([&, other] {
      FunctionScope scope("a thread that meets a process");
      std::string theirs;
      Status &outcome = outcomes[static_cast<size_t>(other)];
      outcome = KvGet(kv, DevicesKey(other), Current().kv_timeout, &theirs);
      if (!outcome && theirs != Text(num_devices))
        outcome = Invalid("process ", other, " has '", theirs, "' devices, this one ", num_devices);
    });
  }
  for (std::thread &thread : threads) thread.join();
  for (const Status &outcome : outcomes) {
    if (outcome) return outcome;
  }
  return nullptr;
}

}  // namespace fake
