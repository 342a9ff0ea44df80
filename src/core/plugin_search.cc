#include "core/plugin_search.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/text.hpp"

namespace pje {

namespace {

class Search {
 public:
  explicit Search(const std::string &name) : name_(name) {}

  // Tries both spellings of the file in a folder; true once one is there.
  bool folder(std::string_view source, std::string_view folder) {
    if (folder.empty() || folder.front() != '/') {
      tried_ += concat("\n  ", source, ": \"", folder, "\": expected an absolute folder");
      return false;
    }
    for (const char *pattern : {"libpjrt_%.so", "pjrt_c_api_%_plugin.so"}) {
      std::string file = pattern;
      file.replace(file.find('%'), 1, name_);
      if (path(source, concat(folder, "/", file))) return true;
    }
    return false;
  }

  bool path(std::string_view source, std::string candidate) {
    if (access(candidate.c_str(), F_OK) == 0) {
      found_ = std::move(candidate);
      return true;
    }
    tried_ += concat("\n  ", source, ": ", candidate, ": ", std::strerror(errno));
    return false;
  }

  void note(std::string_view text) { tried_ += concat("\n  ", text); }

  const std::string &found() const { return found_; }
  const std::string &tried() const { return tried_; }

 private:
  const std::string &name_;
  std::string found_;
  std::string tried_;
};

template <class Each>
bool any_part(std::string_view list, char separator, Each each) {
  while (!list.empty()) {
    size_t end = list.find(separator);
    std::string_view part = list.substr(0, end);
    if (!part.empty() && each(part)) return true;
    if (end == std::string_view::npos) break;
    list.remove_prefix(end + 1);
  }
  return false;
}

bool in_environment_folders(Search &search) {
  const char *folders = secure_getenv("PJE_PLUGIN_PATH");
  if (folders == nullptr) {
    search.note("PJE_PLUGIN_PATH: not set");
    return false;
  }
  return any_part(folders, ':',
                  [&](std::string_view part) { return search.folder("PJE_PLUGIN_PATH", part); });
}

// "name:path,name:path", as JAX reads it; a path may hold colons of its own.
bool in_environment_names(Search &search, std::string_view name) {
  constexpr std::string_view kVariable = "PJRT_NAMES_AND_LIBRARY_PATHS";
  const char *pairs = secure_getenv(kVariable.data());
  if (pairs == nullptr) {
    search.note(concat(kVariable, ": not set"));
    return false;
  }
  return any_part(pairs, ',', [&](std::string_view pair) {
    size_t colon = pair.find(':');
    if (colon == std::string_view::npos || pair.substr(0, colon) != name) {
      search.note(concat(kVariable, ": \"", pair, "\": another name"));
      return false;
    }
    std::string_view path = pair.substr(colon + 1);
    if (path.empty() || path.front() != '/') {
      search.note(concat(kVariable, ": \"", pair, "\": expected an absolute path"));
      return false;
    }
    return search.path(kVariable, std::string(path));
  });
}

bool is_plain_name(std::string_view name) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.";
  return !name.empty() && name.front() != '.' && name.find_first_not_of(kLetters) == std::string_view::npos;
}

}  // namespace

Result<std::string> find_plugin(const std::string &name, const std::vector<std::string> &search_paths) {
  if (!is_plain_name(name))
    return invalid_argument(
        concat("plugin name \"", name, "\": expected a name such as cpu, or a path with a slash"));
  Search search(name);
  for (const std::string &folder : search_paths)
    if (search.folder("search_paths", folder)) return search.found();
  if (in_environment_folders(search) || in_environment_names(search, name)) return search.found();
  return failure(PJE_NOT_FOUND, concat("no plugin named \"", name,
                                       "\": give its path, or set PJE_PLUGIN_PATH to the folder of libpjrt_",
                                       name, ".so; looked at:", search.tried()));
}

}  // namespace pje
