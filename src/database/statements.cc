#include "database/statements.h"

#include <sqlite3.h>

#include "base/utf8.h"
#include "database/database_file.h"

namespace lamplighter::database {

std::string text_of(const SQLite::Column& column) { return mend_utf8(column.getString()); }

tl::unexpected<Error> damaged(std::string why) {
  return fail(ErrorKind::internal, "DatabaseCorrupted", std::move(why));
}

tl::unexpected<Error> database_error(const std::exception& error) {
  const auto* of_sqlite = dynamic_cast<const SQLite::Exception*>(&error);
  const int code = of_sqlite ? of_sqlite->getErrorCode() & 0xff : 0;
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return damaged(error.what());
  // What other processes need to read the write-ahead log, beside the file.
  if (of_sqlite && of_sqlite->getExtendedErrorCode() == SQLITE_IOERR_SHMSIZE)
    return fail(ErrorKind::internal, "Database", "the disk is full");
  return fail(ErrorKind::internal, "Database", error.what());
}

bool is_trouble_of_disk(const SQLite::Exception& error) {
  switch (error.getErrorCode() & 0xff) {
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_NOMEM:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
      return true;
    default:
      return false;
  }
}

Statements::Statements(const std::string& file) : database(file, SQLite::OPEN_READWRITE) {
  prepare(database);
}

Query Statements::get(const std::string& sql) {
  auto& statement = prepared[sql];
  if (!statement) statement = std::make_unique<SQLite::Statement>(database, sql);
  return Query(*statement);
}

Result<std::unique_ptr<Statements>> open_statements(const std::filesystem::path& file, const Format& format) {
  CHECK_OK(check_file(file, format));
  return attempt_at(file, [&]() -> Result<std::unique_ptr<Statements>> {
    make_missing(file, format);
    auto statements = std::make_unique<Statements>(file.string());
    bring_up_to_date(statements->database, format);
    return statements;
  });
}

}  // namespace lamplighter::database
