#include "api/auth/key_pair.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "api/auth/secret_file.h"
#include "base/libcrypto.h"

namespace lamplighter::api {
namespace {

constexpr std::string_view kFileName = "api-key.json";
// 16 of 32 letters for the id, 30 bytes as 40 letters of base64 for the secret: AWS's own sizes.
constexpr std::string_view kIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kIdRandomBytes = 16;
constexpr std::size_t kSecretRandomBytes = 30;

Result<std::string> make_key_pair() {
  std::array<unsigned char, kIdRandomBytes> id{};
  if (libcrypto().random_bytes(id.data(), id.size()) != 1)
    return fail(ErrorKind::internal, "KeyFile", "the system gave no random bytes");
  KeyPair keys;
  keys.access_key_id = "LAMP";
  keys.secret_access_key = TRY(random_base64(kSecretRandomBytes));
  for (const unsigned char byte : id) keys.access_key_id += kIdLetters[byte % kIdLetters.size()];
  return pretty(credential_process_form(keys));
}

Result<KeyPair> parse_key_file(const std::string& text, const std::filesystem::path& path) {
  const auto value = parse_json(text);
  KeyPair keys;
  if (value) keys = {get_string(*value, "AccessKeyId"), get_string(*value, "SecretAccessKey")};
  if (!keys.access_key_id.empty() && !keys.secret_access_key.empty()) return keys;
  return fail(
      ErrorKind::bad_input, "InvalidKeyFile",
      fmt::format("{}: expected AccessKeyId and SecretAccessKey; remove the file to have a new key made",
                  path.string()));
}

}  // namespace

Result<KeyPair> load_or_make_key_pair(const std::filesystem::path& state_dir) {
  const auto path = state_dir / kFileName;
  return parse_key_file(TRY(load_or_make_secret(path, make_key_pair)), path);
}

json::value credential_process_form(const KeyPair& keys) {
  return {{"Version", 1}, {"AccessKeyId", keys.access_key_id}, {"SecretAccessKey", keys.secret_access_key}};
}

}  // namespace lamplighter::api
