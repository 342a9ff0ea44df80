#include "capi/compile_options.hpp"

using pje::CompileOptions;
using pje::Ref;
using pje::Result;
using pje::Status;
using pje::capi::bytes_from_options;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::lend;
using pje::capi::on_options;
using pje::capi::options_answer;

namespace {

std::string_view view(const void *data, size_t size) { return {static_cast<const char *>(data), size}; }

Status read_layout(const pje::ArrayLayout &layout, pje_dtype *dtype, const int64_t **dims, size_t *rank,
                   const int64_t **minor_to_major) {
  *dtype = layout.dtype;
  *dims = layout.dims.data();
  *rank = layout.dims.size();
  *minor_to_major = layout.minor_to_major;
  return {};
}

}  // namespace

extern "C" {

PJE_RETAIN_RELEASE(CompileOptions, pje_compile_options)

pje_error *pje_compile_options_create(pje_compile_options **out) noexcept {
  return guarded("pje_compile_options_create", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    *out = pje::make<CompileOptions>().to_public();
    return {};
  });
}

pje_error *pje_compile_options_copy(const pje_compile_options *options, pje_compile_options **out) noexcept {
  constexpr const char *function = "pje_compile_options_copy";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CompileOptions, self, options);
    *out = self.copy().to_public();
    return {};
  });
}

pje_error *pje_compile_options_from_bytes(const void *data, size_t size, pje_compile_options **out) noexcept {
  return guarded("pje_compile_options_from_bytes", clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_NOT_NULL(data);
    PJE_ASSIGN(Ref<CompileOptions> parsed, CompileOptions::parse(view(data, size)));
    *out = std::move(parsed).to_public();
    return {};
  });
}

pje_error *pje_compile_options_serialize(const pje_compile_options *options, pje_bytes **out) noexcept {
  return bytes_from_options("pje_compile_options_serialize", options, out,
                            [](CompileOptions &self) { return self.serialized(); });
}

pje_error *pje_compile_options_to_text(const pje_compile_options *options, pje_bytes **out) noexcept {
  return bytes_from_options("pje_compile_options_to_text", options, out,
                            [](CompileOptions &self) { return Result<std::string>(self.text()); });
}

pje_error *pje_compile_options_is_set(const pje_compile_options *options, const char *field,
                                      bool *out) noexcept {
  constexpr const char *function = "pje_compile_options_is_set";
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_NOT_NULL(field);
    PJE_ASSIGN(*out, self.is_set(field));
    return {};
  });
}

pje_error *pje_compile_options_clear(pje_compile_options *options, const char *field) noexcept {
  return on_options("pje_compile_options_clear", options, [&](CompileOptions &self) -> Status {
    PJE_NOT_NULL(field);
    return self.clear(field);
  });
}

#define PJE_SCALAR(type, field, from_public, to_public)                                            \
  pje_error *pje_compile_options_set_##field(pje_compile_options *options, type value) noexcept {  \
    return on_options("pje_compile_options_set_" #field, options,                                  \
                      [&](CompileOptions &self) { return self.set_##field(from_public(value)); }); \
  }                                                                                                \
  type pje_compile_options_get_##field(const pje_compile_options *options) noexcept {              \
    return options_answer("pje_compile_options_get_" #field, options, to_public(0),                \
                          [](CompileOptions &self) { return to_public(self.field()); });           \
  }
#define PJE_OPTION_BOOL(field, part) PJE_SCALAR(bool, field, bool, bool)
#define PJE_OPTION_INT64(field, part, lowest, highest) PJE_SCALAR(int64_t, field, int64_t, int64_t)
#define PJE_OPTION_ENUM(type, field, part, scope) \
  PJE_SCALAR(type, field, static_cast<int32_t>, static_cast<type>)
#define PJE_OPTION_LIST(type, field, part, lowest)                                                          \
  pje_error *pje_compile_options_set_##field(pje_compile_options *options, const type *values,              \
                                             size_t count) noexcept {                                       \
    return on_options("pje_compile_options_set_" #field, options, [&](CompileOptions &self) -> Status {     \
      PJE_INPUT(values, count);                                                                             \
      return self.set_##field({values, count});                                                             \
    });                                                                                                     \
  }                                                                                                         \
  const type *pje_compile_options_get_##field(const pje_compile_options *options, size_t *count) noexcept { \
    if (count != nullptr) *count = 0;                                                                       \
    return options_answer("pje_compile_options_get_" #field, options, static_cast<const type *>(nullptr),   \
                          [&](CompileOptions &self) { return lend(self.field(), count); });                 \
  }
#define PJE_OPTION_BYTES(field, part)                                                                      \
  pje_error *pje_compile_options_set_##field(pje_compile_options *options, const void *data,               \
                                             size_t size) noexcept {                                       \
    return on_options("pje_compile_options_set_" #field, options, [&](CompileOptions &self) -> Status {    \
      PJE_INPUT(data, size);                                                                               \
      return self.set_##field(view(data, size));                                                           \
    });                                                                                                    \
  }                                                                                                        \
  const void *pje_compile_options_get_##field(const pje_compile_options *options, size_t *size) noexcept { \
    if (size != nullptr) *size = 0;                                                                        \
    return options_answer("pje_compile_options_get_" #field, options, static_cast<const void *>(nullptr),  \
                          [&](CompileOptions &self) -> const void * { return lend(self.field(), size); }); \
  }
