#include "engine/store/store.h"

#include <algorithm>
#include <map>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "engine/store/state_directory.h"

namespace lamplighter::engine {
namespace {

/// A history chunk's row id: its execution's, and its place therein (a history has at most 25,000 events).
constexpr std::int64_t kChunksPerExecution = std::int64_t{1} << 20;
constexpr std::size_t kPruneAtOnce = 500;

constexpr const char* kSchema = R"sql(
CREATE TABLE definition (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE state_machine (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition INTEGER NOT NULL, role_arn TEXT NOT NULL, revision_id TEXT NOT NULL,
  extras TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE TABLE execution (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state_machine_arn TEXT NOT NULL,
  role_arn TEXT NOT NULL, definition INTEGER NOT NULL, seed INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, ended INTEGER);
CREATE INDEX execution_of_machine ON execution (state_machine_arn, id);
CREATE INDEX execution_running ON execution (id) WHERE status = 0;
CREATE INDEX execution_ended ON execution (ended) WHERE status <> 0;
CREATE TABLE history (
  id INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, due INTEGER NOT NULL, records BLOB NOT NULL);
)sql";

constexpr const char* kExecutionColumns =
    "id, arn, name, state_machine_arn, role_arn, definition, seed, status, started, ended";
constexpr const char* kMachineColumns =
    "s.arn, s.name, d.text, s.role_arn, s.revision_id, s.extras, s.created, s.updated FROM state_machine s "
    "JOIN definition d "
    "ON d.id = s.definition";

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
Time time_of(std::int64_t milliseconds) { return Time{Duration{milliseconds}}; }

tl::unexpected<Error> database_error(const std::exception& error) {
  return fail(ErrorKind::internal, "Database", error.what());
}

ExecutionRow read_execution(SQLite::Statement& row) {
  ExecutionRow out;
  out.id = row.getColumn(0).getInt64();
  out.arn = row.getColumn(1).getString();
  out.name = row.getColumn(2).getString();
  out.state_machine_arn = row.getColumn(3).getString();
  out.role_arn = row.getColumn(4).getString();
  out.definition = row.getColumn(5).getInt64();
  out.seed = row.getColumn(6).getInt64();
  out.status = static_cast<ExecutionStatus>(row.getColumn(7).getInt());
  out.started = time_of(row.getColumn(8).getInt64());
  if (!row.getColumn(9).isNull()) out.ended = time_of(row.getColumn(9).getInt64());
  return out;
}

StateMachine read_machine(SQLite::Statement& row) {
  StateMachine out;
  out.arn = row.getColumn(0).getString();
  out.name = row.getColumn(1).getString();
  out.definition = row.getColumn(2).getString();
  out.role_arn = row.getColumn(3).getString();
  out.revision_id = row.getColumn(4).getString();
  out.extras = parse_json(row.getColumn(5).getString()).value_or(nullptr);
  out.created = time_of(row.getColumn(6).getInt64());
  out.updated = time_of(row.getColumn(7).getInt64());
  return out;
}

Result<std::vector<Event>> read_chunk(SQLite::Statement& row, int column) {
  const auto blob = row.getColumn(column);
  return read_records({static_cast<const char*>(blob.getBlob()), static_cast<std::size_t>(blob.getBytes())});
}

/// Makes an empty database beside its place and moves it there, so that no crash leaves half of one. The ids
/// in the header are written before the write-ahead log is switched on, so that check_database() finds them
/// in the file itself.
void make_database(const std::filesystem::path& file) {
  const auto fresh = std::filesystem::path(file).concat(".new");
  std::filesystem::remove(fresh);
  {
    SQLite::Database database(fresh.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    database.exec("PRAGMA synchronous = FULL");
    SQLite::Transaction transaction(database);
    database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    database.exec(fmt::format("PRAGMA user_version = {}", kFormatVersion));
    database.exec(kSchema);
    transaction.commit();
  }
  std::filesystem::permissions(fresh,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::rename(fresh, file);
}

void prepare(SQLite::Database& database) {
  database.setBusyTimeout(10'000);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("PRAGMA journal_size_limit = 67108864");
  database.exec("PRAGMA cache_size = -32768");
}

}  // namespace

/// The connection and its prepared statements.
struct Store::Statements {
  explicit Statements(const std::string& file) : database(file, SQLite::OPEN_READWRITE) { prepare(database); }

  /// A statement ready to be bound, prepared on its first use.
  SQLite::Statement& get(const std::string& sql) {
    auto& statement = prepared[sql];
    if (!statement) statement = std::make_unique<SQLite::Statement>(database, sql);
    statement->reset();
    statement->clearBindings();
    return *statement;
  }

  SQLite::Database database;
  std::map<std::string, std::unique_ptr<SQLite::Statement>> prepared;
};

namespace {

/// Runs `work`; what SQLite throws becomes an error value.
template <class Work>
auto attempt(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    return database_error(error);
  }
}

}  // namespace

Store::Store(std::unique_ptr<Statements> statements) : statements_(std::move(statements)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  return attempt([&]() -> Result<std::unique_ptr<Store>> {
    if (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0) make_database(file);
    return std::unique_ptr<Store>(new Store(std::make_unique<Statements>(file.string())));
  });
}

Status Store::begin() {
  return attempt([&]() -> Status {
    statements_->get("BEGIN IMMEDIATE").exec();
    return {};
  });
}

Status Store::commit() {
  return attempt([&]() -> Status {
    statements_->get("COMMIT").exec();
    return {};
  });
}

void Store::rollback() {
  const auto rolled_back = attempt([&]() -> Status {
    statements_->get("ROLLBACK").exec();
    return {};
  });
  if (!rolled_back) return;  // SQLite had already rolled back
}

Result<std::int64_t> Store::put_definition(const std::string& text) {
  return attempt([&]() -> Result<std::int64_t> {
    auto& insert = statements_->get("INSERT OR IGNORE INTO definition (text) VALUES (?)");
    insert.bindNoCopy(1, text);
    insert.exec();
    auto& find = statements_->get("SELECT id FROM definition WHERE text = ?");
    find.bindNoCopy(1, text);
    find.executeStep();
    const std::int64_t id = find.getColumn(0).getInt64();
    find.reset();
    return id;
  });
}

Result<std::string> Store::definition(std::int64_t id) {
  return attempt([&]() -> Result<std::string> {
    auto& find = statements_->get("SELECT text FROM definition WHERE id = ?");
    find.bind(1, id);
    if (!find.executeStep()) return fail(ErrorKind::internal, "Database", "a definition is missing");
    std::string text = find.getColumn(0).getString();
    find.reset();
    return text;
  });
}

Result<std::optional<StateMachine>> Store::state_machine(const std::string& arn) {
  return attempt([&]() -> Result<std::optional<StateMachine>> {
    auto& find = statements_->get(fmt::format("SELECT {} WHERE s.arn = ?", kMachineColumns));
    find.bindNoCopy(1, arn);
    std::optional<StateMachine> out;
    if (find.executeStep()) out = read_machine(find);
    find.reset();
    return out;
  });
}

Result<std::int64_t> Store::state_machine_definition(const std::string& arn) {
  return attempt([&]() -> Result<std::int64_t> {
    auto& find = statements_->get("SELECT definition FROM state_machine WHERE arn = ?");
    find.bindNoCopy(1, arn);
    const std::int64_t id = find.executeStep() ? find.getColumn(0).getInt64() : 0;
    find.reset();
    return id;
  });
}

Status Store::put_state_machine(const StateMachine& machine, std::int64_t definition) {
  return attempt([&]() -> Status {
    auto& put = statements_->get("INSERT OR REPLACE INTO state_machine VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    put.bind(1, machine.arn);
    put.bind(2, machine.name);
    put.bind(3, definition);
    put.bind(4, machine.role_arn);
    put.bind(5, machine.revision_id);
    put.bind(6, json_text(machine.extras));
    put.bind(7, milliseconds(machine.created));
    put.bind(8, milliseconds(machine.updated));
    put.exec();
    return {};
  });
}

Status Store::delete_state_machine(const std::string& arn) {
  return attempt([&]() -> Status {
    auto& remove = statements_->get("DELETE FROM state_machine WHERE arn = ?");
    remove.bindNoCopy(1, arn);
    remove.exec();
    return {};
  });
}

Result<std::vector<StateMachine>> Store::state_machines(std::size_t max, const std::string& after) {
  return attempt([&]() -> Result<std::vector<StateMachine>> {
    auto& find =
        statements_->get(fmt::format("SELECT {} WHERE s.name > ? ORDER BY s.name LIMIT ?", kMachineColumns));
    find.bindNoCopy(1, after);
    find.bind(2, static_cast<std::int64_t>(max));
    std::vector<StateMachine> out;
    while (find.executeStep()) out.push_back(read_machine(find));
    find.reset();
    return out;
  });
}

Result<std::int64_t> Store::add_execution(const ExecutionRow& row) {
  return attempt([&]() -> Result<std::int64_t> {
    auto& add = statements_->get(
        "INSERT INTO execution (arn, name, state_machine_arn, role_arn, definition, seed, status, started) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?)");
    add.bindNoCopy(1, row.arn);
    add.bindNoCopy(2, row.name);
    add.bindNoCopy(3, row.state_machine_arn);
    add.bindNoCopy(4, row.role_arn);
    add.bind(5, row.definition);
    add.bind(6, row.seed);
    add.bind(7, milliseconds(row.started));
    add.exec();
    return statements_->database.getLastInsertRowid();
  });
}

Status Store::end_execution(std::int64_t id, ExecutionStatus status, Time ended) {
  return attempt([&]() -> Status {
    auto& update = statements_->get("UPDATE execution SET status = ?, ended = ? WHERE id = ?");
    update.bind(1, static_cast<int>(status));
    update.bind(2, milliseconds(ended));
    update.bind(3, id);
    update.exec();
    return {};
  });
}

Result<std::optional<ExecutionRow>> Store::execution(const std::string& arn) {
  return attempt([&]() -> Result<std::optional<ExecutionRow>> {
    auto& find = statements_->get(fmt::format("SELECT {} FROM execution WHERE arn = ?", kExecutionColumns));
    find.bindNoCopy(1, arn);
    std::optional<ExecutionRow> out;
    if (find.executeStep()) out = read_execution(find);
    find.reset();
    return out;
  });
}

Result<ExecutionRow> Store::execution(std::int64_t id) {
  return attempt([&]() -> Result<ExecutionRow> {
    auto& find = statements_->get(fmt::format("SELECT {} FROM execution WHERE id = ?", kExecutionColumns));
    find.bind(1, id);
    if (!find.executeStep()) return fail(ErrorKind::internal, "Database", "an execution is missing");
    ExecutionRow out = read_execution(find);
    find.reset();
    return out;
  });
}

Result<std::vector<ExecutionRow>> Store::executions(const ListExecutions& request, std::int64_t before) {
  return attempt([&]() -> Result<std::vector<ExecutionRow>> {
    std::string sql = fmt::format("SELECT {} FROM execution WHERE id < ?", kExecutionColumns);
    if (!request.state_machine_arn.empty()) sql += " AND state_machine_arn = ?3";
    if (request.status) sql += " AND status = ?4";
    auto& find = statements_->get(sql + " ORDER BY id DESC LIMIT ?2");
    find.bind(1, before == 0 ? INT64_MAX : before);
    find.bind(2, static_cast<std::int64_t>(request.max));
    if (!request.state_machine_arn.empty()) find.bindNoCopy(3, request.state_machine_arn);
    if (request.status) find.bind(4, static_cast<int>(*request.status));
    std::vector<ExecutionRow> out;
    while (find.executeStep()) out.push_back(read_execution(find));
    find.reset();
    return out;
  });
}

Result<std::vector<RunningRow>> Store::running() {
  return attempt([&]() -> Result<std::vector<RunningRow>> {
    auto& find =
        statements_->get(fmt::format("SELECT e.id, (SELECT due FROM history h WHERE h.id >= e.id * {0} AND "
                                     "h.id < (e.id + 1) * {0} ORDER BY h.id DESC "
                                     "LIMIT 1) FROM execution e WHERE e.status = 0 ORDER BY e.id",
                                     kChunksPerExecution));
    std::vector<RunningRow> out;
    while (find.executeStep()) out.push_back({find.getColumn(0).getInt64(), find.getColumn(1).getInt64()});
    find.reset();
    return out;
  });
}

Status Store::append(const Chunk& chunk) {
  return attempt([&]() -> Status {
    auto& add = statements_->get("INSERT INTO history VALUES (?, ?, ?, ?)");
    add.bind(1, chunk.execution * kChunksPerExecution + chunk.sequence);
    add.bind(2, chunk.last_event);
    add.bind(3, chunk.due);
    add.bindNoCopy(4, chunk.records.data(), static_cast<int>(chunk.records.size()));
    add.exec();
    return {};
  });
}

Result<std::vector<Event>> Store::history(std::int64_t execution, std::int64_t* chunks) {
  return attempt([&]() -> Result<std::vector<Event>> {
    auto& find = statements_->get("SELECT records FROM history WHERE id >= ? AND id < ? ORDER BY id");
    find.bind(1, execution * kChunksPerExecution);
    find.bind(2, (execution + 1) * kChunksPerExecution);
    std::vector<Event> out;
    std::int64_t count = 0;
    for (; find.executeStep(); ++count) {
      for (auto& event : TRY(read_chunk(find, 0))) out.push_back(std::move(event));
    }
    find.reset();
    if (chunks) *chunks = count;
    return out;
  });
}

Result<std::vector<Event>> Store::events(std::int64_t execution, std::int64_t from, bool reverse,
                                         std::size_t max) {
  return attempt([&]() -> Result<std::vector<Event>> {
    auto& find = statements_->get(
        reverse ? "SELECT records FROM history WHERE id >= ?1 AND id < ?2 ORDER BY id DESC"
                : "SELECT records FROM history WHERE id >= ?1 AND id < ?2 AND last_event >= ?3 ORDER BY id");
    find.bind(1, execution * kChunksPerExecution);
    find.bind(2, (execution + 1) * kChunksPerExecution);
    if (!reverse) find.bind(3, from);
    std::vector<Event> out;
    while (out.size() < max && find.executeStep()) {
      auto events = TRY(read_chunk(find, 0));
      if (reverse) std::reverse(events.begin(), events.end());
      for (auto& event : events) {
        const bool wanted = !event.is_note() && (reverse ? event.id <= from : event.id >= from);
        if (wanted && out.size() < max) out.push_back(std::move(event));
      }
    }
    find.reset();
    return out;
  });
}

Result<std::optional<Event>> Store::first_event(std::int64_t execution) {
  auto found = TRY(events(execution, 1, false, 1));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::optional<Event>> Store::last_event(std::int64_t execution) {
  auto found = TRY(events(execution, INT64_MAX, true, 1));
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

Result<std::size_t> Store::prune(const Retention& retention, Time now) {
  return attempt([&]() -> Result<std::size_t> {
    auto& database = statements_->database;
    const auto pages = database.execAndGet("PRAGMA page_count").getInt64() -
                       database.execAndGet("PRAGMA freelist_count").getInt64();
    const bool too_large = static_cast<std::uint64_t>(pages) * 4096 > retention.bytes;
    auto& find = statements_->get(
        "SELECT id FROM execution WHERE status <> 0 AND ended < ?1 UNION SELECT id FROM (SELECT id FROM "
        "execution WHERE "
        "status <> 0 ORDER BY ended DESC LIMIT -1 OFFSET ?2) ORDER BY id LIMIT ?3");
    find.bind(1, milliseconds(now - retention.age));
    find.bind(2, too_large ? 0 : static_cast<std::int64_t>(retention.executions));
    find.bind(3, static_cast<std::int64_t>(kPruneAtOnce));
    std::vector<std::int64_t> old;
    while (find.executeStep()) old.push_back(find.getColumn(0).getInt64());
    find.reset();
    for (const auto id : old) {
      auto& history = statements_->get("DELETE FROM history WHERE id >= ? AND id < ?");
      history.bind(1, id * kChunksPerExecution);
      history.bind(2, (id + 1) * kChunksPerExecution);
      history.exec();
      auto& execution = statements_->get("DELETE FROM execution WHERE id = ?");
      execution.bind(1, id);
      execution.exec();
    }
    if (!old.empty()) {
      database.exec(
          "DELETE FROM definition WHERE id NOT IN (SELECT definition FROM state_machine) AND id NOT IN "
          "(SELECT "
          "definition FROM execution)");
      database.exec("PRAGMA incremental_vacuum(2000)");
    }
    return old.size();
  });
}

Result<Duration> Store::skew() {
  return attempt([&]() -> Result<Duration> {
    if (!statements_->database.tableExists("timeline")) return Duration::zero();
    auto& find = statements_->get("SELECT skew FROM timeline");
    const Duration skew{find.executeStep() ? find.getColumn(0).getInt64() : 0};
    find.reset();
    return skew;
  });
}

/// The table is made only where a clock was set: few directories have it.
Status Store::put_skew(Duration skew) {
  return attempt([&]() -> Status {
    statements_->database.exec(
        "CREATE TABLE IF NOT EXISTS timeline (id INTEGER PRIMARY KEY, skew INTEGER NOT NULL)");
    auto& put = statements_->get("INSERT OR REPLACE INTO timeline VALUES (0, ?)");
    put.bind(1, static_cast<std::int64_t>(skew.count()));
    put.exec();
    return {};
  });
}

}  // namespace lamplighter::engine
