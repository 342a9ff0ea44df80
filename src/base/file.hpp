// Whole files, with errors that name the file.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/status.hpp"

namespace pje {

// The error for what a system call left in errno: "<path>: <reason>".
Status file_failure(int error_number, const std::string &path);

// An open file that closes itself.
class File {
 public:
  File() noexcept = default;
  explicit File(int descriptor) noexcept : descriptor_(descriptor) {}
  File(File &&other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File &operator=(File &&other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~File();

  static Result<File> open_to_read(const std::string &path);

  int descriptor() const noexcept { return descriptor_; }
  // Bytes of a regular file, or -1 for a pipe, a device and the like.
  int64_t size() const noexcept;
  // Reads until `size` bytes came or the file ended; *count says how many.
  Status read(const std::string &path, void *data, size_t size, size_t *count) const;
  Status write(const std::string &path, const void *data, size_t size) const;
  // Closing is when some file systems report that the data did not fit.
  Status close(const std::string &path);

 private:
  int descriptor_ = -1;
};

Result<std::string> read_file(const std::string &path);

// Writes the parts, one behind the other. What was there before stays until all of it is written; links are
// followed; pipes and devices are written to as they are.
Status replace_file(const std::string &path, std::span<const std::string_view> parts);

}  // namespace pje
