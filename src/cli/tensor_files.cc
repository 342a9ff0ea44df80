#include "cli/tensor_files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <utility>

namespace pje::cli {

namespace {

constexpr std::string_view kDeviceNumber = "%d";

bool exists(const std::string &path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

std::vector<std::string> split_spec(const std::string &spec, size_t num_devices) {
  if (exists(spec)) return {spec};
  std::vector<std::string> parts;
  if (has_device_number(spec)) {
    for (size_t device = 0; device < num_devices; ++device) parts.push_back(with_device_number(spec, device));
    return parts;
  }
  for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = spec.find(',', begin);
    parts.push_back(spec.substr(begin, end - begin));
  }
  return parts;
}

// Whether a file of type `stored` may silently be taken as `wanted`: bits of a type that NumPy lacks.
// Anything else of equal size is more likely the wrong file.
bool carries_bits_of(pje_dtype stored, pje_dtype wanted) {
  if (pje_dtype_host_size(stored) != pje_dtype_host_size(wanted)) return false;
  if (stored == PJE_S8) return pje_dtype_bits(wanted) < 8 && pje_dtype_kind_of(wanted) == PJE_KIND_SIGNED;
  if (stored != PJE_U8 && stored != PJE_U16) return false;
  return pje_dtype_bits(wanted) < 8 || pje_dtype_kind_of(wanted) == PJE_KIND_FLOAT;
}

}  // namespace

bool has_device_number(const std::string &name) { return name.find(kDeviceNumber) != std::string::npos; }

std::string with_device_number(std::string name, size_t device) {
  const std::string number = std::to_string(device);
  for (size_t at = name.find(kDeviceNumber); at != std::string::npos; at = name.find(kDeviceNumber, at))
    name.replace(at, kDeviceNumber.size(), number);
  return name;
}

void check_output_folder(const std::string &file) {
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  std::error_code ignored;
  if (folder.empty() || std::filesystem::is_directory(folder, ignored)) return;
  throw Failure(fmt::format("--output {}: there is no folder {}; make it first", file, folder.string()));
}

Tensor::Tensor(const char *option, size_t index, const std::string &spec, size_t num_devices)
    : label_(fmt::format("{} {} ({})", option, index, spec)) {
  const std::vector<std::string> parts = split_spec(spec, num_devices);
  if (parts.size() != 1 && parts.size() != num_devices)
    throw Failure(fmt::format("{}: {} files for {} devices; give one for all or one for each", label_,
                              parts.size(), num_devices));
  for (const std::string &part : parts) files_.push_back(load(part));
}

Tensor::File Tensor::load(const std::string &part) const {
  File file;
  std::string path = part;
  pje_dtype dtype = PJE_DTYPE_INVALID;
  const size_t colon = part.rfind(':');
  if (colon != std::string::npos && !exists(part)) {
    const std::string name = part.substr(colon + 1);
    path.resize(colon);
    file.dtype_given = pje_dtype_from_name(name.c_str(), &dtype);
    if (!file.dtype_given && exists(path))
      throw Failure(fmt::format("{}: '{}' is not an element type such as bf16 or f8e4m3fn", label_, name));
    if (!file.dtype_given) path = part;
  }
  file.array = make<Array>(pje_array_load_npy, path.c_str());
  if (file.dtype_given) file.array = make<Array>(pje_array_reinterpret, file.array.get(), dtype);
  return file;
}

void Tensor::settle_dtype(pje_dtype dtype) {
  for (File &file : files_) {
    if (file.dtype_given || !carries_bits_of(pje_array_dtype(file.array.get()), dtype)) continue;
    file.array = make<Array>(pje_array_reinterpret, file.array.get(), dtype);
  }
}

pje_array *Tensor::of_device(size_t device) const {
  return files_[files_.size() == 1 ? 0 : device].array.get();
}

}  // namespace pje::cli
