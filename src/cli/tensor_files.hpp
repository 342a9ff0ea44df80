// The .npy files that inputs, outputs and expectations name.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "cli/handles.hpp"

namespace pje::cli {

// The arrays of one input or expectation: one for every device, or one that all share.
class Tensor {
 public:
  // `option` and `index` name it in messages: "--input 0". `spec` is FILE[:DTYPE], a comma list with one for
  // each device, or has %d for the device.
  Tensor(const char *option, size_t index, const std::string &spec, size_t num_devices);

  // Reads the elements as `dtype` where the file's own type merely carries bits, unless the spec names a
  // type.
  void settle_dtype(pje_dtype dtype);

  pje_array *of_device(size_t device) const;

  // "--expect 0 (y.npy)"
  const std::string &label() const { return label_; }

 private:
  struct File {
    Array array;
    bool dtype_given = false;
  };

  File load(const std::string &part) const;

  std::string label_;
  std::vector<File> files_;
};

// For an output or expectation that is not wanted.
inline constexpr const char *kNotWanted = "-";

bool has_device_number(const std::string &name);
std::string with_device_number(std::string name, size_t device);

// Throws when the folder of `file` is missing, so that this is known before a long compilation.
void check_output_folder(const std::string &file);

}  // namespace pje::cli
