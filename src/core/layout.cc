#include "core/layout.hpp"

#include <algorithm>
#include <limits>

#include "base/dtype.hpp"
#include "base/text.hpp"
#include "core/layout_text.hpp"

namespace pje {

namespace {

constexpr size_t kMaxTiles = 16;

Status check(const LayoutData &data) {
  if (data.rank() > kMaxRank)
    return invalid_argument(
        concat("the layout's rank is ", data.rank(), ": expected ", kMaxRank, " or less"));
  if (data.strided) return {};
  if (!is_permutation(data.minor_to_major))
    return invalid_argument(concat("minor_to_major is ", dims_text(data.minor_to_major),
                                   ": expected each of its dimensions once, from 0 on"));
  if (data.tiles.size() > kMaxTiles)
    return invalid_argument(
        concat("the layout has ", data.tiles.size(), " tiles: expected ", kMaxTiles, " or less"));
  for (const std::vector<int64_t> &tile : data.tiles) {
    bool sound = !tile.empty() && tile.size() <= kMaxRank &&
                 std::all_of(tile.begin(), tile.end(),
                             [](int64_t size) { return size >= 1 || size == kCombineDimension; });
    if (!sound)
      return invalid_argument(
          concat("the tile ", dims_text(tile), ": expected 1 to ", kMaxRank, " sizes of 1 or more"));
  }
  if (data.element_size_in_bits < 0 || data.memory_space < 0 || data.tail_padding < 1)
    return invalid_argument("a layout's element size, memory space and tail padding cannot be negative");
  return {};
}

class Hash {
 public:
  // FNV-1a over words: the same on every machine and in every version.
  void add(uint64_t word) noexcept {
    for (int i = 0; i < 8; ++i, word >>= 8) value_ = (value_ ^ (word & 0xFF)) * 0x100000001b3U;
  }
  void add(std::span<const int64_t> words) noexcept {
    add(words.size());
    for (int64_t word : words) add(static_cast<uint64_t>(word));
  }
  uint64_t value() const noexcept { return value_; }

