#include "io/npy.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "base/dtype.hpp"
#include "base/file.hpp"
#include "base/strides.hpp"
#include "base/text.hpp"
#include "io/npy_header.hpp"

namespace pje {

namespace {

class Source {
 public:
  virtual ~Source() = default;
  // *count is less than `size` only at the end.
  virtual Status read(void *data, size_t size, size_t *count) = 0;
  // Bytes from begin to end, or -1 when that shows only in reading.
  virtual int64_t size() const = 0;
};

class FileSource final : public Source {
 public:
  FileSource(const std::string &path, File file) : path_(path), file_(std::move(file)) {}
  Status read(void *data, size_t size, size_t *count) override {
    return file_.read(path_, data, size, count);
  }
  int64_t size() const override { return file_.size(); }

 private:
  const std::string &path_;
  File file_;
};

class MemorySource final : public Source {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : rest_(bytes), size_(bytes.size()) {}
  Status read(void *data, size_t size, size_t *count) override {
    *count = std::min(size, rest_.size());
    if (*count > 0) std::memcpy(data, rest_.data(), *count);
    rest_ = rest_.subspan(*count);
    return {};
  }
  int64_t size() const override { return static_cast<int64_t>(size_); }

 private:
  std::span<const std::byte> rest_;
  size_t size_;
};

Status wrong_length(const std::string &name, const ArrayType &type, std::string_view found) {
  return invalid_argument(
      concat(name, ": ", found, " bytes of data: expected ", type.host_size, " for ", type.text()));
}

Result<NpyHeader> read_header(const std::string &name, Source &source, size_t *data_begin) {
  std::array<char, kNpyPreamble> first{};
  constexpr size_t kLeast = 10;
  size_t count = 0;
  PJE_TRY(source.read(first.data(), kLeast, &count));
  // Later versions have a longer preamble; reading on in version 1 would swallow the header's begin.
  constexpr size_t kMajor = 6;
  if (count == kLeast && first[kMajor] != 1) {
    size_t more = 0;
    PJE_TRY(source.read(first.data() + kLeast, first.size() - kLeast, &more));
    count += more;
  }
  PJE_ASSIGN(NpyPreamble preamble, parse_npy_preamble(name, {first.data(), count}));
  std::string text(preamble.header_size, '\0');
  PJE_TRY(source.read(text.data(), text.size(), &count));
  if (count < text.size()) return invalid_argument(concat(name, ": the header is cut short"));
  *data_begin = preamble.header_begin + preamble.header_size;
  return parse_npy_header(name, text);
}

Result<Ref<Array>> to_row_major(const Array &array, const ArrayType *type) {
  std::vector<int64_t> minor_to_major(type->rank);
  for (size_t i = 0; i < minor_to_major.size(); ++i) minor_to_major[i] = static_cast<int64_t>(i);
  PJE_ASSIGN(Ref<Array> ordered, Array::create(type));
  PJE_TRY(reorder_to_row_major(array.data(), ordered->data(), dtype_info(type->dtype)->host_size,
                               type->dims_span(), minor_to_major));
  return ordered;
}

Result<Ref<Array>> load(const std::string &name, Source &source) {
  size_t data_begin = 0;
  PJE_ASSIGN(NpyHeader header, read_header(name, source, &data_begin));
  const ArrayType &type = *header.type;
  // Compared before memory is taken: a damaged header may ask for any amount.
  int64_t size = source.size();
  if (size >= 0 && static_cast<uint64_t>(size) != data_begin + type.host_size)
    return wrong_length(name, type, std::to_string(size - static_cast<int64_t>(data_begin)));
  PJE_ASSIGN(Ref<Array> array, Array::create(header.type));
  size_t count = 0;
  PJE_TRY(source.read(array->data(), array->size(), &count));
  if (count < array->size()) return wrong_length(name, type, std::to_string(count));
  char extra = 0;
  PJE_TRY(source.read(&extra, 1, &count));
  if (count > 0) return wrong_length(name, type, concat("more than ", type.host_size));
  if (!header.fortran_order || type.rank < 2) return array;
  return to_row_major(*array, header.type);
}

}  // namespace

Result<Ref<Array>> load_npy(const std::string &path) {
  PJE_ASSIGN(File file, File::open_to_read(path));
  FileSource source(path, std::move(file));
  return load(path, source);
}

Result<Ref<Array>> load_npy(const std::string &name, std::span<const std::byte> bytes) {
  MemorySource source(bytes);
  return load(name, source);
}

Status save_npy(const Array &array, const std::string &path) {
  std::string header = make_npy_header(*array.type());
  std::array<std::string_view, 2> parts = {
      header, std::string_view(static_cast<const char *>(array.data()), array.size())};
  return replace_file(path, parts);
}

}  // namespace pje
