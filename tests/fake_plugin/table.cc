#include "table.hpp"

#include <algorithm>

#include "config.hpp"
#include "entry.hpp"
#include "log.hpp"

namespace fake {
namespace {

using pje::abi::kFunctions;
using pje::abi::kHeaderSize;
using pje::abi::kNewestMinor;
using pje::abi::kNumFunctions;

// Each minor past the newest appends one slot of this many.
constexpr size_t kMostExtraSlots = 16;

struct Table {
  PJRT_Api api;
  void *extra[kMostExtraSlots];
};

Table &Storage() {
  static Table *table = new Table{};
  return *table;
}

PJRT_Error *FutureFunction(void *) {
  LogLine("PJRT_Future UNIMPLEMENTED " + ThreadColumn());
  return NewError(Unimplemented("PJRT_Future: not implemented by the fake plugin"));
}

// Keyed by what a slot returns, since a table of 138 rows holds both kinds.
template <class Args>
void Assign(pje::abi::error_function<Args> *slot) {
  *slot = Enter<Args>;
}
template <class Args>
void Assign(pje::abi::none_function<Args> *slot) {
  *slot = EnterNone<Args>;
}

void AssignAll(PJRT_Api *api) {
#define PJE_FUNCTION(name, since, returns) Assign<PJRT_##name##_Args>(&api->PJRT_##name);
#include "abi/functions.def"
#undef PJE_FUNCTION
}

size_t NumSlots(int minor) {
  size_t count = 0;
  for (const pje::abi::FunctionInfo &info : kFunctions) count += info.since_minor <= minor ? 1 : 0;
  if (minor > kNewestMinor) count += std::min(static_cast<size_t>(minor - kNewestMinor), kMostExtraSlots);
  return count;
}

PJRT_Extension_Base *ExtensionChain() {
  static PJRT_Extension_Base *chain = new PJRT_Extension_Base[2];
  Extensions kind = Current().extensions;
  if (kind == Extensions::kNone) return nullptr;
  bool loop = kind == Extensions::kLoop;
  chain[0] = {sizeof(PJRT_Extension_Base), static_cast<PJRT_Extension_Type>(1000), &chain[1]};
  chain[1] = {sizeof(PJRT_Extension_Base), PJRT_Extension_Type_Unknown, loop ? &chain[0] : nullptr};
  return chain;
}

}  // namespace

const PJRT_Api *TheTable() { return &Storage().api; }

void RebuildTable() {
  Table &table = Storage();
  int minor = Current().minor;
  PJRT_Api &api = table.api;
  AssignAll(&api);
  for (void *&slot : table.extra) slot = reinterpret_cast<void *>(FutureFunction);
  for (size_t i = 0; i < kNumFunctions; ++i) {
    void **slot = reinterpret_cast<void **>(reinterpret_cast<char *>(&api) + kFunctions[i].offset);
    if (IsNulled(i)) *slot = nullptr;
  }
  api.struct_size = kHeaderSize + NumSlots(minor) * sizeof(void *);
  if (CutAt() < kNumFunctions) api.struct_size = std::min(api.struct_size, kFunctions[CutAt()].offset);
  if (Current().short_table) api.struct_size = sizeof(size_t);
  api.extension_start = ExtensionChain();
  api.pjrt_api_version.struct_size = pje::abi::struct_size<PJRT_Api_Version>;
  api.pjrt_api_version.major_version = Current().major;
  api.pjrt_api_version.minor_version = minor;
}

}  // namespace fake
