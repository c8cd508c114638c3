// CRC-32, as zip and Ethernet have it: what tells that a part of a history is damaged.
#pragma once

#include <cstdint>
#include <string_view>

namespace lamplighter::engine {

std::uint32_t crc32(std::string_view bytes);

}  // namespace lamplighter::engine
