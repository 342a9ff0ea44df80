// What the fake plugin's own tests share: the raw ABI, no code of ours in between.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "abi/pjrt_abi.h"

namespace fake_test {

const PJRT_Api *Load();
// Loads under these controls; once per process, so tests that need controls run in a child.
const PJRT_Api *LoadWith(const std::string &controls);

template <class T>
T Make() {
  T value;
  memset(&value, 0, sizeof value);
  value.struct_size = pje::abi::struct_size<T>;
  return value;
}

struct Outcome {
  uint32_t code = 0;
  std::string message;
  bool ok() const { return code == 0; }
};

// Reads the error and destroys it.
Outcome Take(const PJRT_Api *api, PJRT_Error *error);

template <class Args>
Outcome Do(const PJRT_Api *api, Args *args) {
  return Take(api, (api->*pje::abi::FunctionOf<Args>::slot)(args));
}

#define EXPECT_CALL_OK(expression)                                           \
  do {                                                                       \
    fake_test::Outcome outcome_ = (expression);                              \
    EXPECT_TRUE(outcome_.ok()) << outcome_.code << ": " << outcome_.message; \
  } while (0)

// One replica, one partition.
inline const std::string kOneDevice("\x1a\x04\x20\x01\x28\x01");
std::string ReplicaOptions(int replicas);
extern const char kAddOne[];
std::string Donating(const char *attribute);

struct Session {
  explicit Session(const PJRT_Api *api_);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  PJRT_Buffer *Upload(PJRT_Buffer_Type type, const std::vector<int64_t> &dims, const void *data,
                      PJRT_Device *device = nullptr);
  PJRT_Buffer *UploadFloats(const std::vector<float> &data);
  Outcome Compile(const std::string &text, const std::string &options, PJRT_LoadedExecutable **executable);
  // One list of arguments per device; the outputs come back the same way.
  Outcome Execute(PJRT_LoadedExecutable *executable, const std::vector<std::vector<PJRT_Buffer *>> &arguments,
                  std::vector<std::vector<PJRT_Buffer *>> *outputs, const std::vector<int64_t> &keep = {});
  Outcome Download(PJRT_Buffer *buffer, std::string *bytes);
  std::vector<float> DownloadFloats(PJRT_Buffer *buffer);
  Outcome Await(PJRT_Event *event);
  bool IsDeleted(PJRT_Buffer *buffer);
  void Destroy(PJRT_Buffer *buffer);
  void Destroy(PJRT_LoadedExecutable *executable);
  void Destroy(PJRT_Event *event);
  size_t NumOutputs(PJRT_LoadedExecutable *executable);

  const PJRT_Api *api;
  PJRT_Client *client = nullptr;
  PJRT_Device *const *devices = nullptr;
  size_t num_devices = 0;
  size_t execute_options_size = pje::abi::struct_size<PJRT_ExecuteOptions>;
};

}  // namespace fake_test
