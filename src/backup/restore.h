// Makes a state directory of a backup, after a look at all that is in it.
#pragma once

#include <cstddef>
#include <filesystem>

#include "base/clock.h"
#include "base/result.h"

namespace lamplighter::backup {

struct RestoreOrder {
  std::filesystem::path file;
  std::filesystem::path state_dir;  ///< that isn't there yet, or is empty
  bool go_on = false;               ///< with what was running; else it is ended
};

struct Restored {
  Time made{};              ///< when the backup was made
  std::size_t running = 0;  ///< executions that were running then
  bool has_key = false;
};

/// The directory is whole (mode 0700, its files 0600) or as it was: it is made beside its place, as
/// draft_of() names it, and renamed. What was running is ended as ABORTED, unless it is to go on: the
/// original may carry it on. Errors: bad_input "NotEmpty", "InvalidBackup", "BackupTooNew"; internal "Backup"
/// (the disk).
Result<Restored> restore(const RestoreOrder& order, Time now);

}  // namespace lamplighter::backup
