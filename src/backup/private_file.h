// Files that only their owner may read, whatever the umask; and how they come to stay.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace lamplighter::backup {

/// Where something is made that is to stand at `place` once it is whole: a name beside it that is nobody
/// else's, so that what a killed process left there may go.
std::filesystem::path draft_of(const std::filesystem::path& place);

/// An open file. Errors: internal "Backup", with the path.
class PrivateFile {
 public:
  /// Makes it, mode 0600, or opens what is there as it is.
  static Result<PrivateFile> open(const std::filesystem::path& path);
  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  PrivateFile(const PrivateFile&) = delete;
  PrivateFile& operator=(const PrivateFile&) = delete;
  ~PrivateFile();

  /// Locks it, and makes it empty; false where another process has it.
  Result<bool> take();
  Status write(std::string_view bytes);
  /// On disk when it returns.
  Status sync();

 private:
  PrivateFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::filesystem::path path_;
  int descriptor_;
};

/// Has on disk which files a directory holds.
Status sync_directory(const std::filesystem::path& directory);

/// Renames, and has it on disk.
Status move_to(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace lamplighter::backup
