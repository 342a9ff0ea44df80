// Keeps a plugin from taking over the signal handlers of its host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pje {

// The shared objects mapped at one moment.
class LoadedObjects {
 public:
  static LoadedObjects now();
  bool contains(uintptr_t base) const noexcept;

 private:
  std::vector<uintptr_t> bases_;
};

// Remembers every signal's disposition; at its end, each one that changed, and whose new handler lies in an
// object that was not there in `before`, gets its former one back. Handlers that the host itself installed
// meanwhile stay.
class SignalGuard {
 public:
  explicit SignalGuard(const LoadedObjects &before);
  ~SignalGuard();
  SignalGuard(const SignalGuard &) = delete;
  SignalGuard &operator=(const SignalGuard &) = delete;

 private:
  struct Saved;
  const LoadedObjects &before_;
  std::unique_ptr<Saved> saved_;
};

}  // namespace pje
