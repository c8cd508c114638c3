// Whether the state directory is still the one that this process holds: removed, or replaced by another, it
// is held by nobody, and a second process could do there what this one does.
#pragma once

#include <filesystem>

#include <sys/stat.h>

namespace lamplighter::run {

/// For one thread.
class HeldDirectory {
 public:
  /// Of a directory that an engine holds.
  explicit HeldDirectory(const std::filesystem::path& directory);
  /// What can't be looked at for now counts as there.
  [[nodiscard]] bool is_there() const;

 private:
  std::filesystem::path lock_;
  struct stat file_ {};
};

}  // namespace lamplighter::run
