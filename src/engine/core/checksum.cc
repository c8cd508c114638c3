#include "engine/core/checksum.h"

#include <array>
#include <cstddef>

namespace lamplighter::engine {
namespace {

/// So many bytes are taken at once: each has a table that knows how many bytes follow it.
constexpr std::size_t kAtOnce = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, kAtOnce>;

constexpr Tables make_tables() {
  constexpr std::uint32_t kPolynomial = 0xEDB88320;
  Tables out{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0);
    out[0][byte] = crc;
  }
  for (std::size_t table = 1; table < kAtOnce; ++table) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const auto before = out[table - 1][byte];
      out[table][byte] = (before >> 8U) ^ out[0][before & 0xFFU];
    }
  }
  return out;
}
constexpr Tables kTables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (; bytes.size() >= kAtOnce; bytes.remove_prefix(kAtOnce)) {
    const std::uint32_t first = crc ^ (byte_at(bytes, 0) | byte_at(bytes, 1) << 8U |
                                       byte_at(bytes, 2) << 16U | byte_at(bytes, 3) << 24U);
    crc = kTables[7][first & 0xFFU] ^ kTables[6][first >> 8U & 0xFFU] ^ kTables[5][first >> 16U & 0xFFU] ^
          kTables[4][first >> 24U] ^ kTables[3][byte_at(bytes, 4)] ^ kTables[2][byte_at(bytes, 5)] ^
          kTables[1][byte_at(bytes, 6)] ^ kTables[0][byte_at(bytes, 7)];
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    crc = (crc >> 8U) ^ kTables[0][(crc ^ byte_at(bytes, i)) & 0xFFU];
  return ~crc;
}

}  // namespace lamplighter::engine
