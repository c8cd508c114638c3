// A connection to a database and its prepared statements; what SQLite throws, as error values. For the .cc
// files of what keeps its data there.
#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/clock.h"
#include "base/result.h"
#include "database/schema.h"

namespace lamplighter::database {

inline std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
inline Time time_of(std::int64_t milliseconds) { return Time{Duration{milliseconds}}; }
/// Whether it is a time that can be written, in a year of four digits since 1970.
inline bool is_moment(Time time) {
  return time >= Time{} && time < std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};
}
/// 1970 where it is none.
inline Time moment_or_none(Time time) { return is_moment(time) ? time : Time{}; }

/// Text of a row; what is no UTF-8 in it is mended, for a list that shows it must be readable.
std::string text_of(const SQLite::Column& column);

/// What was stored and can't be right: internal "DatabaseCorrupted".
tl::unexpected<Error> damaged(std::string why);

/// What SQLite threw, as an error value: "DatabaseCorrupted", or "Database" (the disk is full, or fails:
/// nothing is known of the data).
tl::unexpected<Error> database_error(const std::exception& error);

/// Whether it says nothing of what is in the file: the disk is full or fails, or the file, or what SQLite
/// needs beside it, may not be opened or written.
bool is_trouble_of_disk(const SQLite::Exception& error);

/// Runs `work`; what SQLite throws becomes an error value.
template <class Work>
auto attempt(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    return database_error(error);
  }
}

/// The same about one file, which an error then names.
template <class Work>
auto attempt_at(const std::filesystem::path& file, Work work) -> decltype(work()) {
  auto done = attempt(std::move(work));
  if (!done) return tl::unexpected(with_context(std::move(done).error(), file.string()));
  return done;
}

/// A prepared statement in use, ready to be bound. Reset at the end, so that no error leaves a read
/// transaction open: that would keep its connection at an old state, and the write-ahead log from being
/// emptied.
class Query {
 public:
  explicit Query(SQLite::Statement& statement) : statement_(statement) {
    statement_.tryReset();
    statement_.clearBindings();
  }
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  SQLite::Statement* operator->() const { return &statement_; }
  SQLite::Statement& operator*() const { return statement_; }

 private:
  SQLite::Statement& statement_;
};

/// The connection and its prepared statements. For one thread at a time.
struct Statements {
  /// Opens a file that is there, and sets the connection up. Throws SQLite::Exception.
  explicit Statements(const std::string& file);

  /// The statement of that text, prepared at its first use. Throws SQLite::Exception.
  Query get(const std::string& sql);

  SQLite::Database database;
  std::map<std::string, std::unique_ptr<SQLite::Statement>> prepared;
};

/// Opens a database of this format for one store: made where it is missing, brought up to date. Errors: as
/// check_file(), before anything is written; "Database".
Result<std::unique_ptr<Statements>> open_statements(const std::filesystem::path& file, const Format& format);

}  // namespace lamplighter::database
