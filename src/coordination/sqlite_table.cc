#include "coordination/sqlite_table.h"

#include <fmt/format.h>

#include "database/statements.h"

namespace lamplighter::coordination {
namespace {

/// Of a row's version and text.
Result<Item> read_item(SQLite::Statement& row, int first) {
  const std::int64_t version = row.getColumn(first).getInt64();
  if (version <= 0) return database::damaged(fmt::format("an item has the version {}", version));
  return Item{static_cast<std::uint64_t>(version), row.getColumn(first + 1).getString()};
}

}  // namespace

const database::Format& database_format() {
  static const database::Format made{
      0x4c616d43,  // "LamC"
      {"CREATE TABLE item (key TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL) WITHOUT "
       "ROWID;"},
      ""};
  return made;
}

std::filesystem::path file_in(const std::filesystem::path& state_dir) {
  return state_dir / "coordination.sqlite";
}

SqliteTable::SqliteTable(std::unique_ptr<database::Statements> statements)
    : statements_(std::move(statements)) {}
SqliteTable::~SqliteTable() = default;

Result<std::unique_ptr<SqliteTable>> SqliteTable::open(const std::filesystem::path& file) {
  auto statements = TRY(database::open_statements(file, database_format()));
  return std::unique_ptr<SqliteTable>(new SqliteTable(std::move(statements)));
}

Result<Item> SqliteTable::read(const std::string& key) {
  return database::attempt([&]() -> Result<Item> {
    const MutexLock lock(mutex_);
    const auto row = statements_->get("SELECT version, text FROM item WHERE key = ?");
    row->bind(1, key);
    if (!row->executeStep()) return Item{};
    return read_item(*row, 0);
  });
}

Result<bool> SqliteTable::replace(const std::string& key, std::uint64_t seen, const std::string& text) {
  return database::attempt([&]() -> Result<bool> {
    const MutexLock lock(mutex_);
    // A statement is a transaction, so that nobody comes between its look and its write.
    const auto write =
        statements_->get(seen == 0 ? "INSERT INTO item VALUES (?2, 1, ?1) ON CONFLICT DO NOTHING"
                                   : "UPDATE item SET version = version + 1, text = ?1 WHERE key = ?2 AND "
                                     "version = ?3");
    write->bind(1, text);
    write->bind(2, key);
    if (seen != 0) write->bind(3, static_cast<std::int64_t>(seen));
    return write->exec() == 1;
  });
}

Result<std::map<std::string, Item>> SqliteTable::list(const std::string& prefix) {
  return database::attempt([&]() -> Result<std::map<std::string, Item>> {
    const MutexLock lock(mutex_);
    const auto rows = statements_->get("SELECT key, version, text FROM item WHERE key >= ? ORDER BY key");
    rows->bind(1, prefix);
    std::map<std::string, Item> found;
    while (rows->executeStep()) {
      const std::string key = rows->getColumn(0).getString();
      if (!key.starts_with(prefix)) break;
      found.emplace(key, TRY(read_item(*rows, 1)));
    }
    return found;
  });
}

}  // namespace lamplighter::coordination
