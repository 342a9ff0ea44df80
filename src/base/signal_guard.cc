#include "base/signal_guard.hpp"

#include <dlfcn.h>
#include <link.h>
#include <signal.h>

#include <algorithm>
#include <array>

namespace pje {

namespace {

// Where an object begins, in dladdr's reckoning: an executable at a fixed address has no offset of its own.
int add_base(dl_phdr_info *info, size_t, void *bases) {
  constexpr uintptr_t kPageMask = 4095;
  uintptr_t lowest = UINTPTR_MAX;
  for (size_t i = 0; i < info->dlpi_phnum; ++i)
    if (info->dlpi_phdr[i].p_type == PT_LOAD)
      lowest = std::min<uintptr_t>(lowest, info->dlpi_phdr[i].p_vaddr);
  if (lowest != UINTPTR_MAX)
    static_cast<std::vector<uintptr_t> *>(bases)->push_back((info->dlpi_addr + lowest) & ~kPageMask);
  return 0;
}

uintptr_t handler_of(const struct sigaction &action) noexcept {
  return (action.sa_flags & SA_SIGINFO) != 0 ? reinterpret_cast<uintptr_t>(action.sa_sigaction)
                                             : reinterpret_cast<uintptr_t>(action.sa_handler);
}

bool is(const struct sigaction &action, void (*handler)(int)) noexcept {
  return handler_of(action) == reinterpret_cast<uintptr_t>(handler);
}

// Ignoring such a signal changes nothing for a host that does not use its timer, but what raises it may be a
// timer of the plugin: libtpu profiles its threads that way, and the default action would end the process.
bool is_timer_made_harmless(int signal, const struct sigaction &current,
                            const struct sigaction &former) noexcept {
  bool is_timer = signal == SIGPROF || signal == SIGVTALRM || signal == SIGALRM;
  return is_timer && is(current, SIG_IGN) && is(former, SIG_DFL);
}

}  // namespace

LoadedObjects LoadedObjects::now() {
  LoadedObjects objects;
  dl_iterate_phdr(add_base, &objects.bases_);
  std::sort(objects.bases_.begin(), objects.bases_.end());
  return objects;
}

bool LoadedObjects::contains(uintptr_t base) const noexcept {
  return std::binary_search(bases_.begin(), bases_.end(), base);
}

struct SignalGuard::Saved {
  std::array<struct sigaction, NSIG> actions{};
  std::array<bool, NSIG> known{};
};

SignalGuard::SignalGuard(const LoadedObjects &before) : before_(before), saved_(new Saved) {
  for (size_t i = 1; i < NSIG; ++i)
    saved_->known[i] = sigaction(static_cast<int>(i), nullptr, &saved_->actions[i]) == 0;
}

SignalGuard::~SignalGuard() {
  for (size_t i = 1; i < NSIG; ++i) {
    struct sigaction current {};
    if (!saved_->known[i] || sigaction(static_cast<int>(i), nullptr, &current) != 0) continue;
    uintptr_t handler = handler_of(current);
    if (handler == handler_of(saved_->actions[i])) continue;
    // A plugin that ignores or resets a signal leaves no address to know it by; nobody else runs in this call
    // who would do so on purpose.
    bool is_code =
        handler != reinterpret_cast<uintptr_t>(SIG_DFL) && handler != reinterpret_cast<uintptr_t>(SIG_IGN);
    Dl_info where{};
    bool brought = !is_code || (dladdr(reinterpret_cast<void *>(handler), &where) != 0 &&
                                !before_.contains(reinterpret_cast<uintptr_t>(where.dli_fbase)));
    if (is_timer_made_harmless(static_cast<int>(i), current, saved_->actions[i])) continue;
    if (brought) sigaction(static_cast<int>(i), &saved_->actions[i], nullptr);
  }
}

}  // namespace pje
