// protobuf's maps have two members more under ThreadSanitizer, but its runtime, which is built once for all
// builds, has them not.
#pragma once

// Decides for the standard library's headers first: to those the sanitizer is known.
#include <cstddef>

#pragma push_macro("__SANITIZE_THREAD__")
#undef __SANITIZE_THREAD__
#include_next <google/protobuf/map_field.h>
#pragma pop_macro("__SANITIZE_THREAD__")
