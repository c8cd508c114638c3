#include "api/auth/key_pair.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamplighter::api {
namespace {

constexpr std::string_view kFileName = "api-key.json";
constexpr std::size_t kMaxFileBytes = 4096;
// 16 of 32 letters for the id, 30 bytes as 40 letters of base64 for the secret: AWS's own sizes.
constexpr std::string_view kIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kIdRandomBytes = 16;
constexpr std::size_t kSecretRandomBytes = 30;

/// Closes a file descriptor at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool valid() const { return value_ >= 0; }

 private:
  int value_;
};

tl::unexpected<Error> disk_error(const std::filesystem::path& path, int number) {
  return fail(ErrorKind::internal, "KeyFile", fmt::format("{}: {}", path.string(), std::strerror(number)));
}

Result<KeyPair> make_key_pair() {
  std::array<unsigned char, kIdRandomBytes> id{};
  std::array<unsigned char, kSecretRandomBytes> secret{};
  if (RAND_bytes(id.data(), id.size()) != 1 || RAND_bytes(secret.data(), secret.size()) != 1) {
    return fail(ErrorKind::internal, "KeyFile", "the system gave no random bytes");
  }
  KeyPair keys{"LAMP", std::string(kSecretRandomBytes / 3 * 4 + 1, '\0')};
  for (const unsigned char byte : id) keys.access_key_id += kIdLetters[byte % kIdLetters.size()];
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(keys.secret_access_key.data()),
                                     secret.data(), static_cast<int>(secret.size()));
  keys.secret_access_key.resize(static_cast<std::size_t>(length));
  return keys;
}

Status write_all(int descriptor, std::string_view text, const std::filesystem::path& path) {
  while (!text.empty()) {
    const auto count = ::write(descriptor, text.data(), text.size());
    if (count < 0) return disk_error(path, errno);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(descriptor) == 0 ? Status{} : disk_error(path, errno);
}

/// Makes the file whole or not at all: written under a name of its own, then linked to the final one, which
/// fails harmlessly where another process was first.
Status make_key_file(const std::filesystem::path& path) {
  const auto keys = TRY(make_key_pair());
  std::string draft = path.string() + ".XXXXXX";
  const Descriptor file(::mkstemp(draft.data()));  // mode 0600
  if (!file.valid()) return disk_error(draft, errno);
  auto status = write_all(file.get(), pretty(credential_process_form(keys)), draft);
  if (status && ::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) status = disk_error(path, errno);
  ::unlink(draft.c_str());
  return status;
}

Result<std::string> read_file(int descriptor, const std::filesystem::path& path) {
  std::string text(kMaxFileBytes, '\0');
  const auto count = ::read(descriptor, text.data(), text.size());
  if (count < 0) return disk_error(path, errno);
  text.resize(static_cast<std::size_t>(count));
  return text;
}

Status check_file(int descriptor, const std::filesystem::path& path) {
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return disk_error(path, errno);
  if (!S_ISREG(info.st_mode)) {
    return fail(ErrorKind::bad_input, "InvalidKeyFile", fmt::format("{}: it is no file", path.string()));
  }
  const auto mode = static_cast<unsigned>(info.st_mode) & 0777U;
  if ((mode & 0077U) == 0) return {};
  return fail(
      ErrorKind::bad_input, "UnsafeKeyFile",
      fmt::format("{}: found mode {:04o}, expected 0600: others may read the key; take that right away, or "
                  "remove the file to have a new key made",
                  path.string(), mode));
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
  std::error_code error;
  if (std::filesystem::create_directories(state_dir, error)) ::chmod(state_dir.c_str(), 0700);
  if (error) return disk_error(state_dir, error.value());
  const auto path = state_dir / kFileName;
  if (!std::filesystem::exists(path, error)) CHECK_OK(make_key_file(path));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return disk_error(path, errno);
  CHECK_OK(check_file(file.get(), path));
  return parse_key_file(TRY(read_file(file.get(), path)), path);
}

json::value credential_process_form(const KeyPair& keys) {
  return {{"Version", 1}, {"AccessKeyId", keys.access_key_id}, {"SecretAccessKey", keys.secret_access_key}};
}

}  // namespace lamplighter::api
