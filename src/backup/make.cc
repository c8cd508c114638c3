#include "backup/make.h"

#include <optional>
#include <string>
#include <vector>

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "backup/archive.h"
#include "backup/private_file.h"
#include "backup/state_files.h"
#include "database/database_file.h"
#include "database/statements.h"
#include "engine/store/read_only_copy.h"

namespace lamplighter::backup {
namespace {

using std::filesystem::path;

/// Goes with what SQLite may have left beside it.
class Draft {
 public:
  explicit Draft(path file) : path_(std::move(file)) { remove(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() { remove(); }
  [[nodiscard]] const path& at() const { return path_; }

 private:
  void remove() const {
    std::error_code ignored;
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
      std::filesystem::remove(path(path_).concat(suffix), ignored);
  }
  path path_;
};

std::vector<std::string> names_of_databases() {
  std::vector<std::string> names;
  for (const StateDatabase& database : kDatabases) names.emplace_back(database.name);
  return names;
}

/// One moment of a database, while others write to it. Throws SQLite::Exception.
void copy_database(const path& from, const path& to) {
  SQLite::Database source(from.string(), SQLite::OPEN_READONLY);
  source.setBusyTimeout(10'000);
  SQLite::Database target(to.string(), SQLite::OPEN_READWRITE);
  target.exec("PRAGMA synchronous = OFF");
  SQLite::Backup(target, source).executeStep(-1);
  target.exec("PRAGMA journal_mode = DELETE");  // one file
}

/// Errors: as database::check_file, for the copy; a damaged one is no backup.
Status add_database(ArchiveWriter& archive, const Order& order, const path& directory,
                    const StateDatabase& database, Made& made) {
  const auto source = directory / database.name;
  if (!std::filesystem::exists(source)) return {};
  const Draft draft(draft_of(order.file).concat(std::string("-") + database.name));
  CHECK_OK(TRY(PrivateFile::open(draft.at())).sync());
  copy_database(source, draft.at());
  const Status checked = database::check_file(
      draft.at(), database.format(), "It is a copy of " + (order.state_dir / database.name).string());
  if (!checked) return tl::unexpected(with_context(checked.error(), "no backup was made"));
  if (database.name == kEngine) {
    SQLite::Database copied(draft.at().string());
    made.executions = copied.execAndGet("SELECT count(*) FROM execution").getInt64();
    made.running = copied.execAndGet("SELECT count(*) FROM execution WHERE status = 0").getInt64();
  }
  return archive.add(database.name, draft.at());
}

/// Whether SQLite can read there what it needs, which may take a write beside it. Throws SQLite::Exception.
bool can_be_read_in_place(const path& state_dir) {
  for (const StateDatabase& database : kDatabases) {
    const auto file = state_dir / database.name;
    std::error_code trouble;
    if (!std::filesystem::exists(file, trouble)) continue;
    try {
      SQLite::Database source(file.string(), SQLite::OPEN_READONLY);
      source.setBusyTimeout(10'000);
      source.execAndGet("SELECT count(*) FROM sqlite_schema");
    } catch (const SQLite::Exception& error) {
      if (database::is_trouble_of_disk(error)) return false;  // the rest is told where it is copied
    }
  }
  return true;
}

/// `directory` is the state directory, or a copy.
Status write_archive(const Order& order, const path& directory, const path& file, Time now, Made& made) {
  return database::attempt([&]() -> Status {
    ArchiveWriter archive(file, now);
    for (const StateDatabase& database : kDatabases)
      CHECK_OK(add_database(archive, order, directory, database, made));
    const auto key = order.state_dir / kKeyPair;
    made.has_key = order.with_key && std::filesystem::exists(key);
    if (made.has_key) CHECK_OK(archive.add(kKeyPair, key));
    archive.close();
    return {};
  });
}

Status check(const Order& order) {
  std::error_code trouble;
  if (!std::filesystem::exists(order.state_dir / kEngine, trouble)) {
    return fail(ErrorKind::bad_input, "NoExecutions",
                fmt::format("found nothing to back up in {}, expected a state directory: see --state-dir",
                            order.state_dir.string()));
  }
  const path directory = std::filesystem::absolute(order.file).parent_path();
  if (std::filesystem::equivalent(directory, order.state_dir, trouble)) {
    return fail(
        ErrorKind::bad_input, "BackupInItself",
        fmt::format("found {} in the state directory itself, expected another place", order.file.string()));
  }
  const auto there = std::filesystem::symlink_status(order.file, trouble);
  if (!std::filesystem::exists(there)) return {};
  if (!std::filesystem::is_regular_file(there)) {
    return fail(ErrorKind::bad_input, "NoFile",
                fmt::format("found {}, which is no file, expected the name of one", order.file.string()));
  }
  if (order.overwrite) return {};
  return fail(
      ErrorKind::bad_input, "FileExists",
      fmt::format("{} is there already and was left as it is: choose another name, or say --overwrite",
                  order.file.string()));
}

}  // namespace

Result<Made> make(const Order& order, Time now) {
  CHECK_OK(check(order));
  const auto place = draft_of(order.file);
  auto file = TRY(PrivateFile::open(place));
  if (!TRY(file.take())) {
    return fail(ErrorKind::bad_input, "BackupUnderWay",
                fmt::format("another backup to {} is under way", order.file.string()));
  }
  Made made;
  const Status written = [&]() -> Status {
    std::optional<engine::ReadOnlyCopy> copy;
    if (!can_be_read_in_place(order.state_dir)) {
      copy.emplace(TRY(engine::ReadOnlyCopy::make(order.state_dir, names_of_databases(),
                                                  std::filesystem::absolute(place).parent_path())));
    }
    CHECK_OK(write_archive(order, copy ? copy->directory() : order.state_dir, place, now, made));
    CHECK_OK(file.sync());
    made.bytes = std::filesystem::file_size(place);
    return move_to(place, order.file);
  }();
  if (written) return made;
  std::error_code ignored;
  std::filesystem::remove(place, ignored);
  return tl::unexpected(with_context(written.error(), fmt::format("no backup to {}", order.file.string())));
}

}  // namespace lamplighter::backup
