#include "base/file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/text.hpp"

namespace pje {

namespace {

// What one read or write may move; the system takes no more than 2 GiB.
constexpr size_t kMaxTransfer = size_t{1} << 30;

pje_code code_of(int error_number) noexcept {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return PJE_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
      return PJE_PERMISSION_DENIED;
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP:
    case EINVAL:
      return PJE_INVALID_ARGUMENT;
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return PJE_RESOURCE_EXHAUSTED;
    default:
      return PJE_UNAVAILABLE;
  }
}

}  // namespace

Status file_failure(int error_number, const std::string &path) {
  return failure(code_of(error_number),
                 concat(path.empty() ? "\"\"" : path, ": ", std::generic_category().message(error_number)));
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<File> File::open_to_read(const std::string &path) {
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return file_failure(errno, path);
  File file(descriptor);
  struct stat info {};
  if (fstat(descriptor, &info) != 0) return file_failure(errno, path);
  if (S_ISDIR(info.st_mode)) return file_failure(EISDIR, path);
  return file;
}

int64_t File::size() const noexcept {
  struct stat info {};
  if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) return -1;
  return info.st_size;
}

Status File::read(const std::string &path, void *data, size_t size, size_t *count) const {
  *count = 0;
  while (*count < size) {
    ssize_t got =
        ::read(descriptor_, static_cast<char *>(data) + *count, std::min(size - *count, kMaxTransfer));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return file_failure(errno, path);
    if (got == 0) break;
    *count += static_cast<size_t>(got);
  }
  return {};
}

Status File::write(const std::string &path, const void *data, size_t size) const {
  size_t done = 0;
  while (done < size) {
    ssize_t put =
        ::write(descriptor_, static_cast<const char *>(data) + done, std::min(size - done, kMaxTransfer));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return file_failure(errno, path);
    done += static_cast<size_t>(put);
  }
  return {};
}

Status File::close(const std::string &path) {
  int descriptor = std::exchange(descriptor_, -1);
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) return file_failure(errno, path);
  return {};
}

namespace {

Status write_parts(File &file, const std::string &path, std::span<const std::string_view> parts) {
  for (std::string_view part : parts) PJE_TRY(file.write(path, part.data(), part.size()));
  return file.close(path);
}

// A file beside `path` that nobody else has.
Result<File> open_beside(const std::string &path, std::string *name) {
  static std::atomic<unsigned> counter{0};
  for (;;) {
    *name = concat(path, ".", getpid(), ".", counter.fetch_add(1, std::memory_order_relaxed), ".tmp");
    int descriptor = ::open(name->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return File(descriptor);
    if (errno != EEXIST) return file_failure(errno, path);
  }
}

}  // namespace

Status replace_file(const std::string &path, std::span<const std::string_view> parts) {
  struct stat info {};
  std::string target = path;
  if (stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) return file_failure(EISDIR, path);
    int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return file_failure(errno, path);
    File file(descriptor);
    if (!S_ISREG(info.st_mode)) return write_parts(file, path, parts);
    char *resolved = realpath(path.c_str(), nullptr);
    if (resolved == nullptr) return file_failure(errno, path);
    target = resolved;
    std::free(resolved);
  }
  std::string temporary;
  PJE_ASSIGN(File file, open_beside(target, &temporary));
  Status status = write_parts(file, path, parts);
  if (status.ok() && rename(temporary.c_str(), target.c_str()) != 0) status = file_failure(errno, path);
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

Result<std::string> read_file(const std::string &path) {
  PJE_ASSIGN(File file, File::open_to_read(path));
  constexpr size_t kStep = size_t{1} << 16;
  int64_t known = file.size();
  std::string contents;
  size_t filled = 0;
  for (;;) {
    // One byte more than is expected, so that the end of the file shows in the same read.
    size_t room = known > 0 && filled == 0 ? static_cast<size_t>(known) + 1 : std::max(kStep, filled);
    contents.resize(filled + room);
    size_t count = 0;
    PJE_TRY(file.read(path, contents.data() + filled, room, &count));
    filled += count;
    if (count < room) break;
  }
  contents.resize(filled);
  return contents;
}

}  // namespace pje
