#include "run/held_directory.h"

#include <cerrno>

namespace lamplighter::run {

HeldDirectory::HeldDirectory(const std::filesystem::path& directory) : lock_(directory / "lock") {
  static_cast<void>(::stat(lock_.c_str(), &file_));
}

bool HeldDirectory::is_there() const {
  struct stat now {};
  if (::stat(lock_.c_str(), &now) != 0) return errno != ENOENT && errno != ENOTDIR;
  return now.st_dev == file_.st_dev && now.st_ino == file_.st_ino;
}

}  // namespace lamplighter::run
