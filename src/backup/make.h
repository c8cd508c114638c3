// Makes a backup of a state directory, whoever works in it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter::backup {

struct Order {
  std::filesystem::path state_dir;
  std::filesystem::path file;
  bool overwrite = false;  ///< a file that is there
  bool with_key = false;   ///< and the API's key pair
};

struct Made {
  std::int64_t executions = 0;
  std::int64_t running = 0;  ///< of them
  std::uintmax_t bytes = 0;
  bool has_key = false;
};

/// The file is whole or isn't there: it is written beside its place, as draft_of() names it, and renamed.
/// A directory that can't be written to is copied first, beside the backup. Whatever is written meanwhile is
/// in it or isn't, an execution never by half. Errors: bad_input "NoExecutions" (there is no state),
/// "FileExists", "NoFile", "BackupInItself", "BackupUnderWay"; internal "Backup", "Database", "NoRoom" (the
/// disk), "DatabaseCorrupted", "DatabaseTooNew".
Result<Made> make(const Order& order, Time now);

}  // namespace lamplighter::backup
