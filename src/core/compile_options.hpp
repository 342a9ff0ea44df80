// How a program is to be compiled: the CompileOptionsProto that goes to the plugin, checked as it is set.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/object.hpp"
#include "base/status.hpp"
#include "pjrt_easy/types.h"

namespace pjrt_easy::xla {
class CompileOptionsProto;
class ShapeProto;
}  // namespace pjrt_easy::xla

namespace pje {

class Layout;

// Its index is the public pje_override_kind.
using OverrideValue = std::variant<std::monostate, std::string, bool, int64_t, double>;

// A layout as callers give it and read it; views into memory of the caller or of the options.
struct ArrayLayout {
  pje_dtype dtype = PJE_DTYPE_INVALID;
  std::span<const int64_t> dims;
  const int64_t *minor_to_major = nullptr;
  const Layout *layout = nullptr;  // in its stead, when it has more to say
};

class CompileOptions final : public Object {
 public:
  using Handle = pje_compile_options;
  static constexpr ObjectType kType = ObjectType::kCompileOptions;

  CompileOptions();
  explicit CompileOptions(std::unique_ptr<::pjrt_easy::xla::CompileOptionsProto> message);
  ~CompileOptions() override;

  Ref<CompileOptions> copy() const;
  static Result<Ref<CompileOptions>> parse(std::string_view bytes);
  // What goes to the plugin, the same bytes for the same options.
  Result<std::string> serialized() const;
  std::string text() const;

  bool check_arguments() const noexcept { return check_arguments_; }
  void set_check_arguments(bool value) noexcept { check_arguments_ = value; }

#define PJE_OPTION_BOOL(field, part) \
  bool field() const noexcept;       \
  Status set_##field(bool value);
#define PJE_OPTION_INT64(field, part, lowest, highest) \
  int64_t field() const noexcept;                      \
  Status set_##field(int64_t value);
#define PJE_OPTION_ENUM(type, field, part, scope) \
  int32_t field() const noexcept;                 \
  Status set_##field(int32_t value);
#define PJE_OPTION_LIST(type, field, part, lowest) \
  std::span<const type> field() const noexcept;    \
  Status set_##field(std::span<const type> values);
#define PJE_OPTION_BYTES(field, part)        \
  const std::string &field() const noexcept; \
  Status set_##field(std::string_view bytes);
#define PJE_OPTION_MESSAGE(type, field, part) \
  Result<std::string> field() const;          \
  Status set_##field(std::string_view bytes); \
  Status set_##field##_text(std::string_view text);
#include "core/compile_options_fields.def"

  const std::string &compiler_variant() const noexcept;
  Status set_compiler_variant(std::string_view value);

  // Any field, by its name in the proto.
  Status clear(std::string_view field);
  Result<bool> is_set(std::string_view field) const;

  size_t num_argument_layouts() const noexcept;
  Status add_argument_layout(const ArrayLayout &layout);
  Status add_argument_layout_bytes(std::string_view bytes);
  Result<ArrayLayout> argument_layout(size_t index) const;
  Result<std::string> argument_layout_bytes(size_t index) const;
  Status set_result_layout(const ArrayLayout &layout);
  Status set_result_layout_bytes(std::string_view bytes);
  Result<ArrayLayout> result_layout() const;
  Result<std::string> result_layout_bytes() const;

  // Replica-major: ids[replica * num_partitions + partition]. Sets both counts too.
  Status set_device_assignment(int64_t num_replicas, int64_t num_partitions, std::span<const int64_t> ids);
  // Empty when there is none; lent until the assignment is set again.
  std::span<const int64_t> device_assignment(size_t *num_replicas, size_t *num_partitions) const noexcept;

  size_t num_compilation_environments() const noexcept;
  Status add_compilation_environment(std::string_view type_url, std::string_view value);
  const std::string *compilation_environment_type_url(size_t index) const noexcept;
  const std::string *compilation_environment_value(size_t index) const noexcept;

  Status set_override(std::string_view name, OverrideValue value);
  Status remove_override(std::string_view name);
  size_t num_overrides() const noexcept;
  // In the order of the names; NULL when there is none.
  const std::string *override_name(size_t index) const;
  size_t override_kind(std::string_view name) const;
  // NOT_FOUND, or FAILED_PRECONDITION when it is of another kind. The string is lent until the override
  // changes.
  Result<const std::string *> override_string(std::string_view name) const;
  Result<bool> override_bool(std::string_view name) const;
  Result<int64_t> override_int64(std::string_view name) const;
  Result<double> override_double(std::string_view name) const;

  // Overrides whose name and kind are checked against the options that XLA is known to have.
  Status set_debug_option(std::string_view name, OverrideValue value);
  Status set_debug_option_text(std::string_view name, std::string_view text);
  Result<std::string> debug_option_text(std::string_view name) const;

 private:
  void read_assignment();

  std::unique_ptr<::pjrt_easy::xla::CompileOptionsProto> message_;
  // The assignment in the order callers use; kept here so that it can be lent.
  std::vector<int64_t> assignment_;
  bool check_arguments_ = true;
};

// What stands for options that are NULL.
std::string default_compile_options();

}  // namespace pje
