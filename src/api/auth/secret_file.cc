#include "api/auth/secret_file.h"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libcrypto.h"

namespace lamplighter::api {
namespace {

constexpr std::size_t kMaxFileBytes = 4096;

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
Status make_file(const std::filesystem::path& path, std::string_view text) {
  std::string draft = path.string() + ".XXXXXX";
  const Descriptor file(::mkstemp(draft.data()));  // mode 0600
  if (!file.valid()) return disk_error(draft, errno);
  auto status = write_all(file.get(), text, draft);
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

}  // namespace

Result<std::string> load_or_make_secret(const std::filesystem::path& path,
                                        const std::function<Result<std::string>()>& make) {
  const std::filesystem::path directory = path.parent_path();
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) ::chmod(directory.c_str(), 0700);
  if (error) {  // whoever named it can name another
    return fail(ErrorKind::bad_input, "StateDirectory",
                fmt::format("the state directory {} can't be made: {}; choose another with --state-dir",
                            directory.string(), error.message()));
  }
  if (!std::filesystem::exists(path, error)) CHECK_OK(make_file(path, TRY(make())));
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return disk_error(path, errno);
  CHECK_OK(check_file(file.get(), path));
  return read_file(file.get(), path);
}

Result<std::string> random_base64(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (libcrypto().random_bytes(random.data(), static_cast<int>(bytes)) != 1)
    return fail(ErrorKind::internal, "KeyFile", "the system gave no random bytes");
  std::string text((bytes + 2) / 3 * 4 + 1, '\0');
  const int length = libcrypto().to_base64(reinterpret_cast<unsigned char*>(text.data()), random.data(),
                                           static_cast<int>(bytes));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

}  // namespace lamplighter::api
