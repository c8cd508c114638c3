// The state directory: held by one process at a time, and its database, which is checked before it is
// trusted.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace lamplighter::engine {

/// Holds the directory's lock until it is destroyed.
class DirectoryLock {
 public:
  /// Makes the directory (mode 0700) where it is missing. Errors: bad_input "StateDirectoryInUse" naming the
  /// other process, "StateDirectory" where it can't be made or written to.
  static Result<DirectoryLock> take(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_;
};

/// What others than its owner may do in the directory, in words; "" where nothing. A directory that was there
/// is left as people set it.
std::string openness_of(const std::filesystem::path& directory);

/// Says whether the file may be opened as the engine's database, without writing to it: missing and empty
/// files may, others must have the tables and indices of their format. Doesn't wait: what is no file (a pipe,
/// a directory) is refused unopened. Errors: internal "DatabaseCorrupted", "DatabaseTooNew".
Status check_database(const std::filesystem::path& file);

/// In the database's header.
constexpr std::uint32_t kApplicationId = 0x4c616d70;  // "Lamp"

}  // namespace lamplighter::engine
