#include "pjrt_easy/layout.h"

#include <algorithm>
#include <cstring>

#include "capi/guard.hpp"
#include "core/bytes.hpp"
#include "core/layout.hpp"

using pje::Bytes;
using pje::Layout;
using pje::LayoutData;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::capi::answered;
using pje::capi::clearing;
using pje::capi::guarded;

namespace {

// Lists are read only as far as a layout can have them, whatever length is given.
constexpr size_t kMostTiles = 1024;

Status read_order(const int64_t *minor_to_major, size_t rank, LayoutData *out) {
  if (rank > pje::kMaxRank)
    return pje::invalid_argument(
        pje::concat("argument \"rank\" is ", rank, ": expected ", pje::kMaxRank, " or less"));
  if (minor_to_major == nullptr)
    out->minor_to_major = pje::row_major_order(rank);
  else
    out->minor_to_major.assign(minor_to_major, minor_to_major + rank);
  return {};
}

Status read_tiles(const int64_t *tile_dims, const size_t *tile_ranks, size_t num_tiles, LayoutData *out) {
  if (num_tiles == 0) return {};
  PJE_NOT_NULL(tile_dims);
  PJE_NOT_NULL(tile_ranks);
  if (num_tiles > kMostTiles)
    return pje::invalid_argument(
        pje::concat("argument \"num_tiles\" is ", num_tiles, ": expected 16 or less"));
  for (size_t i = 0; i < num_tiles; ++i) {
    if (tile_ranks[i] > pje::kMaxRank)
      return pje::invalid_argument(
          pje::concat("tile ", i, " has ", tile_ranks[i], " sizes: expected ", pje::kMaxRank, " or less"));
    out->tiles.emplace_back(tile_dims, tile_dims + tile_ranks[i]);
    tile_dims += tile_ranks[i];
  }
  return {};
}

Status read_strides(const int64_t *byte_strides, size_t rank) {
  if (byte_strides == nullptr && rank > 0) return pje::invalid_argument("argument \"byte_strides\" is NULL");
  if (rank <= pje::kMaxRank) return {};
  return pje::invalid_argument(
      pje::concat("argument \"rank\" is ", rank, ": expected ", pje::kMaxRank, " or less"));
}

Status give(Result<Ref<Layout>> made, pje_layout **out) {
  if (!made.ok()) return std::move(made).status();
  *out = std::move(made).value().to_public();
  return {};
}

const int64_t *none() { return nullptr; }

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(Layout, pje_layout)

pje_error *pje_layout_create_tiled(const int64_t *minor_to_major, size_t rank, const int64_t *tile_dims,
                                   const size_t *tile_ranks, size_t num_tiles, pje_layout **out) noexcept {
  return guarded("pje_layout_create_tiled", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    LayoutData data;
    PJE_TRY(read_order(minor_to_major, rank, &data));
    PJE_TRY(read_tiles(tile_dims, tile_ranks, num_tiles, &data));
    return give(Layout::create(std::move(data)), out);
  });
}

pje_error *pje_layout_create_strided(const int64_t *byte_strides, size_t rank, pje_layout **out) noexcept {
  return guarded("pje_layout_create_strided", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_TRY(read_strides(byte_strides, rank));
    LayoutData data;
    data.strided = true;
    data.byte_strides.assign(byte_strides, byte_strides + rank);
    return give(Layout::create(std::move(data)), out);
  });
}

pje_error *pje_layout_from_byte_strides(pje_dtype dtype, const int64_t *dims, size_t rank,
                                        const int64_t *byte_strides, pje_layout **out) noexcept {
  return guarded("pje_layout_from_byte_strides", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_ASSIGN(const pje::ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    PJE_TRY(read_strides(byte_strides, rank));
    return give(Layout::of_dense_strides(*type, {byte_strides, rank}), out);
  });
}

pje_error *pje_layout_from_text(const char *text, pje_layout **out) noexcept {
  return guarded("pje_layout_from_text", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(text);
    return give(Layout::parse_text(text), out);
  });
}

