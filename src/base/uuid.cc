#include "base/uuid.h"

#include <random>

#include <fmt/format.h>

namespace lamplighter {

std::string make_uuid() {
  std::random_device device;
  const auto draw = [&] { return std::uint64_t{device()} << 32U | device(); };
  const std::uint64_t high = draw();
  return make_uuid(high, draw());
}

std::string make_uuid(std::uint64_t high, std::uint64_t low) {
  high = (high & ~std::uint64_t{0xF000}) | 0x4000U;                      // version 4: random
  low = (low & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{2} << 62U);  // RFC 4122's variant
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, high >> 16U & 0xFFFFU,
                     high & 0xFFFFU, low >> 48U, low & 0xFFFF'FFFF'FFFFU);
}

}  // namespace lamplighter