#define PJE_OPTION_MESSAGE(type, field, part)                                                                \
  pje_error *pje_compile_options_set_##field(pje_compile_options *options, const void *data,                 \
                                             size_t size) noexcept {                                         \
    return on_options("pje_compile_options_set_" #field, options, [&](CompileOptions &self) -> Status {      \
      PJE_INPUT(data, size);                                                                                 \
      return self.set_##field(view(data, size));                                                             \
    });                                                                                                      \
  }                                                                                                          \
  pje_error *pje_compile_options_set_##field##_text(pje_compile_options *options,                            \
                                                    const char *text) noexcept {                             \
    return on_options("pje_compile_options_set_" #field "_text", options,                                    \
                      [&](CompileOptions &self) -> Status {                                                  \
                        PJE_NOT_NULL(text);                                                                  \
                        return self.set_##field##_text(text);                                                \
                      });                                                                                    \
  }                                                                                                          \
  pje_error *pje_compile_options_get_##field(const pje_compile_options *options, pje_bytes **out) noexcept { \
    return bytes_from_options("pje_compile_options_get_" #field, options, out,                               \
                              [](CompileOptions &self) { return self.field(); });                            \
  }
#include "core/compile_options_fields.def"

pje_error *pje_compile_options_set_check_arguments(pje_compile_options *options, bool value) noexcept {
  return on_options("pje_compile_options_set_check_arguments", options, [&](CompileOptions &self) -> Status {
    self.set_check_arguments(value);
    return {};
  });
}

bool pje_compile_options_get_check_arguments(const pje_compile_options *options) noexcept {
  return options_answer("pje_compile_options_get_check_arguments", options, false,
                        [](CompileOptions &self) { return self.check_arguments(); });
}

pje_error *pje_compile_options_set_compiler_variant(pje_compile_options *options,
                                                    const char *value) noexcept {
  return on_options("pje_compile_options_set_compiler_variant", options, [&](CompileOptions &self) {
    return value == nullptr ? self.clear("compiler_variant") : self.set_compiler_variant(value);
  });
}

const char *pje_compile_options_get_compiler_variant(const pje_compile_options *options) noexcept {
  return options_answer("pje_compile_options_get_compiler_variant", options, "",
                        [](CompileOptions &self) { return self.compiler_variant().c_str(); });
}

pje_error *pje_compile_options_add_argument_layout(pje_compile_options *options, pje_dtype dtype,
                                                   const int64_t *dims, size_t rank,
                                                   const int64_t *minor_to_major) noexcept {
  return on_options("pje_compile_options_add_argument_layout", options, [&](CompileOptions &self) -> Status {
    PJE_INPUT(dims, rank);
    return self.add_argument_layout({dtype, {dims, rank}, minor_to_major, nullptr});
  });
}

pje_error *pje_compile_options_add_argument_with_layout(pje_compile_options *options, pje_dtype dtype,
                                                        const int64_t *dims, size_t rank,
                                                        const pje_layout *layout) noexcept {
  constexpr const char *function = "pje_compile_options_add_argument_with_layout";
  return on_options(function, options, [&](CompileOptions &self) -> Status {
    PJE_HANDLE(pje::Layout, order, layout);
    PJE_INPUT(dims, rank);
    return self.add_argument_layout({dtype, {dims, rank}, nullptr, &order});
  });
}

pje_error *pje_compile_options_add_argument_layout_bytes(pje_compile_options *options, const void *data,
                                                         size_t size) noexcept {
  return on_options("pje_compile_options_add_argument_layout_bytes", options,
                    [&](CompileOptions &self) -> Status {
                      PJE_NOT_NULL(data);
                      return self.add_argument_layout_bytes(view(data, size));
                    });
}

size_t pje_compile_options_num_argument_layouts(const pje_compile_options *options) noexcept {
  return options_answer("pje_compile_options_num_argument_layouts", options, size_t{0},
                        [](CompileOptions &self) { return self.num_argument_layouts(); });
}

pje_error *pje_compile_options_get_argument_layout(const pje_compile_options *options, size_t index,
                                                   pje_dtype *dtype, const int64_t **dims, size_t *rank,
                                                   const int64_t **minor_to_major) noexcept {
  constexpr const char *function = "pje_compile_options_get_argument_layout";
  return guarded(function, clearing(dtype, dims, rank, minor_to_major), [&]() -> Status {
    PJE_OUT(dtype);
    PJE_OUT(dims);
    PJE_OUT(rank);
    PJE_OUT(minor_to_major);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_ASSIGN(pje::ArrayLayout layout, self.argument_layout(index));
    return read_layout(layout, dtype, dims, rank, minor_to_major);
  });
}

pje_error *pje_compile_options_get_argument_layout_bytes(const pje_compile_options *options, size_t index,
                                                         pje_bytes **out) noexcept {
  return bytes_from_options("pje_compile_options_get_argument_layout_bytes", options, out,
                            [&](CompileOptions &self) { return self.argument_layout_bytes(index); });
}

