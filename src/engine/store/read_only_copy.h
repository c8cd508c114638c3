// A state directory that may only be read, or whose disk is full, looked at in a copy of its own: SQLite
// can't read a write-ahead log without writing beside it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace lamplighter::engine {

class ReadOnlyCopy {
 public:
  /// Copies databases of the directory, by name, to a new directory (mode 0700) in `where`. Errors: bad_input
  /// "StateDirectory" where they can't be read, "StateDirectoryInUse" where a process writes to them;
  /// internal "NoRoom", naming `where`, where the copy can't be written.
  static Result<ReadOnlyCopy> make(const std::filesystem::path& state_dir,
                                   const std::vector<std::string>& databases,
                                   const std::filesystem::path& where);
  /// In the directory for what is temporary.
  static Result<ReadOnlyCopy> make(const std::filesystem::path& state_dir,
                                   const std::vector<std::string>& databases);

  ReadOnlyCopy(ReadOnlyCopy&& other) noexcept;
  ReadOnlyCopy& operator=(ReadOnlyCopy&&) = delete;
  ReadOnlyCopy(const ReadOnlyCopy&) = delete;
  ReadOnlyCopy& operator=(const ReadOnlyCopy&) = delete;
  /// Removes it.
  ~ReadOnlyCopy();

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  explicit ReadOnlyCopy(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path directory_;
};

/// Whether an error is of a directory that may be looked at in a copy.
bool calls_for_copy(const Error& error);

}  // namespace lamplighter::engine
