#include "base/hash.h"

#include <array>

#include <fmt/format.h>

#include "base/libcrypto.h"

namespace lamplighter {
namespace {

std::string digest(const EVP_MD* algorithm, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  libcrypto().digest(text.data(), text.size(), bytes.data(), &size, algorithm, nullptr);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

}  // namespace

std::optional<std::string> digest(std::string_view algorithm, std::string_view text) {
  if (algorithm == "MD5") return digest(libcrypto().md5(), text);
  if (algorithm == "SHA-1") return digest(libcrypto().sha1(), text);
  if (algorithm == "SHA-256") return digest(libcrypto().sha256(), text);
  if (algorithm == "SHA-384") return digest(libcrypto().sha384(), text);
  if (algorithm == "SHA-512") return digest(libcrypto().sha512(), text);
  return std::nullopt;
}

std::string sha256(std::string_view text) { return digest(libcrypto().sha256(), text); }

std::string sha1(std::string_view text) { return digest(libcrypto().sha1(), text); }

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  libcrypto().hmac(libcrypto().sha256(), key.data(), static_cast<int>(key.size()),
                   reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes.data(), &size);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t value = 2'166'136'261U;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return value;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace lamplighter
