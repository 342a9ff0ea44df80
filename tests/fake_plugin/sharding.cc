#include "sharding.hpp"

#include <charconv>
#include <numeric>

namespace fake {
namespace {

bool ReadInts(std::string_view *text, Dims *out) {
  if (!text->starts_with('[')) return false;
  do {
    text->remove_prefix(1);
    int64_t value = 0;
    auto [stop, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || value < 1) return false;
    out->push_back(value);
    text->remove_prefix(static_cast<size_t>(stop - text->data()));
  } while (text->starts_with(','));
  if (!text->starts_with(']')) return false;
  text->remove_prefix(1);
  return true;
}

int64_t Product(const Dims &dims) {
  return std::accumulate(dims.begin(), dims.end(), int64_t{1}, std::multiplies<>());
}

// Where the tile of a partition begins, in elements of the whole array.
int64_t OffsetOf(const Sharding &sharding, const Dims &tile, const Dims &steps, size_t partition) {
  int64_t offset = 0;
  int64_t rest = static_cast<int64_t>(partition);
  for (size_t dim = tile.size(); dim-- > 0;) {
    offset += rest % sharding.tiles[dim] * tile[dim] * steps[dim];
    rest /= sharding.tiles[dim];
  }
  return offset;
}

Dims TileOf(const Sharding &sharding, const Dims &whole) {
  Dims tile = whole;
  for (size_t dim = 0; dim < tile.size(); ++dim) tile[dim] /= sharding.tiles[dim];
  return tile;
}

}  // namespace

bool ReadSharding(std::string_view text, Sharding *sharding) {
  if (text.empty() || text == "{replicated}") return true;
  constexpr std::string_view kDevices = "{devices=";
  if (!text.starts_with(kDevices)) return false;
  text.remove_prefix(kDevices.size());
  Dims in_order;
  if (!ReadInts(&text, &sharding->tiles) || !text.starts_with("<=")) return false;
  text.remove_prefix(2);
  return ReadInts(&text, &in_order) && text == "}" && in_order.size() == 1 &&
         in_order[0] == Product(sharding->tiles);
}

bool TileDims(const Sharding &sharding, size_t partitions, const Dims &dims, Dims *tile) {
  *tile = dims;
  if (sharding.tiles.empty()) return true;
  if (sharding.tiles.size() != dims.size() || Product(sharding.tiles) != static_cast<int64_t>(partitions))
    return false;
  for (size_t dim = 0; dim < dims.size(); ++dim)
    if (dims[dim] % sharding.tiles[dim] != 0) return false;
  *tile = TileOf(sharding, dims);
  return true;
}

TensorPtr Gather(const Sharding &sharding, const TensorType &whole, const std::vector<TensorPtr> &shards) {
  if (sharding.tiles.empty()) return shards.at(0);
  auto result = std::make_shared<Tensor>(MakeTensor(whole));
  Dims steps = RowMajorSteps(whole.dims);
  Dims tile = TileOf(sharding, whole.dims);
  std::visit(
      [&](auto &to) {
        for (size_t partition = 0; partition < shards.size(); ++partition) {
          const auto &from = std::get<std::decay_t<decltype(to)>>(shards[partition]->values);
          Walk(tile, steps, OffsetOf(sharding, tile, steps, partition),
               [&](size_t element, size_t at) { to[at] = from[element]; });
        }
      },
      result->values);
  return result;
}

TensorPtr Slice(const Sharding &sharding, const Tensor &whole, size_t partition) {
  if (sharding.tiles.empty()) return std::make_shared<const Tensor>(whole);
  Dims steps = RowMajorSteps(whole.type.dims);
  Dims tile = TileOf(sharding, whole.type.dims);
  auto result = std::make_shared<Tensor>(MakeTensor({whole.type.type, tile}));
  std::visit(
      [&](auto &to) {
        const auto &from = std::get<std::decay_t<decltype(to)>>(whole.values);
        Walk(tile, steps, OffsetOf(sharding, tile, steps, partition),
             [&](size_t element, size_t at) { to[element] = from[at]; });
      },
      result->values);
  return result;
}

}  // namespace fake
