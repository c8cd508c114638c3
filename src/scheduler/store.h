// What the scheduler knows beyond its process's life: how far each schedule is, what was missed, and the last
// good copy of each fleet file. A database of its own beside the engine's: the engine's commits an
// execution's start under the occurrence's name, then this one that it was started; where the process dies
// between the two, the same name is started again, which the engine does once.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "scheduler/row_store.h"
#include "scheduler/timetable.h"

namespace lamplighter::database {
struct Format;
struct Statements;
}  // namespace lamplighter::database

namespace lamplighter::scheduler {

/// What was missed, as it is kept: a year, and at most 10,000 of them.
struct MissedRecord {
  std::string fleet;
  Time recorded{};
  Missed missed;
};

inline constexpr std::size_t kMissedKept = 10'000;
/// So long what is known of a fleet outlives its last start of a daemon.
inline constexpr Duration kUnservedKept = std::chrono::hours{24 * 400};

const database::Format& database_format();

/// Safe to use from several threads. Errors: internal "Database" (the disk is full, or fails),
/// "DatabaseCorrupted" (what was read can't be right).
class Store final : public RowStore {
 public:
  /// Opens the database, makes it (mode 0600) where it is missing. Errors: also "DatabaseTooNew". What is
  /// damaged or too new is not written to.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
  ~Store() override;

  /// Of the fleet's schedules, by name.
  Result<std::map<std::string, Progress>> progress(const std::string& fleet);
  /// The fleet's schedules as they are now: those that aren't among them are forgotten.
  Status replace(const std::string& fleet, const std::map<std::string, Progress>& progress);
  /// Schedules that went on, and what of them was missed, at once.
  Status record(const std::string& fleet, const std::map<std::string, Progress>& progress,
                const std::vector<Missed>& missed, Time now);
  /// Newest first.
  Result<std::vector<MissedRecord>> missed(std::size_t max);

  /// These fleets, by name, are served now, from files that good_copy() knows by these paths. What nobody has
  /// served for kUnservedKept is forgotten.
  Status serve(const std::map<std::string, std::string>& fleets, Time now);

  /// The text of a fleet file when it was last good.
  Result<std::optional<std::string>> good_copy(const std::string& path);
  Status put_good_copy(const std::string& path, const std::string& text);

  Result<std::vector<Row>> rows() override;
  Status put_rows(const std::vector<Row>& rows) override;

 private:
  explicit Store(std::unique_ptr<database::Statements> statements);
  template <class Work>
  Status write(Work work);
  void put(const std::string& fleet, const std::map<std::string, Progress>& progress) REQUIRES(mutex_);
  void add(const std::string& fleet, const Missed& missed, Time now) REQUIRES(mutex_);

  Mutex mutex_;
  std::unique_ptr<database::Statements> statements_ PT_GUARDED_BY(mutex_);
};

}  // namespace lamplighter::scheduler
