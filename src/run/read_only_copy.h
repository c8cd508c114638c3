// A state directory that may be read and not written to, looked at in a copy of its own: SQLite can't read a
// write-ahead log without writing beside it.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace lamplighter::run {

class ReadOnlyCopy {
 public:
  /// Copies the engine's database to a new directory (mode 0700). Errors: bad_input "StateDirectory" where
  /// it can't be read or copied, "StateDirectoryInUse" where a process writes to it.
  static Result<ReadOnlyCopy> make(const std::filesystem::path& state_dir);

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

}  // namespace lamplighter::run
