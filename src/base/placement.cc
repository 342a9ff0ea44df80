#include "base/placement.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>

#include "base/checked.hpp"
#include "base/dtype.hpp"
#include "base/strides.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

// An axis that a tile of more dimensions than the array is put on.
constexpr size_t kNoDimension = SIZE_MAX;

Status check_order(const ArrayType &type, std::span<const int64_t> minor_to_major) {
  if (minor_to_major.size() == type.rank && is_permutation(minor_to_major)) return {};
  return invalid_argument(concat("minor_to_major is ", dims_text(minor_to_major),
                                 ": expected a permutation of the ", type.rank, " dimensions of ",
                                 type.text()));
}

uint64_t magnitude(int64_t stride) noexcept {
  return stride < 0 ? uint64_t{0} - static_cast<uint64_t>(stride) : static_cast<uint64_t>(stride);
}

// Each stride has to step over everything that the smaller ones reach.
bool may_overlap(const ArrayType &type, std::span<const int64_t> strides) noexcept {
  std::array<size_t, kMaxRank> order{};
  std::iota(order.begin(), order.begin() + type.rank, size_t{0});
  std::sort(order.begin(), order.begin() + type.rank,
            [&](size_t a, size_t b) { return magnitude(strides[a]) < magnitude(strides[b]); });
  uint64_t reach = dtype_info(type.dtype)->host_size;
  for (size_t i = 0; i < type.rank; ++i) {
    size_t dim = order[i];
    if (type.dims[dim] <= 1) continue;
    if (magnitude(strides[dim]) < reach) return true;
    reach += magnitude(strides[dim]) * (static_cast<uint64_t>(type.dims[dim]) - 1);
  }
  return false;
}

}  // namespace

bool is_permutation(std::span<const int64_t> order) noexcept {
  if (order.size() > kMaxRank) return false;
  std::array<bool, kMaxRank> seen{};
  for (int64_t dim : order) {
    if (dim < 0 || dim >= static_cast<int64_t>(order.size()) || seen[static_cast<size_t>(dim)]) return false;
    seen[static_cast<size_t>(dim)] = true;
  }
  return true;
}

std::vector<int64_t> row_major_order(size_t rank) {
  std::vector<int64_t> minor_to_major(rank);
  std::iota(minor_to_major.rbegin(), minor_to_major.rend(), 0);
  return minor_to_major;
}

bool is_row_major(std::span<const int64_t> minor_to_major) noexcept {
  for (size_t i = 0; i < minor_to_major.size(); ++i)
    if (minor_to_major[i] != static_cast<int64_t>(minor_to_major.size() - 1 - i)) return false;
  return true;
}

Result<std::vector<int64_t>> dense_strides_in_order(const ArrayType &type,
                                                    std::span<const int64_t> minor_to_major) {
  PJE_TRY(check_order(type, minor_to_major));
  std::vector<int64_t> strides(type.rank);
  int64_t step = dtype_info(type.dtype)->host_size;
  for (int64_t dim : minor_to_major) {
    strides[static_cast<size_t>(dim)] = step;
    step *= type.dims[dim];
  }
  return strides;
}

bool order_of_dense_strides(const ArrayType &type, std::span<const int64_t> byte_strides,
                            std::vector<int64_t> *minor_to_major) {
  if (byte_strides.size() != type.rank || type.num_elements == 0) return false;
  *minor_to_major = row_major_order(type.rank);
  std::vector<int64_t> used;
  for (int64_t dim : *minor_to_major)
    if (type.dims[dim] > 1) used.push_back(dim);
  std::stable_sort(used.begin(), used.end(), [&](int64_t a, int64_t b) {
    return byte_strides[static_cast<size_t>(a)] < byte_strides[static_cast<size_t>(b)];
  });
  int64_t step = dtype_info(type.dtype)->host_size;
  for (int64_t dim : used) {
    if (byte_strides[static_cast<size_t>(dim)] != step) return false;
    step *= type.dims[dim];
  }
  // Those of size 1 keep their places, the others fill the rest.
  auto next = used.begin();
  for (int64_t &dim : *minor_to_major)
    if (type.dims[dim] > 1) dim = *next++;
  return true;
}

Result<Placement> Placement::strided(const ArrayType &type, std::span<const int64_t> byte_strides) {
  if (byte_strides.size() != type.rank)
    return invalid_argument(
        concat("byte strides: got ", byte_strides.size(), ", expected ", type.rank, " for ", type.text()));
  StrideBounds bounds;
  int64_t size = 0;
  if (!stride_bounds(type, byte_strides, &bounds) || __builtin_sub_overflow(bounds.max, bounds.min, &size))
    return invalid_argument(
        concat("byte strides ", dims_text(byte_strides), " of ", type.text(), " overflow 63 bits"));
  if (type.num_elements > 0 && may_overlap(type, byte_strides))
    return invalid_argument(concat("byte strides ", dims_text(byte_strides), " of ", type.text(),
                                   ": expected each to step over what the smaller ones reach"));
  Placement made;
  made.type_ = &type;
  made.element_size_ = dtype_info(type.dtype)->host_size;
  made.size_ = static_cast<size_t>(size);
  made.first_ = static_cast<size_t>(-bounds.min);
  for (int64_t stride : byte_strides) {
    Piece piece;
    piece.stride = stride;
    made.pieces_.push_back({std::move(piece)});
  }
  return made;
}

