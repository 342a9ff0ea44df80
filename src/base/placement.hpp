// Where each element of an array lies in memory: at byte strides, or in tiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/array_type.hpp"
#include "base/status.hpp"

namespace pje {

// What a tile size stands for when its dimension is merged with the next one; XLA's number.
inline constexpr int64_t kCombineDimension = INT64_MIN;

// Whether `order` holds each of the dimensions 0 to its size - 1 once.
bool is_permutation(std::span<const int64_t> order) noexcept;
// The last dimension varies fastest, the first one slowest.
std::vector<int64_t> row_major_order(size_t rank);
bool is_row_major(std::span<const int64_t> minor_to_major) noexcept;

// Bytes from one index to the next in each dimension of a dense array in the given order. INVALID_ARGUMENT
// for what is no permutation of the dimensions.
Result<std::vector<int64_t>> dense_strides_in_order(const ArrayType &type,
                                                    std::span<const int64_t> minor_to_major);

// The order of a dense array with these strides; false when they leave gaps, overlap or run backwards. Of
// dimensions whose stride says nothing, those of size 1, the order is the row-major one.
bool order_of_dense_strides(const ArrayType &type, std::span<const int64_t> byte_strides,
                            std::vector<int64_t> *minor_to_major);

// Offsets of elements are sums over the dimensions, so each is kept apart. A tile cuts a dimension's index
// into a quotient and a remainder, which the next tile may cut again.
class Placement {
 public:
  // INVALID_ARGUMENT: the number of strides, an overflow, elements that could overlap.
  static Result<Placement> strided(const ArrayType &type, std::span<const int64_t> byte_strides);
  // `tiles` apply one after the other, each to the fastest dimensions that the one before has left.
  static Result<Placement> tiled(const ArrayType &type, std::span<const int64_t> minor_to_major,
                                 std::span<const std::vector<int64_t>> tiles);

  // Bytes from the lowest address that is used to behind the highest, padding of tiles included.
  size_t size() const noexcept { return size_; }
  // Bytes by which the first element lies above the lowest address.
  size_t first() const noexcept { return first_; }
  // Between a dense row-major array and one placed like this. `placed` is where its first element lies;
  // padding is left as it is.
  void scatter(const void *dense, void *placed) const noexcept;
  void gather(const void *placed, void *dense) const noexcept;

 private:
  struct Step {
    int64_t divisor;
    int64_t modulus;  // 0: none
  };
  struct Piece {
    std::vector<Step> steps;
    int64_t stride = 0;
    int64_t offset_of(int64_t index) const noexcept;
  };
  struct Axis {
    size_t dim;
    int64_t extent;
    std::vector<Step> steps;
  };

  static Status cut(std::vector<Axis> &axes, std::span<const int64_t> tile);
  int64_t offset_of(size_t dim, int64_t index) const noexcept;
  template <class Copy>
  void for_each(Copy copy) const noexcept;

  const ArrayType *type_ = nullptr;
  size_t element_size_ = 0;
  size_t size_ = 0;
  size_t first_ = 0;
  std::vector<std::vector<Piece>> pieces_;  // of each dimension
};

}  // namespace pje
