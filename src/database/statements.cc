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
  return fail(ErrorKind::internal, "Database", error.what());
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
  return attempt([&]() -> Result<std::unique_ptr<Statements>> {
    make_missing(file, format);
    auto statements = std::make_unique<Statements>(file.string());
    bring_up_to_date(statements->database, format);
    return statements;
  });
}

}  // namespace lamplighter::database
