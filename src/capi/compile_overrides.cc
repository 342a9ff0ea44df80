#include "pjrt_easy/compile_overrides.h"

#include "capi/compile_options.hpp"

using pje::CompileOptions;
using pje::OverrideValue;
using pje::Status;
using pje::capi::bytes_from_options;
using pje::capi::clearing;
using pje::capi::guarded;
using pje::capi::on_options;
using pje::capi::options_answer;

namespace {

template <class T>
bool is_null(T) {
  return false;
}
bool is_null(const char *value) { return value == nullptr; }

OverrideValue kept(const char *value) { return std::string(value); }
template <class T>
OverrideValue kept(T value) {
  return value;
}

const char *lent(const std::string *value) { return value->c_str(); }
template <class T>
T lent(T value) {
  return value;
}

template <class T>
pje_error *set_named(const char *function, pje_compile_options *options, const char *name, T value,
                     Status (CompileOptions::*set)(std::string_view, OverrideValue)) noexcept {
  return on_options(function, options, [&](CompileOptions &self) -> Status {
    PJE_NOT_NULL(name);
    if (is_null(value)) return pje::invalid_argument("argument \"value\" is NULL");
    return (self.*set)(name, kept(value));
  });
}

template <class T, class Kept>
pje_error *get_named(const char *function, const pje_compile_options *options, const char *name, T *out,
                     pje::Result<Kept> (CompileOptions::*get)(std::string_view) const) noexcept {
  return guarded(function, clearing(out), [&]() -> Status {
    PJE_OUT(out);
    PJE_HANDLE(CompileOptions, self, options);
    PJE_NOT_NULL(name);
    PJE_ASSIGN(Kept value, (self.*get)(name));
    *out = lent(value);
    return {};
  });
}

}  // namespace

extern "C" {

pje_error *pje_compile_options_set_debug_option(pje_compile_options *options, const char *name,
                                                const char *value) noexcept {
  return on_options("pje_compile_options_set_debug_option", options, [&](CompileOptions &self) -> Status {
    PJE_NOT_NULL(name);
    PJE_NOT_NULL(value);
    return self.set_debug_option_text(name, value);
  });
}

pje_error *pje_compile_options_get_debug_option(const pje_compile_options *options, const char *name,
                                                pje_bytes **out) noexcept {
  return bytes_from_options("pje_compile_options_get_debug_option", options, out,
                            [&](CompileOptions &self) -> pje::Result<std::string> {
                              PJE_NOT_NULL(name);
                              return self.debug_option_text(name);
                            });
}

#define PJE_OVERRIDE_KIND(kind, type)                                                                      \
  pje_error *pje_compile_options_set_debug_option_##kind(pje_compile_options *options, const char *name,   \
                                                         type value) noexcept {                            \
    return set_named("pje_compile_options_set_debug_option_" #kind, options, name, value,                  \
                     &CompileOptions::set_debug_option);                                                   \
  }                                                                                                        \
  pje_error *pje_compile_options_set_override_##kind(pje_compile_options *options, const char *name,       \
                                                     type value) noexcept {                                \
    return set_named("pje_compile_options_set_override_" #kind, options, name, value,                      \
                     &CompileOptions::set_override);                                                       \
  }                                                                                                        \
  pje_error *pje_compile_options_get_override_##kind(const pje_compile_options *options, const char *name, \
                                                     type *out) noexcept {                                 \
    return get_named("pje_compile_options_get_override_" #kind, options, name, out,                        \
                     &CompileOptions::override_##kind);                                                    \
  }
PJE_OVERRIDE_KIND(string, const char *)
PJE_OVERRIDE_KIND(bool, bool)
PJE_OVERRIDE_KIND(int64, int64_t)
PJE_OVERRIDE_KIND(double, double)

pje_error *pje_compile_options_remove_override(pje_compile_options *options, const char *name) noexcept {
  return on_options("pje_compile_options_remove_override", options, [&](CompileOptions &self) -> Status {
    PJE_NOT_NULL(name);
    return self.remove_override(name);
  });
}

size_t pje_compile_options_num_overrides(const pje_compile_options *options) noexcept {
  return options_answer("pje_compile_options_num_overrides", options, size_t{0},
                        [](CompileOptions &self) { return self.num_overrides(); });
}

const char *pje_compile_options_override_name(const pje_compile_options *options, size_t index) noexcept {
  return options_answer("pje_compile_options_override_name", options, "", [&](CompileOptions &self) {
    const std::string *name = self.override_name(index);
    return name == nullptr ? "" : name->c_str();
  });
}

pje_override_kind pje_compile_options_override_kind(const pje_compile_options *options,
                                                    const char *name) noexcept {
  return options_answer(
      "pje_compile_options_override_kind", options, PJE_OVERRIDE_NONE, [&](CompileOptions &self) {
        return name == nullptr ? PJE_OVERRIDE_NONE : static_cast<pje_override_kind>(self.override_kind(name));
      });
}

}  // extern "C"
