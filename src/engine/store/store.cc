#include "engine/store/store.h"

#include <algorithm>

#include "database/statements.h"
#include "engine/store/database.h"

namespace lamplighter::engine {

using database::attempt;

Store::Store(std::unique_ptr<database::Statements> statements) : statements_(std::move(statements)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  return database::attempt_at(file, [&]() -> Result<std::unique_ptr<Store>> {
    database::make_missing(file, database_format());
    auto statements = std::make_unique<database::Statements>(file.string());
    prepare(statements->database);
    return std::unique_ptr<Store>(new Store(std::move(statements)));
  });
}

std::filesystem::path Store::file() const { return statements_->database.getFilename(); }

/// After one write has failed SQLite may have rolled back already, and would commit the next one by itself.
Status Store::write(const std::function<void()>& work) {
  CHECK_OK(broken_);
  broken_ = attempt([&]() -> Status {
    work();
    return {};
  });
  return broken_;
}

Status Store::begin() {
  broken_ = {};
  return write([&] { statements_->get("BEGIN IMMEDIATE")->exec(); });
}

Status Store::commit() {
  return write([&] { statements_->get("COMMIT")->exec(); });
}

void Store::rollback() {
  const auto rolled_back = attempt([&]() -> Status {
    statements_->get("ROLLBACK")->exec();
    return {};
  });
  broken_ = {};
  if (!rolled_back) return;  // SQLite had already rolled back
}

Result<bool> Store::tidy() {
  constexpr int kSparePages = 2'000;
  bool more = false;
  CHECK_OK(write([&] {
    auto& database = statements_->database;
    database.exec(
        "DELETE FROM definition WHERE id NOT IN (SELECT definition FROM state_machine) AND id NOT IN "
        "(SELECT definition FROM execution)");
    const auto spare = [&] { return database.execAndGet("PRAGMA freelist_count").getInt() - kSparePages; };
    if (spare() <= 0) return;
    database.exec("PRAGMA incremental_vacuum(250)");
    more = spare() > 0;
  }));
  return more;
}

Result<Retention> Store::retention() {
  return attempt([&]() -> Result<Retention> {
    Retention out;
    const auto find = statements_->get("SELECT age, executions, bytes FROM retention");
    if (!find->executeStep()) return out;
    out.age = std::chrono::hours{std::max(find->getColumn(0).getInt64(), std::int64_t{0})};
    out.executions = static_cast<std::size_t>(find->getColumn(1).getInt64());
    out.bytes = static_cast<std::uint64_t>(find->getColumn(2).getInt64());
    return out;
  });
}

Status Store::put_retention(const Retention& retention) {
  return write([&] {
    const auto put = statements_->get("INSERT OR REPLACE INTO retention VALUES (0, ?, ?, ?)");
    put->bind(1, static_cast<std::int64_t>(retention.age.count()));
    put->bind(2, static_cast<std::int64_t>(retention.executions));
    put->bind(3, static_cast<std::int64_t>(retention.bytes));
    put->exec();
  });
}

Result<Duration> Store::skew() {
  return attempt([&]() -> Result<Duration> {
    if (!statements_->database.tableExists("timeline")) return Duration::zero();
    const auto find = statements_->get("SELECT skew FROM timeline");
    return Duration{find->executeStep() ? find->getColumn(0).getInt64() : 0};
  });
}

Status Store::put_skew(Duration skew) {
  return write([&] {
    statements_->database.exec(database_format().made_later);
    const auto put = statements_->get("INSERT OR REPLACE INTO timeline VALUES (0, ?)");
    put->bind(1, static_cast<std::int64_t>(skew.count()));
    put->exec();
  });
}

}  // namespace lamplighter::engine
