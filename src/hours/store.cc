#include "hours/store.h"

#include <algorithm>

#include "database/database_file.h"
#include "database/statements.h"
#include "schedule/time_zone.h"

namespace lamplighter::hours {
namespace {

using database::milliseconds;
using database::time_of;

/// Longer than one may be late and hold.
constexpr Duration kLooksKept = Store::kMayBeLate + kLookHolds + std::chrono::hours{48};

/// That stay however old they are: a clock that was ahead is no reason to lose them.
constexpr std::size_t kFewLooks = 100;

State state_of(int number) {
  return number == 1 ? State::running : number == 2 ? State::stopped : State::unknown;
}

std::string utc_date(Time time) { return date_of(schedule::Zone(), time); }

}  // namespace

const database::Format& database_format() {
  static const database::Format made{0x4c616d48,
                                     {R"sql(
CREATE TABLE fleet (name TEXT PRIMARY KEY, timezone TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE look (
  fleet TEXT NOT NULL, environment TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL,
  PRIMARY KEY (fleet, environment, at)) WITHOUT ROWID;
CREATE TABLE day (
  fleet TEXT NOT NULL, environment TEXT NOT NULL, day TEXT NOT NULL, running INTEGER NOT NULL, stopped INTEGER NOT NULL,
  PRIMARY KEY (fleet, environment, day)) WITHOUT ROWID;
)sql"},
                                     ""};
  return made;
}

std::filesystem::path file_in(const std::filesystem::path& state_dir) { return state_dir / "hours.sqlite"; }

Store::Store(std::unique_ptr<database::Statements> statements) : statements_(std::move(statements)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  auto statements = TRY(database::open_statements(file, database_format()));
  return std::unique_ptr<Store>(new Store(std::move(statements)));
}

Status Store::add(const std::vector<Seen>& seen, Time now) {
  return database::attempt([&]() -> Status {
    const MutexLock lock(mutex_);
    SQLite::Transaction transaction(statements_->database, SQLite::TransactionBehavior::IMMEDIATE);
    for (const Seen& one : seen) add_one(one, now);
    forget(now);
    transaction.commit();
    return {};
  });
}

/// The days are counted anew from the last look on that had been the last until now. What a clock that was
/// ahead left in the future goes.
void Store::add_one(const Seen& seen, Time now) {
  const auto bind = [&](auto& statement) {
    statement->bind(1, seen.fleet);
    statement->bind(2, seen.environment);
  };
  {
    const auto put = statements_->get("INSERT OR REPLACE INTO fleet VALUES (?, ?)");
    put->bind(1, seen.fleet);
    put->bind(2, seen.timezone);
    put->exec();
    const auto astray = statements_->get("DELETE FROM look WHERE fleet = ? AND environment = ? AND at > ?");
    bind(astray);
    astray->bind(3, milliseconds(now));
    astray->exec();
  }
  const auto before = looks(seen.fleet, seen.environment);
  const Time too_late = before.empty() ? Time::min() : before.back().at - kMayBeLate;
  Time first = Time::max();
  for (const Look& look : seen.looks) {
    if (look.at < too_late || look.at > now) continue;
    const auto put = statements_->get("INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?)");
    bind(put);
    put->bind(3, milliseconds(look.at));
    put->bind(4, static_cast<int>(look.state));
    put->exec();
    first = std::min(first, look.at);
  }
  if (first == Time::max()) return;
  const auto zone = schedule::time_zone(seen.timezone);
  const auto all = looks(seen.fleet, seen.environment);
  auto from = std::find_if(all.begin(), all.end(), [&](const Look& look) { return look.at >= first; });
  if (from != all.begin()) --from;
  put_days(seen, date_of(*zone, from->at), count(all, *zone, all.back().at));
  if (all.size() <= kFewLooks) return;
  const Time oldest = std::min(all.back().at - kLooksKept, all[all.size() - kFewLooks].at);
  const auto old = statements_->get("DELETE FROM look WHERE fleet = ? AND environment = ? AND at < ?");
  bind(old);
  old->bind(3, milliseconds(oldest));
  old->exec();
}

std::vector<Look> Store::looks(const std::string& fleet, const std::string& environment) {
  const auto find =
      statements_->get("SELECT at, state FROM look WHERE fleet = ? AND environment = ? ORDER BY at");
  find->bind(1, fleet);
  find->bind(2, environment);
  std::vector<Look> out;
  while (find->executeStep())
    out.push_back({time_of(find->getColumn(0).getInt64()), state_of(find->getColumn(1).getInt())});
  return out;
}

void Store::put_days(const Seen& of, const std::string& from, const Days& days) {
  const auto remove = statements_->get("DELETE FROM day WHERE fleet = ? AND environment = ? AND day >= ?");
  remove->bind(1, of.fleet);
  remove->bind(2, of.environment);
  remove->bind(3, from);
  remove->exec();
  for (auto day = days.lower_bound(from); day != days.end(); ++day) {
    const auto put = statements_->get("INSERT INTO day VALUES (?, ?, ?, ?, ?)");
    put->bind(1, of.fleet);
    put->bind(2, of.environment);
    put->bind(3, day->first);
    put->bind(4, std::int64_t{day->second.running.count()});
    put->bind(5, std::int64_t{day->second.stopped.count()});
    put->exec();
  }
}

void Store::forget(Time now) {
  const auto days = statements_->get("DELETE FROM day WHERE day < ?");
  days->bind(1, utc_date(now - kKept));
  days->exec();
  const auto looks = statements_->get("DELETE FROM look WHERE at < ?");
  looks->bind(1, milliseconds(now - kKept));
  looks->exec();
  statements_->database.exec(
      "DELETE FROM fleet WHERE name NOT IN (SELECT fleet FROM day) AND name NOT IN (SELECT fleet FROM look)");
}

Result<std::vector<Row>> Store::rows(Time since, Time now) {
  return database::attempt([&]() -> Result<std::vector<Row>> {
    const MutexLock lock(mutex_);
    std::vector<Seen> all;
    {
      const auto find = statements_->get(
          "SELECT name, timezone, environment FROM fleet JOIN (SELECT fleet, environment FROM day UNION "
          "SELECT "
          "fleet, environment FROM look) ON fleet = name ORDER BY name, environment");
      while (find->executeStep()) {
        all.push_back({database::text_of(find->getColumn(0)),
                       find->getColumn(1).getString(),
                       database::text_of(find->getColumn(2)),
                       {}});
      }
    }
    std::vector<Row> out;
    for (const Seen& one : all) {
      auto rows = rows_of(one, since, now);
      std::move(rows.begin(), rows.end(), std::back_inserter(out));
    }
    return out;
  });
}

/// What stands in the table, and what the last look says since.
Days Store::known_days(const Seen& of, const schedule::Zone& zone, Time now) {
  Days days;
  const auto find = statements_->get(
      "SELECT day, running, stopped FROM day WHERE fleet = ? AND environment = ? ORDER BY day");
  find->bind(1, of.fleet);
  find->bind(2, of.environment);
  while (find->executeStep()) {
    days[find->getColumn(0).getString()] = {Duration{find->getColumn(1).getInt64()},
                                            Duration{find->getColumn(2).getInt64()}};
  }
  const auto seen = looks(of.fleet, of.environment);
  if (seen.empty()) return days;
  for (const auto& [day, hours] : count({seen.back()}, zone, now)) {
    days[day].running += hours.running;
    days[day].stopped += hours.stopped;
  }
  return days;
}

std::vector<Row> Store::rows_of(const Seen& of, Time since, Time now) {
  const auto zone = schedule::time_zone(of.timezone);
  auto days = known_days(of, *zone, now);
  if (days.empty()) return {};
  const std::string first = days.begin()->first;
  std::vector<Row> out;
  Time end{};
  for (Time at = day_begin(*zone, std::max(since, now - kKept)); at < now; at = end) {
    end = next_day(*zone, at);
    const std::string day = date_of(*zone, at);
    if (day >= first) out.push_back({of.fleet, of.environment, day, std::min(end, now) - at, days[day]});
  }
  return out;
}

}  // namespace lamplighter::hours
