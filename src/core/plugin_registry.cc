// Loading plugins: one per file, however many threads ask at once.

#include <dlfcn.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/workers.hpp"
#include "core/client.hpp"
#include "core/plugin.hpp"
#include "core/plugin_search.hpp"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace pje {

namespace {

// Plugins are kept on purpose; the leak checker must not count what belongs to them.
class KeptForEver {
 public:
#ifdef __SANITIZE_ADDRESS__
  KeptForEver() { __lsan_disable(); }
  ~KeptForEver() { __lsan_enable(); }
#else
  KeptForEver() {}
#endif
  KeptForEver(const KeptForEver &) = delete;
  KeptForEver &operator=(const KeptForEver &) = delete;
};

// What makes two paths the same plugin; a table given by the caller is known by its address.
struct Key {
  uint64_t device;
  uint64_t inode;
  const void *table;
  auto operator<=>(const Key &) const = default;
};

struct Entry {
  bool loading = true;
  Plugin *plugin = nullptr;
  std::string sha256;
};

struct Registry {
  Mutex mutex;
  Condition changed;
  std::map<Key, Entry> entries;
};

Registry &registry() {
  static Registry &instance = *new Registry;
  return instance;
}

struct ForkNode {
  const Plugin *plugin;
  ForkNode *next;
};

// Read in a child between fork and its first call, where no lock can be trusted.
std::atomic<ForkNode *> plugins_with_clients{nullptr};

void disable_plugins_in_child() noexcept {
  Workers::forget_after_fork();
  ExitWait::forget_after_fork();
  if (plugins_with_clients.load() != nullptr) lost_processes.fetch_add(1);
  for (ForkNode *node = plugins_with_clients.load(); node != nullptr; node = node->next)
    const_cast<abi::Api &>(node->plugin->api()).disable_after_fork();
  Client::disable_all_after_fork();
}

void watch_forks() {
  static const int registered = pthread_atfork(nullptr, nullptr, &disable_plugins_in_child);
  (void)registered;
}

// Holds the place of a load in progress; whoever else asks for the same file waits for its end.
class LoadTurn {
 public:
  explicit LoadTurn(const Key &key) : key_(key) {
    Registry &r = registry();
    Lock lock(r.mutex);
    r.changed.wait(lock, [&] {
      auto found = r.entries.find(key_);
      return found == r.entries.end() || !found->second.loading;
    });
    auto [entry, mine] = r.entries.try_emplace(key_);
    mine_ = mine;
    if (!mine) {
      loaded_ = entry->second.plugin;
      sha256_ = entry->second.sha256;
    }
  }
  ~LoadTurn() {
    if (!mine_) return;
    Registry &r = registry();
    Lock lock(r.mutex);
    if (loaded_ == nullptr)
      r.entries.erase(key_);
    else
      r.entries[key_] = {false, loaded_, sha256_};
    r.changed.notify_all();
  }
  LoadTurn(const LoadTurn &) = delete;
  LoadTurn &operator=(const LoadTurn &) = delete;

  Plugin *loaded() const noexcept { return loaded_; }
  const std::string &sha256() const noexcept { return sha256_; }
  void done(Plugin *plugin, std::string sha256) {
    loaded_ = plugin;
    sha256_ = std::move(sha256);
  }