 private:
  uint64_t value_ = 0xcbf29ce484222325U;
};

}  // namespace

Layout::Layout(LayoutData data) : data_(std::move(data)), text_(layout_text(data_)) {}

Result<Ref<Layout>> Layout::create(LayoutData data) {
  PJE_TRY(check(data));
  return make<Layout>(std::move(data));
}

Result<Ref<Layout>> Layout::parse_text(std::string_view text) {
  PJE_ASSIGN(LayoutData data, parse_layout_text(text));
  return create(std::move(data));
}

Result<Ref<Layout>> Layout::parse_message(std::string_view bytes) {
  PJE_ASSIGN(LayoutData data, parse_layout_message(bytes));
  return create(std::move(data));
}

Result<std::string> Layout::message() const {
  if (data_.strided)
    return failure(PJE_FAILED_PRECONDITION,
                   concat("the layout is ", text_, ": a LayoutProto holds no byte strides"));
  return layout_message(data_);
}

Result<Ref<Layout>> Layout::of_order(const ArrayType &type) {
  LayoutData data;
  data.minor_to_major.assign(type.order_span().begin(), type.order_span().end());
  return create(std::move(data));
}

Result<Ref<Layout>> Layout::of_dense_strides(const ArrayType &type, std::span<const int64_t> byte_strides) {
  LayoutData data;
  if (!order_of_dense_strides(type, byte_strides, &data.minor_to_major))
    return invalid_argument(concat("byte strides ", dims_text(byte_strides),
                                   ": expected those of a dense, not empty ", type.text(), " in some order"));
  return create(std::move(data));
}

uint64_t Layout::hash() const noexcept {
  Hash hash;
  hash.add(data_.strided ? 1 : 0);
  hash.add(data_.minor_to_major);
  hash.add(data_.byte_strides);
  hash.add(data_.tiles.size());
  for (const std::vector<int64_t> &tile : data_.tiles) hash.add(tile);
  for (int64_t number : {data_.element_size_in_bits, data_.memory_space, data_.tail_padding})
    hash.add(static_cast<uint64_t>(number));
  return hash.value();
}

Status check_layout_rank(const Layout &layout, const ArrayType &type) {
  if (layout.rank() == type.rank) return {};
  return invalid_argument(concat("the layout ", layout.text(), " has ", layout.rank(),
                                 " dimensions: expected ", type.rank, " for ", type.text()));
}

Result<std::vector<int64_t>> Layout::byte_strides(const ArrayType &type) const {
  PJE_TRY(check_layout_rank(*this, type));
  if (data_.strided) return data_.byte_strides;
  if (!data_.tiles.empty())
    return failure(PJE_FAILED_PRECONDITION, concat("the layout ", text_,
                                                   " is cut into tiles: no strides lead "
                                                   "from one element to the next"));
  return dense_strides_in_order(type, data_.minor_to_major);
}

Result<Placement> Layout::placement(const ArrayType &type) const {
  PJE_TRY(check_layout_rank(*this, type));
  if (data_.strided) return Placement::strided(type, data_.byte_strides);
  return Placement::tiled(type, data_.minor_to_major, data_.tiles);
}

bool Layout::dense_order(const ArrayType &type, std::vector<int64_t> *minor_to_major) const {
  if (rank() != type.rank) return false;
  if (data_.strided) return order_of_dense_strides(type, data_.byte_strides, minor_to_major);
  if (!data_.tiles.empty()) return false;
  *minor_to_major = data_.minor_to_major;
  return true;
}

const ArrayType *Layout::type_of(const ArrayType &type) const {
  std::vector<int64_t> order;
  return dense_order(type, &order) ? array_type_in_order(type, order) : &type;
}

Result<Ref<Layout>> Layout::from_abi(const PJRT_Buffer_MemoryLayout &given) {
  LayoutData data;
  if (given.type == PJRT_Buffer_MemoryLayout_Type_Strides) {
    data.strided = true;
    data.byte_strides.assign(given.strides.byte_strides,
                             given.strides.byte_strides + given.strides.num_byte_strides);
    return create(std::move(data));
  }
  if (given.type != PJRT_Buffer_MemoryLayout_Type_Tiled)
    return failure(PJE_INTERNAL,
                   concat("the plugin answered a layout of the unknown kind ", static_cast<int>(given.type)));
  const PJRT_Buffer_MemoryLayout_Tiled &tiled = given.tiled;
  if (tiled.minor_to_major_size > kMaxRank || tiled.num_tiles > kMaxTiles)
    return failure(PJE_INTERNAL, "the plugin answered a layout of impossible size");
  data.minor_to_major.assign(tiled.minor_to_major, tiled.minor_to_major + tiled.minor_to_major_size);
  const int64_t *next = tiled.tile_dims;
  for (size_t i = 0; i < tiled.num_tiles; ++i) {
    data.tiles.emplace_back(next, next + tiled.tile_dim_sizes[i]);
    next += tiled.tile_dim_sizes[i];
  }
  return create(std::move(data));
}

AbiLayout::AbiLayout(const abi::Api &api, const LayoutData &layout)
    : layout_(api.sized<PJRT_Buffer_MemoryLayout>()) {
  if (layout.strided) {
    numbers_ = layout.byte_strides;
    layout_.type = PJRT_Buffer_MemoryLayout_Type_Strides;
    layout_.strides.struct_size = api.size_of<PJRT_Buffer_MemoryLayout_Strides>();
    layout_.strides.byte_strides = numbers_.data();
    layout_.strides.num_byte_strides = numbers_.size();
    return;
  }
  numbers_ = layout.minor_to_major;
  point_at_order(api);
  for (const std::vector<int64_t> &tile : layout.tiles) {
    tile_dims_.insert(tile_dims_.end(), tile.begin(), tile.end());
    tile_sizes_.push_back(tile.size());
  }
  layout_.tiled.tile_dims = tile_dims_.data();
  layout_.tiled.tile_dim_sizes = tile_sizes_.data();
  layout_.tiled.num_tiles = tile_sizes_.size();
}

AbiLayout::AbiLayout(const abi::Api &api, std::vector<int64_t> minor_to_major)
    : layout_(api.sized<PJRT_Buffer_MemoryLayout>()), numbers_(std::move(minor_to_major)) {
  point_at_order(api);
}

void AbiLayout::point_at_order(const abi::Api &api) {
  layout_.type = PJRT_Buffer_MemoryLayout_Type_Tiled;
  layout_.tiled.struct_size = api.size_of<PJRT_Buffer_MemoryLayout_Tiled>();
  layout_.tiled.minor_to_major = numbers_.data();
  layout_.tiled.minor_to_major_size = numbers_.size();
}

}  // namespace pje
