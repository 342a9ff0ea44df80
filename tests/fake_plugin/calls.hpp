// The implementation of each slot, and what every implementation shares.
#pragma once

#include <chrono>
#include <cstring>

#include "abi/pjrt_abi.h"
#include "registry.hpp"
#include "status.hpp"

namespace fake {

#define PJE_FUNCTION(name, since, returns) Status Call(PJRT_##name##_Args &args);
#include "abi/functions.def"
#undef PJE_FUNCTION

// Out members must come in as zero: a plugin older than a member leaves it as it was.
void CheckZero(const void *member, size_t size);

template <class T, class Value>
void Out(T *member, Value value) {
  CheckZero(member, sizeof(T));
  *member = static_cast<T>(value);
}

template <class T>
void OutString(const char **data, size_t *size, const T &text) {
  Out(data, text.data());
  Out(size, text.size());
}

int CurrentMinor();

// How much of a struct this minor knows, and how little of it is enough.
struct Sizes {
  size_t known;
  size_t least;
};

template <class T>
Sizes SizesOf() {
  size_t known = pje::abi::struct_size_at<T>(CurrentMinor());
  size_t least = known;
#define FAKE_LEAST(type, size) \
  if constexpr (__is_same(T, type)) least = (size) < known ? (size) : known;
#include "least_sizes.def"
#undef FAKE_LEAST
  return {known, least};
}

// The payloads of an error that a caller hands over.
Status ReadPayload(const PJRT_NamedValue *values, size_t count, Failure *failure);

Status CheckSize(const char *name, size_t given, const Sizes &sizes);
Status CheckStruct(const char *type, const void *data, const Sizes &sizes);
// For the trace, where a struct has no size of its own.
void TraceStruct(const char *type, const void *data, size_t size);

// For structs that the arguments point to.
#define FAKE_CHECK_STRUCT(type, pointer) CheckStruct(#type, pointer, fake::SizesOf<type>())

// A struct as this minor sees it: `rest` stands for what the minor or the caller does not know.
template <class T>
T KnownPart(const T &given, T rest) {
  size_t known = SizesOf<T>().known;
  memcpy(&rest, &given, given.struct_size < known ? given.struct_size : known);
  return rest;
}

}  // namespace fake
