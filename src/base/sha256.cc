#include "base/sha256.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "base/file.hpp"

namespace pje {

namespace {

constexpr std::array<uint32_t, 64> kRoundConstants = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2};

uint32_t big_endian(const unsigned char *bytes) noexcept {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | uint32_t{bytes[3]};
}

}  // namespace

void Sha256::compress(const unsigned char *block) noexcept {
  std::array<uint32_t, 64> schedule;
  for (size_t i = 0; i < 16; ++i) schedule[i] = big_endian(block + 4 * i);
  for (size_t i = 16; i < 64; ++i) {
    uint32_t a = schedule[i - 15];
    uint32_t b = schedule[i - 2];
    uint32_t sigma0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3);
    uint32_t sigma1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10);
    schedule[i] = schedule[i - 16] + sigma0 + schedule[i - 7] + sigma1;
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (size_t i = 0; i < 64; ++i) {
    uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
    uint32_t choice = (e & f) ^ (~e & g);
    uint32_t first = h + sum1 + choice + kRoundConstants[i] + schedule[i];
    uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
    uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + sum0 + majority;
  }
  std::array<uint32_t, 8> mixed = {a, b, c, d, e, f, g, h};
  for (size_t i = 0; i < state_.size(); ++i) state_[i] += mixed[i];
}

void Sha256::update(const void *data, size_t size) noexcept {
  const auto *bytes = static_cast<const unsigned char *>(data);
  while (size > 0) {
    size_t filled = num_bytes_ % pending_.size();
    size_t taken = std::min(size, pending_.size() - filled);
    if (taken == pending_.size()) {
      compress(bytes);
    } else {
      std::memcpy(pending_.data() + filled, bytes, taken);
      if (filled + taken == pending_.size()) compress(pending_.data());
    }
    num_bytes_ += taken;
    bytes += taken;
    size -= taken;
  }
}

std::string Sha256::finish() {
  // The message ends with a bit, zeros, and its length in bits in the last 8 bytes of a block.
  uint64_t num_bits = num_bytes_ * 8;
  std::array<unsigned char, 72> tail{0x80};
  size_t zeros = (pending_.size() * 2 - 9 - num_bytes_ % pending_.size()) % pending_.size();
  for (size_t i = 0; i < 8; ++i)
    tail[1 + zeros + i] = static_cast<unsigned char>(num_bits >> (8 * (7 - i)) & 0xFF);
  update(tail.data(), 1 + zeros + 8);
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (uint32_t word : state_)
    for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[word >> shift & 15];
  return text;
}

Result<std::string> sha256_of_file(const std::string &path) {
  PJE_ASSIGN(File file, File::open_to_read(path));
  std::vector<char> buffer(size_t{1} << 20);
  Sha256 hash;
  for (;;) {
    size_t count = 0;
    PJE_TRY(file.read(path, buffer.data(), buffer.size(), &count));
    hash.update(buffer.data(), count);
    if (count < buffer.size()) return hash.finish();
  }
}

}  // namespace pje
