#include "scheduler/store.h"

#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "database/database_file.h"
#include "database/statements.h"

namespace lamplighter::scheduler {
namespace {

using database::milliseconds;
using database::time_of;

constexpr Duration kMissedKeptFor = std::chrono::hours{24 * 365};

std::string text_of(const std::set<Time>& times) {
  std::vector<std::int64_t> numbers;
  for (const Time time : times) numbers.push_back(milliseconds(time));
  return fmt::format("{}", fmt::join(numbers, " "));
}

/// nullopt where it isn't what text_of() writes.
std::optional<std::set<Time>> read_times(std::string_view text) {
  std::set<Time> times;
  while (!text.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || times.size() >= kStartsRemembered) return std::nullopt;
    times.insert(time_of(number));
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty() && text.front() != ' ') return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
  }
  return times;
}

MissedRecord read_missed(SQLite::Statement& row) {
  MissedRecord record;
  record.recorded = time_of(row.getColumn(0).getInt64());
  record.fleet = database::text_of(row.getColumn(1));
  record.missed.schedule = database::text_of(row.getColumn(2));
  record.missed.first = time_of(row.getColumn(3).getInt64());
  record.missed.last = time_of(row.getColumn(4).getInt64());
  record.missed.count = row.getColumn(5).getInt64();
  record.missed.more = row.getColumn(6).getInt() != 0;
  record.missed.why = static_cast<Missed::Why>(std::clamp(row.getColumn(7).getInt(), 0, 2));
  return record;
}

}  // namespace

/// Format 1 did not know which fleets nobody serves any more.
constexpr const char* kFormat2 = R"sql(
CREATE TABLE served (kind TEXT NOT NULL, name TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
)sql";