 private:
  Key key_;
  bool mine_ = false;
  Plugin *loaded_ = nullptr;
  std::string sha256_;
};

Result<Ref<Plugin>> start(const PJRT_Api *api, const std::string &path, LoadedObjects before) {
  PJE_TRY(abi::Api::check(api, path));
  KeptForEver kept;
  watch_forks();
  Ref<Plugin> plugin = make<Plugin>(api, path, std::move(before));
  PJE_TRY(plugin->initialize());
  return plugin;
}

Status check_file(const std::string &path, const struct stat &info) {
  if (!S_ISREG(info.st_mode))
    return invalid_argument(concat(path, ": expected a shared object, not a folder or device"));
  std::array<char, 4> magic{};
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return failure(PJE_PERMISSION_DENIED, concat(path, ": cannot be read: expected a shared object"));
  file.read(magic.data(), magic.size());
  if (std::memcmp(magic.data(), "\177ELF", 4) != 0)
    return invalid_argument(
        concat(path, ": is not an ELF file: expected a shared object that exports GetPjrtApi"));
  return {};
}

Result<std::string> pinned_hash(const std::string &path, const std::string &wanted) {
  if (wanted.empty()) return std::string();
  std::string lower = wanted;
  for (char &c : lower) c = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
  if (lower.size() != 64 || lower.find_first_not_of("0123456789abcdef") != std::string::npos)
    return invalid_argument("pje_plugin_options.sha256: expected 64 hexadecimal digits");
  PJE_ASSIGN(std::string found, sha256_of_file(path));
  if (found != lower)
    return invalid_argument(
        concat(path, ": sha256 is ", found, ": expected ", lower, "; the file is not the pinned one"));
  return lower;
}

// Without this variable libtpu asks a metadata server for minutes when it is loaded outside a TPU VM.
void spare_metadata_queries(const std::string &path) {
  bool is_tpu = path.find("/libtpu") != std::string::npos;
  bool has_tpu = access("/dev/accel0", F_OK) == 0 || access("/dev/vfio/0", F_OK) == 0;
  if (is_tpu && !has_tpu) setenv("TPU_SKIP_MDS_QUERY", "1", 0);
}

Result<const PJRT_Api *> open_table(const std::string &path) {
  spare_metadata_queries(path);
  assert_no_lock_held();
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    const char *why = dlerror();
    return invalid_argument(concat(path, ": cannot be loaded: ", why == nullptr ? "unknown reason" : why));
  }
  auto get = reinterpret_cast<const PJRT_Api *(*)()>(dlsym(library, "GetPjrtApi"));
  if (get == nullptr)
    return invalid_argument(concat(path, ": exports no GetPjrtApi: expected a PJRT plugin"));
  return get();
}

Result<Ref<Plugin>> load_file(const std::string &given, const PluginOptions &options) {
  char *resolved = realpath(given.c_str(), nullptr);
  if (resolved == nullptr)
    return failure(errno == EACCES ? PJE_PERMISSION_DENIED : PJE_NOT_FOUND,
                   concat(given, ": ", std::strerror(errno), ": expected a plugin's shared object"));
  std::string path = resolved;
  std::free(resolved);
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return failure(PJE_NOT_FOUND, concat(path, ": ", std::strerror(errno)));
  PJE_TRY(check_file(path, info));
  LoadTurn turn({info.st_dev, info.st_ino, nullptr});
  if (turn.loaded() != nullptr) {
    if (!options.sha256.empty() && turn.sha256() != options.sha256) {
      if (!turn.sha256().empty())
        return failure(PJE_FAILED_PRECONDITION, concat(path, ": already loaded with another sha256"));
      PJE_ASSIGN(std::string checked, pinned_hash(path, options.sha256));
    }
    return Ref<Plugin>::share(turn.loaded());
  }
  PJE_ASSIGN(std::string sha256, pinned_hash(path, options.sha256));
  LoadedObjects before = LoadedObjects::now();
  SignalGuard guard(before);
  PJE_ASSIGN(const PJRT_Api *api, open_table(path));
  PJE_ASSIGN(Ref<Plugin> plugin, start(api, path, before));
  turn.done(Ref<Plugin>(plugin).leak(), std::move(sha256));
  return plugin;
}

}  // namespace

Result<Ref<Plugin>> Plugin::load(const std::string &name_or_path, const PluginOptions &options) {
  if (name_or_path.find('/') != std::string::npos) return load_file(name_or_path, options);
  PJE_ASSIGN(std::string path, find_plugin(name_or_path, options.search_paths));
  return load_file(path, options);
}

Result<Ref<Plugin>> Plugin::from_api(const PJRT_Api *api) {
  PJE_TRY(abi::Api::check(api, ""));
  LoadTurn turn({0, 0, api});
  if (turn.loaded() != nullptr) return Ref<Plugin>::share(turn.loaded());
  PJE_ASSIGN(Ref<Plugin> plugin, start(api, "", LoadedObjects::now()));
  turn.done(Ref<Plugin>(plugin).leak(), "");
  return plugin;
}

void Plugin::note_client() const noexcept {
  for (ForkNode *node = plugins_with_clients.load(); node != nullptr; node = node->next)
    if (node->plugin == this) return;
  auto *node = new (std::nothrow) ForkNode{this, plugins_with_clients.load()};
  if (node == nullptr) return;
  while (!plugins_with_clients.compare_exchange_weak(node->next, node)) {
  }
}

}  // namespace pje
