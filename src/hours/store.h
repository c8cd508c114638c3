// The hours on disk: how long each environment ran and was stopped, a row an environment and day, kept three
// years; and the looks from which they are counted, as long as one may still come late. What is added twice
// counts once, so that whoever adds may be killed at any moment and add again.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "hours/hours.h"

namespace lamplighter::database {
struct Format;
struct Statements;
}  // namespace lamplighter::database

namespace lamplighter::hours {

/// What an execution saw of an environment.
struct Seen {
  std::string fleet;
  std::string timezone;  ///< whose days count
  std::string environment;
  std::vector<Look> looks;
};

/// An environment's day. What neither ran nor was stopped of it is unknown.
struct Row {
  std::string fleet;
  std::string environment;
  std::string day;    ///< "2026-11-27", in the fleet's zone
  Duration length{};  ///< of the day, as far as it has passed
  Hours hours;

  [[nodiscard]] Duration unknown() const { return length - hours.running - hours.stopped; }
};

const database::Format& database_format();

/// Where a state directory has them.
std::filesystem::path file_in(const std::filesystem::path& state_dir);

/// Safe to use from several threads. Errors: internal "Database", "DatabaseCorrupted".
class Store {
 public:
  static constexpr Duration kKept = std::chrono::hours{24 * (3 * 365 + 1)};
  /// Looks that come later than that, after a later one, are not counted any more.
  static constexpr Duration kMayBeLate = std::chrono::hours{24 * 60};

  /// Opens the database, makes it (mode 0600) where it is missing. Errors: also "DatabaseTooNew". What is
  /// damaged or too new is not written to.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
  ~Store();

  /// Counts what was seen, on disk when it returns.
  Status add(const std::vector<Seen>& seen, Time now);
  /// Every day since `since` that something is known of its environment, until now; by fleet, environment and
  /// day.
  Result<std::vector<Row>> rows(Time since, Time now);

 private:
  explicit Store(std::unique_ptr<database::Statements> statements);
  void add_one(const Seen& seen, Time now) REQUIRES(mutex_);
  std::vector<Look> looks(const std::string& fleet, const std::string& environment) REQUIRES(mutex_);
  void put_days(const Seen& of, const std::string& from, const Days& days) REQUIRES(mutex_);
  void forget(Time now) REQUIRES(mutex_);
  Days known_days(const Seen& of, const schedule::Zone& zone, Time now) REQUIRES(mutex_);
  std::vector<Row> rows_of(const Seen& of, Time since, Time now) REQUIRES(mutex_);

  Mutex mutex_;
  std::unique_ptr<database::Statements> statements_ PT_GUARDED_BY(mutex_);
};

}  // namespace lamplighter::hours
