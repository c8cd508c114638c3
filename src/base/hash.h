// Digests, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace lamplighter {

/// The digest's bytes.
std::string sha256(std::string_view text);
std::string hmac_sha256(std::string_view key, std::string_view text);
/// For names that others chose to make so (AWS's cache of tokens), not for safety.
std::string sha1(std::string_view text);

/// Bytes in lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

}  // namespace lamplighter
