// The kinds of request that the library itself asks; capi compares them with the public numbers.
#pragma once

#include <cstdint>

namespace pje {

inline constexpr int32_t kRequestKvGet = 1;
inline constexpr int32_t kRequestKvTryGet = 2;
inline constexpr int32_t kRequestKvPut = 3;
inline constexpr int32_t kRequestSend = 4;
inline constexpr int32_t kRequestReceive = 5;
inline constexpr int32_t kRequestOutput = 6;
inline constexpr int32_t kRequestLog = 7;

}  // namespace pje
