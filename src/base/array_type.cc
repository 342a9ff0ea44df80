#include "base/array_type.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "base/checked.hpp"
#include "base/dtype.hpp"
#include "base/placement.hpp"
#include "base/text.hpp"

namespace pje {

namespace {

struct Node : ArrayType {
  uint64_t hash = 0;
  const Node *next = nullptr;
  std::unique_ptr<int64_t[]> numbers;  // dims, or minor_to_major
  // The same type in other orders, linked by `next`; of plain types.
  mutable std::atomic<const Node *> in_order{nullptr};
};

// Types are only ever added, so readers need no lock and nobody waits: upload and read-back look one up each.
constexpr size_t kNumBuckets = size_t{1} << 12;
constinit std::array<std::atomic<const Node *>, kNumBuckets> buckets{};

// What the thread asked for last: most ask for the same again.
[[gnu::tls_model("initial-exec")]] constinit thread_local const Node *last_of_thread = nullptr;

uint64_t mix(uint64_t hash, uint64_t value) noexcept {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29);
}

uint64_t hash_of(pje_dtype dtype, std::span<const int64_t> dims) noexcept {
  uint64_t hash = mix(dims.size() + 1, static_cast<uint64_t>(dtype));
  for (int64_t dim : dims) hash = mix(hash, static_cast<uint64_t>(dim));
  return hash;
}

// Looks from `first` up to, without, `end`.
template <class IsSame>
const Node *find(const Node *first, const Node *end, const IsSame &is_same) noexcept {
  for (const Node *node = first; node != end; node = node->next)
    if (is_same(*node)) return node;
  return nullptr;
}

struct Sizes {
  size_t num_elements = 0;
  size_t host_size = 0;
};

Result<Sizes> sizes_of(const DtypeInfo &info, std::span<const int64_t> dims) {
  int64_t elements = 1;
  bool empty = false;
  bool fits = true;
  for (size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] < 0)
      return invalid_argument(concat("argument \"dims\"[", i, "] is ", dims[i], ": expected 0 or more"));
    // A size of 0 must not hide an overflow of the others: strides are made of them.
    if (dims[i] == 0)
      empty = true;
    else
      fits = fits && checked_mul(elements, dims[i], &elements);
  }
  int64_t bytes = 0;
  fits = fits && checked_mul(elements, int64_t{std::max<uint8_t>(info.host_size, 1)}, &bytes);
  if (!fits)
    return invalid_argument(
        concat("argument \"dims\" is ", dims_text(dims), ": the size of ", info.name, " overflows 63 bits"));
  if (empty) return Sizes{};
  return Sizes{static_cast<size_t>(elements), info.host_size == 0 ? 0 : static_cast<size_t>(bytes)};
}

Result<std::unique_ptr<Node>> make_node(uint64_t hash, pje_dtype dtype, std::span<const int64_t> dims) {
  const DtypeInfo *info = dtype_info(dtype);
  if (info == nullptr)
    return invalid_argument(
        concat("argument \"dtype\" is ", static_cast<uint32_t>(dtype), ": expected an element type"));
  PJE_ASSIGN(Sizes sizes, sizes_of(*info, dims));
  auto node = std::make_unique<Node>();
  node->numbers = std::make_unique<int64_t[]>(std::max<size_t>(dims.size(), 1));
  std::ranges::copy(dims, node->numbers.get());
  node->hash = hash;
  node->dtype = dtype;
  node->rank = static_cast<uint32_t>(dims.size());
  node->dims = node->numbers.get();
  node->plain = node.get();
  node->num_elements = sizes.num_elements;
  node->host_size = sizes.host_size;
  return node;
}

}  // namespace

std::string ArrayType::text() const {
  return minor_to_major != nullptr ? text_in_order()
                                   : concat(dtype_info(dtype)->name, dims_text(dims_span()));
}

std::string ArrayType::text_in_order() const {
  std::vector<int64_t> by_rows = row_major_order(rank);
  std::string order = dims_text(minor_to_major != nullptr ? order_span() : by_rows);
  order.front() = '{';
  order.back() = '}';
  return concat(dtype_info(dtype)->name, dims_text(dims_span()), order);
}

namespace {

// The member of a list for which `is_same` holds, or else the node, which becomes one.
template <class IsSame>
const Node *find_or_add(std::atomic<const Node *> &list, std::unique_ptr<Node> node, const IsSame &is_same) {
  const Node *head = list.load(std::memory_order_acquire);
  const Node *seen = nullptr;
  for (;;) {
    if (const Node *known = find(head, seen, is_same)) return known;
    seen = node->next = head;
    if (list.compare_exchange_weak(head, node.get(), std::memory_order_release, std::memory_order_acquire))
      return node.release();
  }
}

}  // namespace

Result<const ArrayType *> intern_array_type(pje_dtype dtype, const int64_t *dims, size_t rank) {
  if (rank > kMaxRank)
    return invalid_argument(concat("argument \"rank\" is ", rank, ": expected at most ", kMaxRank));
  if (dims == nullptr && rank > 0)
    return invalid_argument(concat("argument \"dims\" is NULL: expected ", rank, " sizes"));
  std::span<const int64_t> given(dims, rank);
  const Node *last = last_of_thread;
  if (last != nullptr && last->dtype == dtype && last->rank == rank &&
      std::equal(given.begin(), given.end(), last->dims))
    return last;
  uint64_t hash = hash_of(dtype, given);
  std::atomic<const Node *> &bucket = buckets[hash % kNumBuckets];
  auto is_same = [&](const Node &node) {
    return node.hash == hash && node.dtype == dtype && std::ranges::equal(node.dims_span(), given);
  };
  const Node *known = find(bucket.load(std::memory_order_acquire), nullptr, is_same);
  if (known == nullptr) {
    PJE_ASSIGN(std::unique_ptr<Node> node, make_node(hash, dtype, given));
    known = find_or_add(bucket, std::move(node), is_same);
  }
  last_of_thread = known;
  return known;
}

bool walks_row_major(const ArrayType &type, std::span<const int64_t> minor_to_major) noexcept {
  int64_t before = type.rank;
  for (int64_t dim : minor_to_major) {
    if (type.dims[dim] == 1) continue;
    if (dim > before) return false;
    before = dim;
  }
  return true;
}

const ArrayType *array_type_in_order(const ArrayType &type, std::span<const int64_t> minor_to_major) {
  bool has_choice = type.num_elements > 0 &&
                    std::ranges::count_if(type.dims_span(), [](int64_t dim) { return dim != 1; }) > 1;
  if (!has_choice || (!minor_to_major.empty() && walks_row_major(type, minor_to_major))) return type.plain;
  auto node = std::make_unique<Node>();
  node->numbers = std::make_unique<int64_t[]>(type.rank);
  int64_t *end = std::ranges::copy(minor_to_major, node->numbers.get()).out;
  auto is_long = [&](int64_t dim) { return type.dims[dim] != 1; };
  std::sort(std::stable_partition(node->numbers.get(), end, is_long), end);
  static_cast<ArrayType &>(*node) = *type.plain;
  if (!minor_to_major.empty()) node->minor_to_major = node->numbers.get();
  auto is_same = [order = node->order_span()](const Node &known) {
    return std::ranges::equal(known.order_span(), order);
  };
  return find_or_add(static_cast<const Node *>(type.plain)->in_order, std::move(node), is_same);
}

}  // namespace pje
