// Version 4 UUIDs: "3f2b8c1e-6d4a-4b1e-9c57-0a8d2f6e4b31".
#pragma once

#include <cstdint>
#include <string>

namespace lamplighter {

/// From the system's randomness: no two processes make the same. Safe to use from several threads.
std::string make_uuid();

/// From 128 bits that were drawn elsewhere, of which it keeps 122: where a seed must decide.
std::string make_uuid(std::uint64_t high, std::uint64_t low);

}  // namespace lamplighter
