// A backup's file: the files of a state directory in parts, each with its digest, in an SQLite database of
// its own, so that a file that was cut off or isn't one is noticed. It may hold secrets: mode 0600.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter::backup {

/// Writes an archive at a path where nothing else is. Nothing is on disk for good before close(). Throws
/// SQLite::Exception.
class ArchiveWriter {
 public:
  /// The file must be there, and be empty.
  ArchiveWriter(const std::filesystem::path& file, Time made);
  /// A file as it is now; files are restored in the order in which they were added. Error: internal "Backup"
  /// where it can't be read.
  Status add(const std::string& name, const std::filesystem::path& file);
  void close();

 private:
  SQLite::Database database_;
  SQLite::Transaction transaction_;
};

/// Reads an archive that others may have made: nothing of it is trusted.
class ArchiveReader {
 public:
  /// Error: bad_input "InvalidBackup" for a file that is none, or not whole; "BackupTooNew".
  static Result<std::unique_ptr<ArchiveReader>> open(const std::filesystem::path& file);

  [[nodiscard]] Time made() const { return made_; }
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// Hands a file to `take`, a part at a time. Errors: as open(); `take`'s.
  Status read(const std::string& name, const std::function<Status(std::string_view part)>& take);

 private:
  explicit ArchiveReader(const std::filesystem::path& file)
      : file_(file), database_(file.string(), SQLite::OPEN_READONLY) {}
  Status read_contents();
  Status read_parts(const std::string& name, const std::function<Status(std::string_view part)>& take);

  std::filesystem::path file_;
  SQLite::Database database_;
  Time made_{};
  std::vector<std::string> names_;
};

}  // namespace lamplighter::backup
