// What the tests on real plugins share. A case is a function that throws Failure; a case listed in
// unsupported.tsv for a plugin must throw there.
#pragma once

#include <pjrt_easy.h>

#include <cstring>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace real {

struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T, void (*release)(T *)>
struct Releaser {
  void operator()(T *object) const noexcept { release(object); }
};
template <class T, void (*release)(T *)>
using Handle = std::unique_ptr<T, Releaser<T, release>>;
using ErrorHandle = Handle<pje_error, pje_error_release>;
using ClientHandle = Handle<pje_client, pje_client_release>;
using ProgramHandle = Handle<pje_program, pje_program_release>;
using OptionsHandle = Handle<pje_compile_options, pje_compile_options_release>;
using ValuesHandle = Handle<pje_named_values, pje_named_values_release>;
using ExecutableHandle = Handle<pje_loaded_executable, pje_loaded_executable_release>;
using BufferHandle = Handle<pje_buffer, pje_buffer_release>;
using EventHandle = Handle<pje_event, pje_event_release>;
using ArrayHandle = Handle<pje_array, pje_array_release>;
using FulfilmentHandle = Handle<pje_fulfilment, pje_fulfilment_release>;
using LayoutHandle = Handle<pje_layout, pje_layout_release>;
using Dims = std::vector<int64_t>;

inline void demand(bool right, const std::string &what) {
  if (!right) throw Failure(what);
}

inline void ok(pje_error *raw) {
  ErrorHandle error(raw);
  if (error) throw Failure(pje_error_message(error.get()));
}

// Demands an error and answers its code.
inline pje_code fails(pje_error *raw, const std::string &what) {
  ErrorHandle error(raw);
  demand(error != nullptr, what + " succeeded");
  std::string message = pje_error_message(error.get());
  demand(message.size() <= 512 && message.find('\n') == std::string::npos,
         what + ": not one line: " + message);
  return pje_error_code(error.get());
}

// One plugin under test, with a client of four devices that its cases share.
class Plugin {
 public:
  Plugin(std::string name, std::string path);
  const std::string &name() const { return name_; }
  pje_client *client() const { return client_.get(); }
  ClientHandle open(int64_t devices) const;
  pje_device *device(size_t index) const { return pje_client_addressable_device(client(), index); }

  BufferHandle upload(const void *data, size_t size, pje_dtype dtype, const Dims &dims,
                      const pje_from_host_options *options = nullptr) const;
  BufferHandle upload(const std::vector<float> &values, pje_device *device = nullptr) const;
  ExecutableHandle compile(const std::string &program, const pje_compile_options *options = nullptr) const;
  ExecutableHandle compile_text(const std::string &text, const pje_compile_options *options = nullptr) const;

 private:
  std::string name_;
  std::string path_;
  ClientHandle client_;
};

std::vector<float> floats(pje_buffer *buffer);
OptionsHandle compile_options(int64_t replicas, int64_t partitions);

// A file of tests/programs/PROGRAM as an array of the given type.
ArrayHandle load(const std::string &program, const std::string &file);
// Demands |got - want| <= tolerance * (1 + |want|) for an f32 result.
void expect_close(const std::vector<float> &got, const std::string &program, const std::string &file,
                  float tolerance);

struct Case {
  std::string name;
  std::function<void(Plugin &)> body;
};
std::vector<Case> data_cases();
std::vector<Case> run_cases();
std::vector<Case> layout_cases();
std::vector<Case> compile_cases();
std::vector<Case> special_cases();
std::vector<Case> transfer_cases();
std::vector<Case> chain_cases();
std::vector<Case> lifetime_cases();
std::vector<Case> refusal_cases();
std::vector<Case> raw_cases();

}  // namespace real
