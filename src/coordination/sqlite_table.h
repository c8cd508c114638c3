// The coordination table of one state directory: a database file of its own, for whichever processes share
// the directory.
#pragma once

#include <filesystem>
#include <memory>

#include "base/mutex.h"
#include "coordination/table.h"

namespace lamplighter::database {
struct Format;
struct Statements;
}  // namespace lamplighter::database

namespace lamplighter::coordination {

/// Of the file's tables.
const database::Format& database_format();

/// Where a state directory has it.
std::filesystem::path file_in(const std::filesystem::path& state_dir);

/// Safe to use from several threads, and from several processes at once. Errors: internal "Database" (the
/// disk is full, or fails), "DatabaseCorrupted" (what was read can't be right).
class SqliteTable final : public Table {
 public:
  /// Opens the file, makes it (mode 0600) where it is missing. Errors: also "DatabaseTooNew". What is damaged
  /// or too new is not written to.
  static Result<std::unique_ptr<SqliteTable>> open(const std::filesystem::path& file);
  ~SqliteTable() override;

  Result<Item> read(const std::string& key) override;
  /// One commit, on disk when it returns.
  Result<bool> replace(const std::string& key, std::uint64_t seen, const std::string& text) override;
  Result<std::map<std::string, Item>> list(const std::string& prefix) override;

 private:
  explicit SqliteTable(std::unique_ptr<database::Statements> statements);

  Mutex mutex_;
  std::unique_ptr<database::Statements> statements_ PT_GUARDED_BY(mutex_);
};

}  // namespace lamplighter::coordination
