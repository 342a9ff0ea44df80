// Reading what a plugin need not tell.
#pragma once

#include <type_traits>

#include "abi/call.hpp"

namespace pje {

inline bool is_unimplemented(const Status &status) noexcept {
  return !status.ok() && status.error()->code() == PJE_UNIMPLEMENTED;
}

// A fact that a plugin need not tell: UNIMPLEMENTED leaves the default, other errors count.
template <class Args, class Object, class Read>
Status read_fact(const abi::Api &api, Object *Args::*member, std::type_identity_t<Object> *object,
                 Read read) {
  auto args = abi::zeroed<Args>();
  args.*member = object;
  Status status = api.call(args);
  if (!status.ok()) return is_unimplemented(status) ? Status() : std::move(status);
  read(args);
  return {};
}

}  // namespace pje
