#include "engine/store/read_only_copy.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace lamplighter::engine {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> unreadable(const fs::path& file, int why) {
  return fail(ErrorKind::bad_input, "StateDirectory",
              fmt::format("the state directory {} can be neither written to nor read: {}: {}",
                          file.parent_path().string(), file.filename().string(), std::strerror(why)));
}

tl::unexpected<Error> no_room(const fs::path& place, int why) {
  return fail(ErrorKind::internal, "NoRoom",
              fmt::format("the state directory can't be written to, and no copy of it at {}: {}",
                          place.string(), std::strerror(why)));
}

/// Closed at the end.
class File {
 public:
  File(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Nothing where there is no such file.
Status copy_one(const fs::path& from, const fs::path& to) {
  const File source(from, O_RDONLY);
  if (!source.is_open()) return errno == ENOENT ? Status{} : unreadable(from, errno);
  const File target(to, O_WRONLY | O_CREAT | O_EXCL);
  if (!target.is_open()) return no_room(to, errno);
  std::array<char, 65'536> bytes{};
  while (true) {
    const auto count = ::read(source.number(), bytes.data(), bytes.size());
    if (count < 0) return unreadable(from, errno);
    if (count == 0) return {};
    if (!write_all(target.number(), {bytes.data(), static_cast<std::size_t>(count)}))
      return no_room(to, errno);
  }
}

Result<fs::path> make_directory(const fs::path& where) {
  std::string pattern = (where / ".lamplighter-XXXXXX").string();
  if (::mkdtemp(pattern.data()) != nullptr) return fs::path(pattern);
  return no_room(where, errno);
}

}  // namespace

Result<ReadOnlyCopy> ReadOnlyCopy::make(const fs::path& state_dir, const std::vector<std::string>& databases,
                                        const fs::path& where) {
  // A process that writes holds the lock alone, and none begins to while this one has it.
  const File lock(state_dir / "lock", O_RDONLY);
  if (lock.is_open() && ::flock(lock.number(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return fail(ErrorKind::bad_input, "StateDirectoryInUse",
                fmt::format("the state directory {} is in use, and not for this user", state_dir.string()));
  }
  ReadOnlyCopy copy(TRY(make_directory(where)));
  for (const auto& name : databases) {
    for (const auto* suffix : {"", "-wal"})
      CHECK_OK(copy_one(state_dir / (name + suffix), copy.directory_ / (name + suffix)));
  }
  return copy;
}

Result<ReadOnlyCopy> ReadOnlyCopy::make(const fs::path& state_dir,
                                        const std::vector<std::string>& databases) {
  std::error_code trouble;
  const auto where = fs::temp_directory_path(trouble);
  return make(state_dir, databases, trouble ? fs::path("/tmp") : where);
}

ReadOnlyCopy::ReadOnlyCopy(ReadOnlyCopy&& other) noexcept : directory_(std::exchange(other.directory_, {})) {}

ReadOnlyCopy::~ReadOnlyCopy() {
  if (directory_.empty()) return;
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

bool calls_for_copy(const Error& error) { return error.code == "StateDirectory" || error.code == "Database"; }

}  // namespace lamplighter::engine
