// Digests, by OpenSSL; and one that only spreads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lamplighter {

/// The digest's bytes by the algorithm's name: "MD5", "SHA-1", "SHA-256", "SHA-384" or "SHA-512"; nothing for
/// another.
std::optional<std::string> digest(std::string_view algorithm, std::string_view text);
std::string sha256(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);
/// For names that others chose to make so (AWS's cache of tokens), not for safety.
std::string sha1(std::string_view text);

/// FNV-1a, 32 bits: tells names apart, the same on every machine; not for safety.
std::uint32_t fnv1a(std::string_view text);

/// Bytes in lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

}  // namespace lamplighter
