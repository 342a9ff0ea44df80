// How an array is spread over the partitions of a program: in tiles of equal size, or as a copy on each.
#pragma once

#include <string_view>

#include "tensor.hpp"

namespace fake {

struct Sharding {
  // Tiles in each dimension, one partition each in row-major order; empty: every partition has it all.
  Dims tiles;
};

// "", "{replicated}" and "{devices=[2,1]<=[2]}"; false for what is not among them.
bool ReadSharding(std::string_view text, Sharding *sharding);
// The dimensions of one tile; false when the tiles are not of equal size or not one for each partition.
bool TileDims(const Sharding &sharding, size_t partitions, const Dims &dims, Dims *tile);
// `shards` has one array per partition.
TensorPtr Gather(const Sharding &sharding, const TensorType &whole, const std::vector<TensorPtr> &shards);
TensorPtr Slice(const Sharding &sharding, const Tensor &whole, size_t partition);

}  // namespace fake