pje_error *pje_layout_from_bytes(const void *data, size_t size, pje_layout **out) noexcept {
  return guarded("pje_layout_from_bytes", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    if (data == nullptr && size > 0) return pje::invalid_argument("argument \"data\" is NULL");
    return give(Layout::parse_message({static_cast<const char *>(data), size}), out);
  });
}

pje_error *pje_layout_copy(const pje_layout *layout, pje_layout **out) noexcept {
  constexpr const char *function = "pje_layout_copy";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Layout, source, layout);
    return give(Layout::create(source.data()), out);
  });
}

bool pje_layout_equal(const pje_layout *a, const pje_layout *b) noexcept {
  const Layout *other = answered<Layout>("pje_layout_equal", "b", b, static_cast<const Layout *>(nullptr),
                                         [](Layout &l) -> const Layout * { return &l; });
  return answered<Layout>("pje_layout_equal", "a", a, false,
                          [&](Layout &l) { return other != nullptr && l.data() == other->data(); });
}

uint64_t pje_layout_hash(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_hash", "layout", layout, uint64_t{0},
                          [](Layout &l) { return l.hash(); });
}

const char *pje_layout_to_text(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_to_text", "layout", layout, "",
                          [](Layout &l) { return l.text().c_str(); });
}

pje_error *pje_layout_serialize(const pje_layout *layout, pje_bytes **out) noexcept {
  constexpr const char *function = "pje_layout_serialize";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(Layout, source, layout);
    PJE_ASSIGN(std::string message, source.message());
    *out = pje::make<Bytes>(std::move(message)).to_public();
    return {};
  });
}

size_t pje_layout_rank(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_rank", "layout", layout, size_t{0}, [](Layout &l) { return l.rank(); });
}

bool pje_layout_is_strided(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_is_strided", "layout", layout, false,
                          [](Layout &l) { return l.data().strided; });
}

const int64_t *pje_layout_minor_to_major(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_minor_to_major", "layout", layout, none(), [](Layout &l) {
    return l.data().strided ? none() : l.data().minor_to_major.data();
  });
}

const int64_t *pje_layout_byte_strides(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_byte_strides", "layout", layout, none(),
                          [](Layout &l) { return l.data().strided ? l.data().byte_strides.data() : none(); });
}

size_t pje_layout_num_tiles(const pje_layout *layout) noexcept {
  return answered<Layout>("pje_layout_num_tiles", "layout", layout, size_t{0},
                          [](Layout &l) { return l.data().tiles.size(); });
}

const int64_t *pje_layout_tile(const pje_layout *layout, size_t index, size_t *rank) noexcept {
  return answered<Layout>("pje_layout_tile", "layout", layout, none(), [&](Layout &l) {
    const auto &tiles = l.data().tiles;
    if (index >= tiles.size()) return none();
    if (rank != nullptr) *rank = tiles[index].size();
    return tiles[index].data();
  });
}

pje_error *pje_layout_to_byte_strides(const pje_layout *layout, pje_dtype dtype, const int64_t *dims,
                                      size_t rank, int64_t *byte_strides) noexcept {
  constexpr const char *function = "pje_layout_to_byte_strides";
  return guarded(function, [&]() -> Status {
    PJE_HANDLE(Layout, source, layout);
    PJE_ASSIGN(const pje::ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    PJE_TRY(read_strides(byte_strides, rank));
    PJE_ASSIGN(std::vector<int64_t> strides, source.byte_strides(*type));
    std::copy(strides.begin(), strides.end(), byte_strides);
    return {};
  });
}

pje_error *pje_layout_host_size(const pje_layout *layout, pje_dtype dtype, const int64_t *dims, size_t rank,
                                size_t *size) noexcept {
  constexpr const char *function = "pje_layout_host_size";
  return guarded(function, clearing(size), [&]() -> Status {
    PJE_OUT(size);
    PJE_HANDLE(Layout, source, layout);
    PJE_ASSIGN(const pje::ArrayType *type, pje::intern_array_type(dtype, dims, rank));
    PJE_ASSIGN(pje::Placement placement, source.placement(*type));
    *size = placement.size();
    return {};
  });
}

}  // extern "C"