pje_error *pje_compile_options_set_result_layout(pje_compile_options *options, pje_dtype dtype,
                                                 const int64_t *dims, size_t rank,
                                                 const int64_t *minor_to_major) noexcept {
  return on_options("pje_compile_options_set_result_layout", options, [&](CompileOptions &self) -> Status {
    PJE_INPUT(dims, rank);
    return self.set_result_layout({dtype, {dims, rank}, minor_to_major, nullptr});
  });
}

pje_error *pje_compile_options_set_result_with_layout(pje_compile_options *options, pje_dtype dtype,
                                                      const int64_t *dims, size_t rank,
                                                      const pje_layout *layout) noexcept {
  constexpr const char *function = "pje_compile_options_set_result_with_layout";
  return on_options(function, options, [&](CompileOptions &self) -> Status {
    PJE_HANDLE(pje::Layout, order, layout);
    PJE_INPUT(dims, rank);
    return self.set_result_layout({dtype, {dims, rank}, nullptr, &order});
  });
}

pje_error *pje_compile_options_set_result_layout_bytes(pje_compile_options *options, const void *data,
                                                       size_t size) noexcept {
  return on_options("pje_compile_options_set_result_layout_bytes", options,
                    [&](CompileOptions &self) -> Status {
                      PJE_NOT_NULL(data);
                      return self.set_result_layout_bytes(view(data, size));
                    });
}

pje_error *pje_compile_options_get_result_layout(const pje_compile_options *options, pje_dtype *dtype,
                                                 const int64_t **dims, size_t *rank,
                                                 const int64_t **minor_to_major) noexcept {
  constexpr const char *function = "pje_compile_options_get_result_layout";
  return guarded(function, clearing(dtype, dims, rank, minor_to_major), [&]() -> Status {
    PJE_OUT(dtype);
    PJE_OUT(dims);
    PJE_OUT(rank);
    PJE_OUT(minor_to_major);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_ASSIGN(pje::ArrayLayout layout, self.result_layout());
    return read_layout(layout, dtype, dims, rank, minor_to_major);
  });
}

pje_error *pje_compile_options_get_result_layout_bytes(const pje_compile_options *options,
                                                       pje_bytes **out) noexcept {
  return bytes_from_options("pje_compile_options_get_result_layout_bytes", options, out,
                            [](CompileOptions &self) { return self.result_layout_bytes(); });
}

pje_error *pje_compile_options_set_device_assignment(pje_compile_options *options, int64_t num_replicas,
                                                     int64_t num_partitions, const int64_t *device_ids,
                                                     size_t count) noexcept {
  return on_options("pje_compile_options_set_device_assignment", options,
                    [&](CompileOptions &self) -> Status {
                      PJE_INPUT(device_ids, count);
                      return self.set_device_assignment(num_replicas, num_partitions, {device_ids, count});
                    });
}

const int64_t *pje_compile_options_get_device_assignment(const pje_compile_options *options,
                                                         size_t *num_replicas,
                                                         size_t *num_partitions) noexcept {
  size_t replicas = 0, partitions = 0;
  const int64_t *ids = options_answer(
      "pje_compile_options_get_device_assignment", options, static_cast<const int64_t *>(nullptr),
      [&](CompileOptions &self) { return lend(self.device_assignment(&replicas, &partitions), nullptr); });
  if (num_replicas != nullptr) *num_replicas = replicas;
  if (num_partitions != nullptr) *num_partitions = partitions;
  return ids;
}

pje_error *pje_compile_options_add_compilation_environment(pje_compile_options *options, const char *type_url,
                                                           const void *data, size_t size) noexcept {
  return on_options("pje_compile_options_add_compilation_environment", options,
                    [&](CompileOptions &self) -> Status {
                      PJE_NOT_NULL(type_url);
                      PJE_INPUT(data, size);
                      return self.add_compilation_environment(type_url, view(data, size));
                    });
}

size_t pje_compile_options_num_compilation_environments(const pje_compile_options *options) noexcept {
  return options_answer("pje_compile_options_num_compilation_environments", options, size_t{0},
                        [](CompileOptions &self) { return self.num_compilation_environments(); });
}

const char *pje_compile_options_compilation_environment_type_url(const pje_compile_options *options,
                                                                 size_t index) noexcept {
  return options_answer("pje_compile_options_compilation_environment_type_url", options, "",
                        [&](CompileOptions &self) {
                          const std::string *type_url = self.compilation_environment_type_url(index);
                          return type_url == nullptr ? "" : type_url->c_str();
                        });
}

const void *pje_compile_options_compilation_environment_data(const pje_compile_options *options, size_t index,
                                                             size_t *size) noexcept {
  if (size != nullptr) *size = 0;
  return options_answer("pje_compile_options_compilation_environment_data", options,
                        static_cast<const void *>(nullptr), [&](CompileOptions &self) -> const void * {
                          const std::string *value = self.compilation_environment_value(index);
                          return value == nullptr ? nullptr : lend(*value, size);
                        });
}

}  // extern "C"
