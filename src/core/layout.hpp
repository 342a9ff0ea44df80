// Layouts: how the elements of an array are ordered in memory, whatever its size.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "abi/call.hpp"
#include "base/object.hpp"
#include "base/placement.hpp"
#include "base/status.hpp"

namespace pje {

// Either an order of dimensions, perhaps cut into tiles, or byte strides. Never changes.
struct LayoutData {
  bool strided = false;
  std::vector<int64_t> minor_to_major;
  std::vector<std::vector<int64_t>> tiles;
  std::vector<int64_t> byte_strides;
  // Only in text and message: the ABI has no place for them.
  int64_t element_size_in_bits = 0;
  int64_t memory_space = 0;
  int64_t tail_padding = 1;

  bool operator==(const LayoutData &) const = default;
  size_t rank() const noexcept { return strided ? byte_strides.size() : minor_to_major.size(); }
};

class Layout final : public Object {
 public:
  using Handle = pje_layout;
  static constexpr ObjectType kType = ObjectType::kLayout;

  // INVALID_ARGUMENT for what no array can have.
  static Result<Ref<Layout>> create(LayoutData data);
  // "{1,0:T(8,128)(2,1)}", "strides(8,-4)".
  static Result<Ref<Layout>> parse_text(std::string_view text);
  // A serialized xla.LayoutProto. UNIMPLEMENTED for what cannot be kept.
  static Result<Ref<Layout>> parse_message(std::string_view bytes);
  // The order of a type that has one.
  static Result<Ref<Layout>> of_order(const ArrayType &type);
  // The order of dimensions of a dense array with these strides.
  static Result<Ref<Layout>> of_dense_strides(const ArrayType &type, std::span<const int64_t> byte_strides);
  // What a plugin answered; what it points at is copied.
  static Result<Ref<Layout>> from_abi(const PJRT_Buffer_MemoryLayout &given);

  explicit Layout(LayoutData data);

  const LayoutData &data() const noexcept { return data_; }
  const std::string &text() const noexcept { return text_; }
  size_t rank() const noexcept { return data_.rank(); }
  uint64_t hash() const noexcept;
  // FAILED_PRECONDITION for strides, which the message cannot hold.
  Result<std::string> message() const;
  // Bytes from one index to the next; FAILED_PRECONDITION when tiles leave no such number.
  Result<std::vector<int64_t>> byte_strides(const ArrayType &type) const;
  // INVALID_ARGUMENT when the layout does not fit the type.
  Result<Placement> placement(const ArrayType &type) const;
  // The order of dimensions when that is all there is to say; false for tiles and for strides with gaps.
  bool dense_order(const ArrayType &type, std::vector<int64_t> *minor_to_major) const;
  // The type of an array that lies so, as far as an order tells; `type` itself for tiles and gaps.
  const ArrayType *type_of(const ArrayType &type) const;

 private:
  const LayoutData data_;
  const std::string text_;
};

Status check_layout_rank(const Layout &layout, const ArrayType &type);

// A layout as it goes to a plugin; what it points at lives here.
class AbiLayout {
 public:
  AbiLayout(const abi::Api &api, const LayoutData &layout);
  AbiLayout(const abi::Api &api, std::vector<int64_t> minor_to_major);
  AbiLayout(const AbiLayout &) = delete;
  AbiLayout &operator=(const AbiLayout &) = delete;
  PJRT_Buffer_MemoryLayout *get() noexcept { return &layout_; }

 private:
  void point_at_order(const abi::Api &api);

  PJRT_Buffer_MemoryLayout layout_;
  std::vector<int64_t> numbers_;
  std::vector<int64_t> tile_dims_;
  std::vector<size_t> tile_sizes_;
};

}  // namespace pje
