#include "base/validate.hpp"

#include <dlfcn.h>
#include <sys/mman.h>
#include <unwind.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "base/live_objects.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

constexpr size_t kMaxFrames = 24;
constexpr size_t kMaxCallers = 3;
constexpr size_t kPage = 4096;
constexpr size_t kSlotsInPage = kPage / kSlotSize;

struct Site {
  std::array<void *, kMaxFrames> frames{};
  size_t num_frames = 0;
};

struct Record {
  Mutex mutex;
  std::unordered_map<const Slot *, Site> sites;
  // How many slots of a page have ended; the memory of a page with none left is given back.
  std::unordered_map<uintptr_t, size_t> ended;
};

// Never destroyed: threads of plugins outlive main.
Record &record() noexcept {
  alignas(Record) static std::byte memory[sizeof(Record)];
  static Record &instance = *new (memory) Record;
  return instance;
}

_Unwind_Reason_Code note_frame(_Unwind_Context *context, void *argument) {
  auto &site = *static_cast<Site *>(argument);
  if (site.num_frames == kMaxFrames) return _URC_END_OF_STACK;
  site.frames[site.num_frames++] = reinterpret_cast<void *>(_Unwind_GetIP(context));
  return _URC_NO_REASON;
}

const char *file_name(const char *path) {
  const char *slash = std::strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

std::string hexadecimal(uintptr_t number) {
  std::string digits;
  for (; number != 0 || digits.empty(); number /= 16)
    digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
  return digits;
}

// A place that addr2line understands, whatever address the file was loaded at.
std::string place(const Dl_info &info, const void *address) {
  uintptr_t offset = reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(info.dli_fbase) - 1;
  std::string where = concat(file_name(info.dli_fname), "+0x", hexadecimal(offset));
  return info.dli_sname == nullptr ? where : concat(info.dli_sname, " (", where, ")");
}

// The exported function through which the program came, and who called it.
std::string site_text(const Site &site) {
  const char *function = nullptr;
  std::string callers;
  size_t num_callers = 0;
  for (size_t i = 0; i < site.num_frames && num_callers < kMaxCallers; ++i) {
    Dl_info info{};
    if (dladdr(static_cast<const char *>(site.frames[i]) - 1, &info) == 0) continue;
    bool ours = info.dli_sname != nullptr && std::strncmp(info.dli_sname, "pje_", 4) == 0;
    if (ours) function = info.dli_sname;
    if (ours || function == nullptr) continue;
    callers += concat(num_callers++ == 0 ? ", called from " : ", ", place(info, site.frames[i]));
  }
  return concat(function == nullptr ? "the library itself" : function, callers);
}

uint64_t log_held_objects(const char *when, bool list) {
  uint64_t count = 0;
  for_each_object([&](const Object &object, ObjectType type) {
    uint64_t held = num_public_references(object);
    if (held == 0) return;
    ++count;
    if (!list) return;
    const char *name = object_type_name(type);
    log_record(LogKind::kLeak, PJE_OK, name,
               concat(name, " held ", held, held == 1 ? " time " : " times ", when, ", made by ",
                      creation_site(*object.slot())));
  });
  return count;
}

void report_at_exit() { report_held_objects("at exit"); }

}  // namespace

bool validating() noexcept {
  static const bool wanted = [] {
    const char *value = secure_getenv("PJE_VALIDATE");
    bool is_on = value != nullptr && std::strcmp(value, "1") == 0;
    if (is_on) std::atexit(report_at_exit);
    return is_on;
  }();
  return wanted;
}

void note_taken(Slot &slot) noexcept {
  try {
    Site site;
    _Unwind_Backtrace(note_frame, &site);
    Lock lock(record().mutex);
    record().sites[&slot] = site;
  } catch (...) {
    // Without memory the object is reported without its site.
  }
}

void note_given(Slot &slot) noexcept {
  uintptr_t page = reinterpret_cast<uintptr_t>(&slot) & ~(kPage - 1);
  bool all_ended = false;
  try {
    Lock lock(record().mutex);
    record().sites.erase(&slot);
    all_ended = ++record().ended[page] == kSlotsInPage;
    if (all_ended) record().ended.erase(page);
  } catch (...) {
    // Without memory the page is kept.
  }
  // Reads as zeros from here on: no handle of its slots is right any more.
  if (all_ended) madvise(reinterpret_cast<void *>(page), kPage, MADV_DONTNEED);
}

Mutex &creation_sites_mutex() noexcept { return record().mutex; }

std::string creation_site(const Slot &slot) {
  if (!validating()) return "a function that PJE_VALIDATE=1 would tell";
  Site site;
  {
    Lock lock(record().mutex);
    auto found = record().sites.find(&slot);
    if (found == record().sites.end()) return "a function that could not be noted";
    site = found->second;
  }
  return site_text(site);
}

uint64_t report_held_objects(const char *when) noexcept {
  try {
    return log_held_objects(when, true);
  } catch (...) {
    return log_held_objects(when, false);
  }
}

void report_after_last_client(bool was_last) noexcept {
  if (was_last && validating()) report_held_objects("after the last client");
}

}  // namespace pje