const database::Format& database_format() {
  static const database::Format made{0x4c616d53,
                                     {R"sql(
CREATE TABLE schedule (
  fleet TEXT NOT NULL, name TEXT NOT NULL, identity TEXT NOT NULL, first_seen INTEGER NOT NULL,
  done_until INTEGER NOT NULL, settled_until INTEGER NOT NULL, started TEXT NOT NULL, PRIMARY KEY (fleet, name)) WITHOUT ROWID;
CREATE TABLE missed (
  id INTEGER PRIMARY KEY AUTOINCREMENT, recorded INTEGER NOT NULL, fleet TEXT NOT NULL, schedule TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, more INTEGER NOT NULL, why INTEGER NOT NULL);
CREATE TABLE fleet_file (path TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE kept (kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
)sql",
                                      kFormat2},
                                     ""};
  return made;
}

Store::Store(std::unique_ptr<database::Statements> statements) : statements_(std::move(statements)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  auto statements = TRY(database::open_statements(file, database_format()));
  return std::unique_ptr<Store>(new Store(std::move(statements)));
}

/// All of `work` is on disk afterwards, or nothing.
template <class Work>
Status Store::write(Work work) {
  return database::attempt([&]() -> Status {
    const MutexLock lock(mutex_);
    SQLite::Transaction transaction(statements_->database, SQLite::TransactionBehavior::IMMEDIATE);
    work();
    transaction.commit();
    return {};
  });
}

Result<std::map<std::string, Progress>> Store::progress(const std::string& fleet) {
  return database::attempt([&]() -> Result<std::map<std::string, Progress>> {
    const MutexLock lock(mutex_);
    const auto rows = statements_->get(
        "SELECT name, identity, first_seen, done_until, settled_until, started FROM schedule WHERE fleet = "
        "?");
    rows->bind(1, fleet);
    std::map<std::string, Progress> progress;
    while (rows->executeStep()) {
      const std::string name = rows->getColumn(0).getString();
      auto started = read_times(rows->getColumn(5).getString());
      if (!started)
        return database::damaged(fmt::format("the starts of the schedule {} can't be read", name));
      progress[name] = {rows->getColumn(1).getString(), time_of(rows->getColumn(2).getInt64()),
                        time_of(rows->getColumn(3).getInt64()), time_of(rows->getColumn(4).getInt64()),
                        *std::move(started)};
    }
    return progress;
  });
}

void Store::put(const std::string& fleet, const std::map<std::string, Progress>& progress) {
  for (const auto& [name, one] : progress) {
    const auto put = statements_->get("INSERT OR REPLACE INTO schedule VALUES (?, ?, ?, ?, ?, ?, ?)");
    put->bind(1, fleet);
    put->bind(2, name);
    put->bind(3, one.identity);
    put->bind(4, milliseconds(one.first_seen));
    put->bind(5, milliseconds(one.done_until));
    put->bind(6, milliseconds(one.settled_until));
    put->bind(7, text_of(one.started));
    put->exec();
  }
}

void Store::add(const std::string& fleet, const Missed& missed, Time now) {
  const auto add = statements_->get("INSERT INTO missed VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)");
  add->bind(1, milliseconds(now));
  add->bind(2, fleet);
  add->bind(3, missed.schedule);
  add->bind(4, milliseconds(missed.first));
  add->bind(5, milliseconds(missed.last));
  add->bind(6, missed.count);
  add->bind(7, missed.more ? 1 : 0);
  add->bind(8, static_cast<int>(missed.why));
  add->exec();
}

Status Store::replace(const std::string& fleet, const std::map<std::string, Progress>& progress) {
  return write([&]() REQUIRES(mutex_) {
    {
      const auto forget = statements_->get("DELETE FROM schedule WHERE fleet = ?");
      forget->bind(1, fleet);
      forget->exec();
    }
    put(fleet, progress);
  });
}

Status Store::record(const std::string& fleet, const std::map<std::string, Progress>& progress,
                     const std::vector<Missed>& missed, Time now) {
  return write([&]() REQUIRES(mutex_) {
    put(fleet, progress);
    if (missed.empty()) return;
    for (const Missed& one : missed) add(fleet, one, now);
    const auto prune =
        statements_->get("DELETE FROM missed WHERE recorded < ? OR id <= (SELECT max(id) FROM missed) - ?");
    prune->bind(1, milliseconds(now - kMissedKeptFor));
    prune->bind(2, static_cast<std::int64_t>(kMissedKept));
    prune->exec();
  });
}

Result<std::vector<MissedRecord>> Store::missed(std::size_t max) {
  return database::attempt([&]() -> Result<std::vector<MissedRecord>> {
    const MutexLock lock(mutex_);
    const auto rows = statements_->get(
        "SELECT recorded, fleet, schedule, first, last, count, more, why FROM missed ORDER BY id DESC LIMIT "
        "?");
    rows->bind(1, static_cast<std::int64_t>(max));
    std::vector<MissedRecord> records;
    while (rows->executeStep()) records.push_back(read_missed(*rows));
    return records;
  });
}

/// What an older format had counts as served now.
Status Store::serve(const std::map<std::string, std::string>& fleets, Time now) {
  return write([&]() REQUIRES(mutex_) {
    const auto run = [&](const char* sql, std::int64_t time) REQUIRES(mutex_) {
      const auto statement = statements_->get(sql);
      statement->bind(1, time);
      statement->exec();
    };
    run("INSERT OR IGNORE INTO served SELECT DISTINCT 'fleet', fleet, ? FROM schedule WHERE fleet <> ''",
        milliseconds(now));
    run("INSERT OR IGNORE INTO served SELECT 'file', path, ? FROM fleet_file", milliseconds(now));
    for (const auto& [fleet, file] : fleets) {
      const auto put =
          statements_->get("INSERT OR REPLACE INTO served VALUES ('fleet', ?1, ?3), ('file', ?2, ?3)");
      put->bind(1, fleet);
      put->bind(2, file);
      put->bind(3, milliseconds(now));
      put->exec();
    }
    run("DELETE FROM served WHERE at < ?", milliseconds(now - kUnservedKept));
    statements_->database.exec(
        "DELETE FROM schedule WHERE fleet <> '' AND fleet NOT IN (SELECT name FROM served WHERE kind = "
        "'fleet'); "
        "DELETE FROM fleet_file WHERE path NOT IN (SELECT name FROM served WHERE kind = 'file')");
  });
}

Result<std::optional<std::string>> Store::good_copy(const std::string& path) {
  return database::attempt([&]() -> Result<std::optional<std::string>> {
    const MutexLock lock(mutex_);
    const auto row = statements_->get("SELECT text FROM fleet_file WHERE path = ?");
    row->bind(1, path);
    if (!row->executeStep()) return std::nullopt;
    return row->getColumn(0).getString();
  });
}

Status Store::put_good_copy(const std::string& path, const std::string& text) {
  return write([&]() REQUIRES(mutex_) {
    const auto put = statements_->get("INSERT OR REPLACE INTO fleet_file VALUES (?, ?)");
    put->bind(1, path);
    put->bind(2, text);
    put->exec();
  });
}

Result<std::vector<Row>> Store::rows() {
  return database::attempt([&]() -> Result<std::vector<Row>> {
    const MutexLock lock(mutex_);
    const auto rows = statements_->get("SELECT kind, key, text FROM kept ORDER BY kind, key");
    std::vector<Row> found;
    while (rows->executeStep()) {
      found.push_back(
          {rows->getColumn(0).getString(), rows->getColumn(1).getString(), rows->getColumn(2).getString()});
    }
    return found;
  });
}

Status Store::put_rows(const std::vector<Row>& rows) {
  return write([&]() REQUIRES(mutex_) {
    for (const Row& row : rows) {
      const auto put = statements_->get(row.text ? "INSERT OR REPLACE INTO kept VALUES (?, ?, ?)"
                                                 : "DELETE FROM kept WHERE kind = ? AND key = ?");
      put->bind(1, row.kind);
      put->bind(2, row.key);
      if (row.text) put->bind(3, *row.text);
      put->exec();
    }
  });
}

}  // namespace lamplighter::scheduler
