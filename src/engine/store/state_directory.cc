#include "engine/store/state_directory.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "database/database_file.h"
#include "engine/store/database.h"

namespace lamplighter::engine {
namespace {

std::string read_lock_owner(int file) {
  std::array<char, 32> text{};
  const auto length = ::pread(file, text.data(), text.size() - 1, 0);
  std::string owner(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  while (!owner.empty() && (owner.back() < '0' || owner.back() > '9')) owner.pop_back();
  return owner.empty() ? "unknown" : owner;
}

void write_lock_owner(int file) {
  const std::string owner = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file, 0) != 0) return;  // the number is for people only
  [[maybe_unused]] const auto written = ::pwrite(file, owner.data(), owner.size(), 0);
}

/// Whoever named it can name another.
tl::unexpected<Error> unusable(std::string_view how, const std::filesystem::path& directory,
                               std::string_view why) {
  return fail(ErrorKind::bad_input, "StateDirectory",
              fmt::format("the state directory {} can't be {}: {}; choose another with --state-dir",
                          directory.string(), how, why));
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::filesystem::path& directory) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(directory, error);
  if (!error && made) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (error) return unusable("made", directory, error.message());
  const auto path = directory / "lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return unusable("written to", directory, std::strerror(errno));
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const auto owner = read_lock_owner(file);
    ::close(file);
    return fail(
        ErrorKind::bad_input, "StateDirectoryInUse",
        fmt::format(
            "the state directory {} is in use by another lamplighter (process {}); wait for it, stop it, or "
            "choose another directory with --state-dir",
            directory.string(), owner));
  }
  write_lock_owner(file);
  return DirectoryLock(file);
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

std::string openness_of(const std::filesystem::path& directory) {
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0) return "";
  const auto mode = static_cast<unsigned>(found.st_mode) & 0777U;
  if ((mode & 0077U) == 0) return "";
  return fmt::format(
      "the state directory {} is open to others (found mode {:04o}, expected 0700) and was left so: whoever "
      "may "
      "read it sees what ran; take that away with chmod 700",
      directory.string(), mode);
}

Status check_database(const std::filesystem::path& file) {
  return database::check_file(file, database_format());
}

}  // namespace lamplighter::engine
