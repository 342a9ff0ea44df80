// The library's handles as owners, and its errors as exceptions.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include "pjrt_easy.h"

namespace pje::cli {

// The command failed: exit 1, with the text as the one line on stderr.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The command line is wrong in a way that only the command itself sees: exit 2.
class UsageFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

template <auto release>
struct Release {
  template <class Raw>
  void operator()(Raw *raw) const noexcept {
    release(raw);
  }
};

template <class Raw, auto release>
using Handle = std::unique_ptr<Raw, Release<release>>;

using Error = Handle<pje_error, pje_error_release>;
using Plugin = Handle<pje_plugin, pje_plugin_release>;
using Client = Handle<pje_client, pje_client_release>;
using Program = Handle<pje_program, pje_program_release>;
using CompileOptions = Handle<pje_compile_options, pje_compile_options_release>;
using LoadedExecutable = Handle<pje_loaded_executable, pje_loaded_executable_release>;
using Buffer = Handle<pje_buffer, pje_buffer_release>;
using Array = Handle<pje_array, pje_array_release>;
using NamedValues = Handle<pje_named_values, pje_named_values_release>;

// Consumes the error, if there is one.
inline void check(pje_error *raw) {
  Error error(raw);
  if (error) throw Failure(pje_error_message(error.get()));
}

// Calls `create` with the arguments and a place for the new object, which comes last everywhere.
template <class Owner, class Create, class... Arguments>
Owner make(Create create, Arguments... arguments) {
  typename Owner::pointer raw = nullptr;
  check(create(arguments..., &raw));
  return Owner(raw);
}

}  // namespace pje::cli
