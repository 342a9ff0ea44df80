// One client seen from both sides: through the library, and through the plugin's own table.
#pragma once

#include <pjrt_easy.h>

#include <string>
#include <vector>

#include "raw.hpp"

namespace bench {

void expect_ok(pje_error *error);

struct Executable {
  pje_loaded_executable *ours;
  PJRT_LoadedExecutable *raw;
};

class Session {
 public:
  // `num_devices` of 0 leaves the number to the plugin.
  Session(const std::string &plugin_path, int64_t num_devices);
  ~Session();
  Session(const Session &) = delete;
  Session &operator=(const Session &) = delete;

  pje_plugin *plugin() const { return plugin_; }
  pje_client *client() const { return client_; }
  const Raw &raw() const { return raw_; }
  PJRT_Client *raw_client() const { return raw_client_; }
  const std::vector<PJRT_Device *> &raw_devices() const { return raw_devices_; }
  // The compile options that the library sent last.
  const std::string &compile_options() const;

  // All freed with the session. 0 elements make a scalar.
  Executable compile(const std::string &text, int64_t num_replicas = 1);
  pje_buffer *upload(size_t elements, size_t device = 0);
  PJRT_Buffer *raw_upload(size_t elements, size_t device = 0);
  // To be destroyed by the caller.
  PJRT_Buffer *raw_upload(const float *values, const int64_t *dims, size_t rank, size_t device);

 private:
  Raw raw_;
  pje_plugin *plugin_ = nullptr;
  pje_client *client_ = nullptr;
  PJRT_Client *raw_client_ = nullptr;
  std::vector<PJRT_Device *> raw_devices_;
  std::vector<pje_loaded_executable *> executables_;
  std::vector<pje_buffer *> buffers_;
  std::vector<PJRT_Buffer *> raw_buffers_;
};

// StableHLO text: x + 1; sums of each argument with itself; a program that takes its first argument over.
std::string add_one(size_t elements, int64_t num_replicas = 1);
std::string wide(size_t num_args_and_outputs);
std::string donating(size_t elements);
// The sum of all arguments, plus a number of its own for each output.
std::string folding(size_t num_args, size_t num_outputs);
std::string noop(size_t num_args, size_t num_outputs);

}  // namespace bench