Status Placement::cut(std::vector<Axis> &axes, std::span<const int64_t> tile) {
  while (axes.size() < tile.size()) axes.insert(axes.begin(), Axis{kNoDimension, 1, {}});
  size_t begin = axes.size() - tile.size();
  std::vector<Axis> inner;
  for (size_t i = 0; i < tile.size(); ++i) {
    Axis &outer = axes[begin + i];
    if (tile[i] == kCombineDimension)
      return failure(PJE_UNIMPLEMENTED,
                     "a tile that merges dimensions (\"*\"): only the plugin knows its order");
    if (tile[i] < 1) return invalid_argument(concat("a tile size is ", tile[i], ": expected 1 or more"));
    inner.push_back({outer.dim, tile[i], outer.steps});
    inner.back().steps.push_back({1, tile[i]});
    outer.steps.push_back({tile[i], 0});
    outer.extent = outer.extent / tile[i] + (outer.extent % tile[i] != 0);
  }
  axes.insert(axes.end(), inner.begin(), inner.end());
  return {};
}

Result<Placement> Placement::tiled(const ArrayType &type, std::span<const int64_t> minor_to_major,
                                   std::span<const std::vector<int64_t>> tiles) {
  PJE_TRY(check_order(type, minor_to_major));
  std::vector<Axis> axes;
  for (size_t i = type.rank; i-- > 0;) {
    auto dim = static_cast<size_t>(minor_to_major[i]);
    axes.push_back({dim, type.dims[dim], {}});
  }
  for (const std::vector<int64_t> &tile : tiles) PJE_TRY(cut(axes, tile));
  Placement made;
  made.type_ = &type;
  made.element_size_ = dtype_info(type.dtype)->host_size;
  made.pieces_.resize(type.rank);
  if (type.num_elements == 0) return made;
  int64_t stride = dtype_info(type.dtype)->host_size;
  for (size_t i = axes.size(); i-- > 0;) {
    Axis &axis = axes[i];
    if (axis.dim != kNoDimension) made.pieces_[axis.dim].push_back({std::move(axis.steps), stride});
    if (!checked_mul(stride, axis.extent, &stride))
      return invalid_argument(concat("the tiles of ", type.text(), " pad it to more than 63 bits can count"));
  }
  made.size_ = static_cast<size_t>(stride);
  return made;
}

int64_t Placement::Piece::offset_of(int64_t index) const noexcept {
  for (const Step &step : steps) {
    index /= step.divisor;
    if (step.modulus != 0) index %= step.modulus;
  }
  return index * stride;
}

int64_t Placement::offset_of(size_t dim, int64_t index) const noexcept {
  int64_t offset = 0;
  for (const Piece &piece : pieces_[dim]) offset += piece.offset_of(index);
  return offset;
}

// Calls copy(offset in the dense array, offset in the placed one) for each element.
template <class Copy>
void Placement::for_each(Copy copy) const noexcept {
  if (type_->num_elements == 0) return;
  std::array<int64_t, kMaxRank> index{};
  // The sum over the dimensions before, so that a step changes only what it touches.
  std::array<int64_t, kMaxRank + 1> sums{};
  size_t rank = type_->rank;
  for (size_t dense = 0;; dense += element_size_) {
    copy(dense, sums[rank]);
    size_t dim = rank;
    for (;; --dim) {
      if (dim == 0) return;
      if (++index[dim - 1] < type_->dims[dim - 1]) break;
      index[dim - 1] = 0;
    }
    for (size_t i = dim - 1; i < rank; ++i) sums[i + 1] = sums[i] + offset_of(i, index[i]);
  }
}

void Placement::scatter(const void *dense, void *placed) const noexcept {
  const auto *from = static_cast<const std::byte *>(dense);
  auto *to = static_cast<std::byte *>(placed);
  for_each([=, this](size_t at, int64_t offset) { std::memcpy(to + offset, from + at, element_size_); });
}

void Placement::gather(const void *placed, void *dense) const noexcept {
  const auto *from = static_cast<const std::byte *>(placed);
  auto *to = static_cast<std::byte *>(dense);
  for_each([=, this](size_t at, int64_t offset) { std::memcpy(to + at, from + offset, element_size_); });
}

}  // namespace pje
