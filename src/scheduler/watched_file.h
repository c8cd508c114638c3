// A file whose changes are noticed by looking at it now and then.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <sys/stat.h>

#include "base/result.h"

namespace lamplighter::scheduler {

/// For one thread.
class WatchedFile {
 public:
  explicit WatchedFile(std::string path) : path_(std::move(path)) {}

  /// The file's text, now. Errors: as read_input().
  Result<std::string> read();
  /// What it says, if it changed since it was last read, and not since the last look: then whoever writes it
  /// has most likely finished. An error where it can't be read any more.
  std::optional<Result<std::string>> changed();
  /// To be called before somebody else reads it: what changes from now on is a change.
  void mark() { read_ = seen_ = stamp(); }
  /// The same as changed(), where somebody else reads it.
  bool has_changed();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  /// What tells one content from another without reading it. All 0 where there is no such file.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified = 0;  ///< in nanoseconds
    std::int64_t changed = 0;
    bool operator==(const Stamp&) const = default;
  };
  [[nodiscard]] Stamp stamp() const;

  std::string path_;
  Stamp read_;  ///< when it was read
  Stamp seen_;  ///< at the last look
};

}  // namespace lamplighter::scheduler
