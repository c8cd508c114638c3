#include "backup/restore.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>

#include "backup/archive.h"
#include "backup/private_file.h"
#include "backup/state_files.h"
#include "database/database_file.h"
#include "engine/store/store.h"

namespace lamplighter::backup {
namespace {

using std::filesystem::path;

tl::unexpected<Error> invalid(const path& file, std::string_view why) {
  return fail(ErrorKind::bad_input, "InvalidBackup",
              fmt::format("{} is no whole backup: {}. Nothing was changed", file.string(), why));
}

tl::unexpected<Error> disk_error(const path& place, const std::error_code& why) {
  return fail(ErrorKind::internal, "Backup", fmt::format("{}: {}", place.string(), why.message()));
}

Status check_place(const path& directory) {
  std::error_code trouble;
  const bool is_there = std::filesystem::exists(std::filesystem::symlink_status(directory, trouble));
  if (!is_there) return {};
  const bool is_empty = std::filesystem::is_directory(directory, trouble) &&
                        !std::filesystem::is_symlink(directory, trouble) &&
                        std::filesystem::is_empty(directory, trouble) && !trouble;
  if (is_empty) return {};
  return fail(ErrorKind::bad_input, "NotEmpty",
              fmt::format("{} is there and is no empty directory; it was left as it is: choose another "
                          "--state-dir, or move it away",
                          directory.string()));
}

/// Each name once, none that a backup doesn't have, and in the order that makes them fit each other.
Status check_names(const path& file, const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const StateDatabase& database : kDatabases) known.emplace_back(database.name);
  known.emplace_back(kKeyPair);
  auto place = known.begin();
  for (const std::string& name : names) {
    place = std::find(place, known.end(), name);
    if (place == known.end()) return invalid(file, fmt::format("{} does not belong where it stands", name));
    ++place;
  }
  if (std::find(names.begin(), names.end(), kEngine) != names.end()) return {};
  return invalid(file, fmt::format("it lacks {}", kEngine));
}

/// The directory while it is made. What an earlier attempt left there goes; anything else stays, and then
/// there is no making one.
class Draft {
 public:
  explicit Draft(path directory) : path_(std::move(directory)) { remove(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { remove(); }

  [[nodiscard]] const path& at() const { return path_; }
  [[nodiscard]] Status make() const {
    std::error_code error;
    if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), error);
    if (error) return disk_error(path_.parent_path(), error);
    if (::mkdir(path_.c_str(), 0700) == 0 && ::chmod(path_.c_str(), 0700) == 0) return {};
    return disk_error(path_, std::error_code(errno, std::generic_category()));
  }

 private:
  void remove() const {
    std::error_code ignored;
    const auto remove_with_logs = [&](const char* name) {
      for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
        std::filesystem::remove((path_ / name).concat(suffix), ignored);
    };
    for (const StateDatabase& database : kDatabases) remove_with_logs(database.name);
    remove_with_logs(kKeyPair);
    std::filesystem::remove(path_, ignored);
  }
  path path_;
};

Status extract(ArchiveReader& archive, const std::string& name, const path& to) {
  auto file = TRY(PrivateFile::open(to));
  CHECK_OK(archive.read(name, [&](std::string_view part) { return file.write(part); }));
  return file.sync();
}

Status check_databases(const path& file, const path& directory) {
  for (const StateDatabase& database : kDatabases) {
    const Status checked =
        database::check_file(directory / database.name, database.format(), "Nothing was changed");
    if (checked) continue;
    if (checked.error().code == "DatabaseTooNew")
      return fail(ErrorKind::bad_input, "BackupTooNew", checked.error().message);
    return invalid(file, fmt::format("{}: {}", database.name, checked.error().message));
  }
  return {};
}

/// Gives how many were running.
Result<std::size_t> end_running(const path& directory, Time made, bool go_on, Time now) {
  const auto store = TRY(engine::Store::open(directory / kEngine));
  const auto running = TRY(store->running());
  if (go_on) return running.size();
  const std::string cause = fmt::format(
      "It was running when the backup of {} was made, and was not to go on here", format_time(made));
  CHECK_OK(store->begin());
  for (const auto& row : running) CHECK_OK(store->abort_execution(row.id, cause, now));
  CHECK_OK(store->commit());
  return running.size();
}

}  // namespace

Result<Restored> restore(const RestoreOrder& order, Time now) {
  const auto directory = std::filesystem::absolute(order.state_dir / "").parent_path().lexically_normal();
  CHECK_OK(check_place(directory));
  const auto archive = TRY(ArchiveReader::open(order.file));
  CHECK_OK(check_names(order.file, archive->names()));
  const Draft draft(draft_of(directory));
  CHECK_OK(draft.make());
  Restored restored{archive->made(), 0, false};
  for (const std::string& name : archive->names()) {
    CHECK_OK(extract(*archive, name, draft.at() / name));
    restored.has_key = restored.has_key || name == kKeyPair;
  }
  CHECK_OK(check_databases(order.file, draft.at()));
  restored.running = TRY(end_running(draft.at(), restored.made, order.go_on, now));
  CHECK_OK(sync_directory(draft.at()));
  CHECK_OK(move_to(draft.at(), directory));
  return restored;
}

}  // namespace lamplighter::backup
