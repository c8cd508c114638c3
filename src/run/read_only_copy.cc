#include "run/read_only_copy.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace lamplighter::run {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> unreadable(const fs::path& state_dir, std::string_view why) {
  return fail(
      ErrorKind::bad_input, "StateDirectory",
      fmt::format("the state directory {} can be neither written to nor read: {}", state_dir.string(), why));
}

/// A process that writes holds the lock alone.
bool is_held(const fs::path& state_dir) {
  const int lock = ::open((state_dir / "lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);
  return held;
}

Result<fs::path> make_directory() {
  std::error_code trouble;
  std::string pattern = (fs::temp_directory_path(trouble) / "lamplighter-XXXXXX").string();
  if (!trouble && ::mkdtemp(pattern.data()) != nullptr) return fs::path(pattern);
  return fail(ErrorKind::bad_input, "StateDirectory",
              fmt::format("no directory can be made at {}: {}", pattern, std::strerror(errno)));
}

}  // namespace

Result<ReadOnlyCopy> ReadOnlyCopy::make(const fs::path& state_dir) {
  if (is_held(state_dir)) {
    return fail(ErrorKind::bad_input, "StateDirectoryInUse",
                fmt::format("the state directory {} is in use, and its socket is not for this user",
                            state_dir.string()));
  }
  ReadOnlyCopy copy(TRY(make_directory()));
  for (const auto* name : {"engine.db", "engine.db-wal"}) {
    std::error_code trouble;
    if (!fs::exists(state_dir / name, trouble) && !trouble) continue;
    if (!trouble) fs::copy_file(state_dir / name, copy.directory_ / name, trouble);
    if (!trouble)
      fs::permissions(copy.directory_ / name, fs::perms::owner_read | fs::perms::owner_write, trouble);
    if (trouble) return unreadable(state_dir, trouble.message());
  }
  return copy;
}

ReadOnlyCopy::ReadOnlyCopy(ReadOnlyCopy&& other) noexcept : directory_(std::exchange(other.directory_, {})) {}

ReadOnlyCopy::~ReadOnlyCopy() {
  if (directory_.empty()) return;
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

}  // namespace lamplighter::run
