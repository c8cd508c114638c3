#include "backup/private_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamplighter::backup {
namespace {

tl::unexpected<Error> disk_error(const std::filesystem::path& path, int number) {
  return fail(ErrorKind::internal, "Backup", fmt::format("{}: {}", path.string(), std::strerror(number)));
}

/// Whether it is still what stands at that path.
bool is_at(int descriptor, const std::filesystem::path& path) {
  struct stat one {};
  struct stat other {};
  return ::fstat(descriptor, &one) == 0 && ::stat(path.c_str(), &other) == 0 && one.st_ino == other.st_ino &&
         one.st_dev == other.st_dev;
}

}  // namespace

std::filesystem::path draft_of(const std::filesystem::path& place) {
  return place.parent_path() / fmt::format(".{}.lamplighter-part", place.filename().string());
}

Result<PrivateFile> PrivateFile::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return disk_error(path, errno);
  return PrivateFile(path, file);
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

PrivateFile::~PrivateFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<bool> PrivateFile::take() {
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || !is_at(descriptor_, path_)) return false;
  if (::fchmod(descriptor_, 0600) != 0 || ::ftruncate(descriptor_, 0) != 0) return disk_error(path_, errno);
  return true;
}

Status PrivateFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0) return disk_error(path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Status PrivateFile::sync() { return ::fsync(descriptor_) == 0 ? Status{} : disk_error(path_, errno); }

Status sync_directory(const std::filesystem::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return disk_error(directory, errno);
  const int synced = ::fsync(file);
  const int why = errno;
  ::close(file);
  return synced == 0 ? Status{} : disk_error(directory, why);
}

Status move_to(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return disk_error(to, errno);
  return sync_directory(std::filesystem::absolute(to).parent_path());
}

}  // namespace lamplighter::backup
