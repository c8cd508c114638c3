#include "engine/store/store.h"

#include <algorithm>
#include <map>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "engine/store/state_directory.h"

namespace lamplighter::engine {
namespace {

/// A history chunk's row id: its execution's, and its place therein (a history has at most 25,000 events).
constexpr std::int64_t kChunksPerExecution = std::int64_t{1} << 20;
/// What a page of events may hold; one event more is always given.
constexpr std::size_t kMaxPageBytes = std::size_t{8} << 20;

constexpr const char* kSchema = R"sql(
CREATE TABLE definition (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE state_machine (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition INTEGER NOT NULL, role_arn TEXT NOT NULL, revision_id TEXT NOT NULL,
  extras TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL);
CREATE TABLE execution (
  id INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, name TEXT NOT NULL, state_machine_arn TEXT NOT NULL,
  role_arn TEXT NOT NULL, definition INTEGER NOT NULL, seed INTEGER NOT NULL, status INTEGER NOT NULL,
  started INTEGER NOT NULL, ended INTEGER, bytes INTEGER NOT NULL DEFAULT 0);
CREATE INDEX execution_of_machine ON execution (state_machine_arn, id);
CREATE INDEX execution_running ON execution (id) WHERE status = 0;
CREATE INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0;
CREATE TABLE history (
  id INTEGER PRIMARY KEY, last_event INTEGER NOT NULL, due INTEGER NOT NULL, records BLOB NOT NULL);
)sql";

/// Format 1 had no `bytes` (of an ended execution's history), and wrote every text in full.
constexpr const char* kFromFormat1 = R"sql(
ALTER TABLE execution ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE execution SET bytes = (SELECT CAST(total(length(records)) AS INTEGER) FROM history h
  WHERE h.id >= execution.id * 1048576 AND h.id < (execution.id + 1) * 1048576) WHERE status <> 0;
DROP INDEX execution_ended;
CREATE INDEX execution_ended ON execution (ended, bytes) WHERE status <> 0;
)sql";

constexpr const char* kExecutionColumns =
    "id, arn, name, state_machine_arn, role_arn, definition, seed, status, started, ended";
constexpr const char* kMachineColumns =
    "s.arn, s.name, d.text, s.role_arn, s.revision_id, s.extras, s.created, s.updated FROM state_machine s "
    "LEFT JOIN definition d ON d.id = s.definition";

std::int64_t milliseconds(Time time) { return time.time_since_epoch().count(); }
Time time_of(std::int64_t milliseconds) { return Time{Duration{milliseconds}}; }

tl::unexpected<Error> damaged(std::string why) {
  return fail(ErrorKind::internal, std::string(kDamaged), std::move(why));
}

tl::unexpected<Error> database_error(const std::exception& error) {
  const auto* of_sqlite = dynamic_cast<const SQLite::Exception*>(&error);
  const int code = of_sqlite ? of_sqlite->getErrorCode() & 0xff : 0;
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return damaged(error.what());
  return fail(ErrorKind::internal, "Database", error.what());
}

/// Runs `work`; what SQLite throws becomes an error value.
template <class Work>
auto attempt(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    return database_error(error);
  }
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

/// A status that is unknown, or that doesn't go with the end, must not be acted on: such a row counts as
/// failed.
void read_status(ExecutionRow& out, int status) {
  const bool known = status >= 0 && status <= static_cast<int>(ExecutionStatus::aborted);
  if (!known) out.damage = fmt::format("the database is damaged: status {} is unknown", status);
  if (known && (status == 0) == out.ended.has_value()) {
    out.damage =
        fmt::format("the database is damaged: status {} does not go with the time of the end", status);
  }
  out.status = out.damage.empty() ? static_cast<ExecutionStatus>(status) : ExecutionStatus::failed;
  if (!out.damage.empty() && !out.ended) out.ended = out.started;
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
  out.started = time_of(row.getColumn(8).getInt64());
  if (!row.getColumn(9).isNull()) out.ended = time_of(row.getColumn(9).getInt64());
  read_status(out, row.getColumn(7).getInt());
  return out;
}

/// What can't be read is left empty.
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

Status check_machine(SQLite::Statement& row) {
  if (row.getColumn(2).isNull()) return damaged("a state machine's definition is missing");
  if (!parse_json(row.getColumn(5).getString())) return damaged("a state machine's tags can't be read");
  return {};
}

/// A chunk's events, which must be where and what its row says.
Result<std::vector<Event>> read_chunk(SQLite::Statement& row) {
  const auto blob = row.getColumn(1);
  auto events = TRY(
      read_records({static_cast<const char*>(blob.getBlob()), static_cast<std::size_t>(blob.getBytes())}));
  std::int64_t last = 0;
  for (const auto& event : events) last = std::max(last, event.id);
  if (last != 0 && last != row.getColumn(2).getInt64())
    return damaged("a part of a history is not where it belongs");
  return events;
}

/// Says whether a history's events follow each other, upwards or downwards, with none missing.
class Order {
 public:
  Order(std::int64_t first, std::int64_t step) : expected_(first), step_(step) {}
  Status take(std::int64_t id) {
    if (expected_ != 0 && id != expected_)
      return damaged(fmt::format("a history has no event {}", expected_));
    expected_ = id + step_;
    return {};
  }
  /// The event that would come next.
  [[nodiscard]] std::int64_t expected() const { return expected_; }

 private:
  std::int64_t expected_;  ///< 0: any
  std::int64_t step_;
};

std::size_t bytes_of(const Event& event) {
  std::size_t bytes = event.payload ? event.payload->size() : 0;
  for (const auto& member : event.details) {
    if (const auto* text = member.value().if_string()) bytes += text->size();
  }
  return bytes;
}

/// A write-ahead log whose database was moved away would be replayed onto the next one. It may hold what that
/// database still needs, so it is put aside rather than deleted.
void put_aside_log(const std::filesystem::path& file) {
  const auto beside = [&](const char* suffix) { return std::filesystem::path(file).concat(suffix); };
  std::filesystem::remove(beside("-shm"));
  for (const auto* suffix : {"-wal", "-journal"}) {
    const auto log = beside(suffix);
    if (std::filesystem::exists(log)) std::filesystem::rename(log, std::filesystem::path(log).concat(".old"));
  }
}

/// Makes an empty database beside its place and moves it there, so that no crash leaves half of one. The ids
/// in the header are written before the write-ahead log is switched on, so that check_database() finds them
/// in the file itself.
void make_database(const std::filesystem::path& file) {
  const auto fresh = std::filesystem::path(file).concat(".new");
  std::filesystem::remove(fresh);
  std::filesystem::remove(std::filesystem::path(fresh).concat("-journal"));
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
  put_aside_log(file);
  std::filesystem::rename(fresh, file);
}

void prepare(SQLite::Database& database) {
  database.setBusyTimeout(10'000);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA wal_autocheckpoint = 4000");
  database.exec("PRAGMA journal_size_limit = 67108864");
  database.exec("PRAGMA cache_size = -16384");
}

/// Brings an older format up to this one. The file's header says so before anything else is written: an older
/// program looks there.
void migrate(SQLite::Database& database) {
  if (database.execAndGet("PRAGMA user_version").getInt() == kFormatVersion) return;
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  database.exec(kFromFormat1);
  database.exec(fmt::format("PRAGMA user_version = {}", kFormatVersion));
  transaction.commit();
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace

/// The connection and its prepared statements.
struct Store::Statements {
  explicit Statements(const std::string& file) : database(file, SQLite::OPEN_READWRITE) {
    prepare(database);
    migrate(database);
  }

  Query get(const std::string& sql) {
    auto& statement = prepared[sql];
    if (!statement) statement = std::make_unique<SQLite::Statement>(database, sql);
    return Query(*statement);
  }

  void remove_execution(std::int64_t id) {
    const auto history = get("DELETE FROM history WHERE id >= ? AND id < ?");
    history->bind(1, id * kChunksPerExecution);
    history->bind(2, (id + 1) * kChunksPerExecution);
    history->exec();
    const auto execution = get("DELETE FROM execution WHERE id = ?");
    execution->bind(1, id);
    execution->exec();
  }

  SQLite::Database database;
  std::map<std::string, std::unique_ptr<SQLite::Statement>> prepared;
};

Store::Store(std::unique_ptr<Statements> statements) : statements_(std::move(statements)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& file) {
  return attempt([&]() -> Result<std::unique_ptr<Store>> {
    if (!std::filesystem::exists(file) || std::filesystem::file_size(file) == 0) make_database(file);
    return std::unique_ptr<Store>(new Store(std::make_unique<Statements>(file.string())));
  });
}

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

Result<std::int64_t> Store::put_definition(const std::string& text) {
  std::int64_t id = 0;
  CHECK_OK(write([&] {
    const auto insert = statements_->get("INSERT OR IGNORE INTO definition (text) VALUES (?)");
    insert->bindNoCopy(1, text);
    insert->exec();
    const auto find = statements_->get("SELECT id FROM definition WHERE text = ?");
    find->bindNoCopy(1, text);
    find->executeStep();
    id = find->getColumn(0).getInt64();
  }));
  return id;
}

Result<std::string> Store::definition(std::int64_t id) {
  return attempt([&]() -> Result<std::string> {
    const auto find = statements_->get("SELECT text FROM definition WHERE id = ?");
    find->bind(1, id);
    if (!find->executeStep()) return damaged("a definition is missing");
    return find->getColumn(0).getString();
  });
}

Result<std::optional<StateMachine>> Store::state_machine(const std::string& arn) {
  return attempt([&]() -> Result<std::optional<StateMachine>> {
    const auto find = statements_->get(fmt::format("SELECT {} WHERE s.arn = ?", kMachineColumns));
    find->bindNoCopy(1, arn);
    if (!find->executeStep()) return std::nullopt;
    CHECK_OK(check_machine(*find));
    return read_machine(*find);
  });
}

Result<std::int64_t> Store::state_machine_definition(const std::string& arn) {
  return attempt([&]() -> Result<std::int64_t> {
    const auto find = statements_->get("SELECT definition FROM state_machine WHERE arn = ?");
    find->bindNoCopy(1, arn);
    return find->executeStep() ? find->getColumn(0).getInt64() : 0;
  });
}

Status Store::put_state_machine(const StateMachine& machine, std::int64_t definition) {
  return write([&] {
    const auto put = statements_->get("INSERT OR REPLACE INTO state_machine VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    put->bind(1, machine.arn);
    put->bind(2, machine.name);
    put->bind(3, definition);
    put->bind(4, machine.role_arn);
    put->bind(5, machine.revision_id);
    put->bind(6, json_text(machine.extras));
    put->bind(7, milliseconds(machine.created));
    put->bind(8, milliseconds(machine.updated));
    put->exec();
  });
}

Status Store::delete_state_machine(const std::string& arn) {
  return write([&] {
    const auto remove = statements_->get("DELETE FROM state_machine WHERE arn = ?");
    remove->bindNoCopy(1, arn);
    remove->exec();
  });
}

Result<std::vector<StateMachine>> Store::state_machines(std::size_t max, const std::string& after) {
  return attempt([&]() -> Result<std::vector<StateMachine>> {
    const auto find =
        statements_->get(fmt::format("SELECT {} WHERE s.name > ? ORDER BY s.name LIMIT ?", kMachineColumns));
    find->bindNoCopy(1, after);
    find->bind(2, static_cast<std::int64_t>(max));
    std::vector<StateMachine> out;
    while (find->executeStep()) out.push_back(read_machine(*find));
    return out;
  });
}

Result<std::int64_t> Store::add_execution(const ExecutionRow& row) {
  CHECK_OK(write([&] {
    const auto add = statements_->get(
        "INSERT INTO execution (arn, name, state_machine_arn, role_arn, definition, seed, status, started) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, ?)");
    add->bindNoCopy(1, row.arn);
    add->bindNoCopy(2, row.name);
    add->bindNoCopy(3, row.state_machine_arn);
    add->bindNoCopy(4, row.role_arn);
    add->bind(5, row.definition);
    add->bind(6, row.seed);
    add->bind(7, milliseconds(row.started));
    add->exec();
  }));
  return statements_->database.getLastInsertRowid();
}

Status Store::end_execution(std::int64_t id, ExecutionStatus status, Time ended) {
  return write([&] {
    const auto update = statements_->get(
        "UPDATE execution SET status = ?1, ended = ?2, bytes = (SELECT CAST(total(length(records)) AS "
        "INTEGER) "
        "FROM history WHERE id >= ?4 AND id < ?5) WHERE id = ?3");
    update->bind(1, static_cast<int>(status));
    update->bind(2, milliseconds(ended));
    update->bind(3, id);
    update->bind(4, id * kChunksPerExecution);
    update->bind(5, (id + 1) * kChunksPerExecution);
    update->exec();
  });
}

Result<Event> Store::fail_execution(std::int64_t id, const std::string& cause, Time ended) {
  Chunk chunk{id, 0, 1, 0, ""};
  CHECK_OK(attempt([&]() -> Status {
    const auto last = statements_->get(
        "SELECT id, last_event FROM history WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT 1");
    last->bind(1, id * kChunksPerExecution);
    last->bind(2, (id + 1) * kChunksPerExecution);
    if (!last->executeStep()) return {};
    chunk.sequence = last->getColumn(0).getInt64() % kChunksPerExecution + 1;
    chunk.last_event = last->getColumn(1).getInt64() + 1;
    return {};
  }));
  Event event;
  event.id = chunk.last_event;
  event.previous_id = chunk.last_event - 1;
  event.time = ended;
  event.type = EventType::execution_failed;
  event.details = {{"error", "States.Runtime"}, {"cause", cause}};
  chunk.records = write_records({event});
  CHECK_OK(append(chunk));
  CHECK_OK(end_execution(id, ExecutionStatus::failed, ended));
  return event;
}

Result<std::optional<ExecutionRow>> Store::execution(const std::string& arn) {
  return attempt([&]() -> Result<std::optional<ExecutionRow>> {
    const auto find =
        statements_->get(fmt::format("SELECT {} FROM execution WHERE arn = ?", kExecutionColumns));
    find->bindNoCopy(1, arn);
    if (!find->executeStep()) return std::nullopt;
    return read_execution(*find);
  });
}

Result<ExecutionRow> Store::execution(std::int64_t id) {
  return attempt([&]() -> Result<ExecutionRow> {
    const auto find =
        statements_->get(fmt::format("SELECT {} FROM execution WHERE id = ?", kExecutionColumns));
    find->bind(1, id);
    if (!find->executeStep()) return damaged("an execution is missing");
    return read_execution(*find);
  });
}

Result<std::vector<ExecutionRow>> Store::executions(const ListExecutions& request, std::int64_t before) {
  return attempt([&]() -> Result<std::vector<ExecutionRow>> {
    std::string sql = fmt::format("SELECT {} FROM execution WHERE id < ?", kExecutionColumns);
    if (!request.state_machine_arn.empty()) sql += " AND state_machine_arn = ?3";
    if (request.status) sql += " AND status = ?4";
    const auto find = statements_->get(sql + " ORDER BY id DESC LIMIT ?2");
    find->bind(1, before == 0 ? INT64_MAX : before);
    find->bind(2, static_cast<std::int64_t>(request.max));
    if (!request.state_machine_arn.empty()) find->bindNoCopy(3, request.state_machine_arn);
    if (request.status) find->bind(4, static_cast<int>(*request.status));
    std::vector<ExecutionRow> out;
    while (find->executeStep()) out.push_back(read_execution(*find));
    return out;
  });
}

Result<std::vector<RunningRow>> Store::running() {
  return attempt([&]() -> Result<std::vector<RunningRow>> {
    const auto find = statements_->get(
        fmt::format("SELECT e.id, e.arn, (SELECT due FROM history h WHERE h.id >= e.id * {0} AND "
                    "h.id < (e.id + 1) * {0} ORDER BY h.id DESC "
                    "LIMIT 1) FROM execution e WHERE e.status = 0 ORDER BY e.id",
                    kChunksPerExecution));
    std::vector<RunningRow> out;
    while (find->executeStep()) {
      out.push_back(
          {find->getColumn(0).getInt64(), find->getColumn(1).getString(), find->getColumn(2).getInt64()});
    }
    return out;
  });
}

Status Store::append(const Chunk& chunk) {
  return write([&] {
    const auto add = statements_->get("INSERT INTO history VALUES (?, ?, ?, ?)");
    add->bind(1, chunk.execution * kChunksPerExecution + chunk.sequence);
    add->bind(2, chunk.last_event);
    add->bind(3, chunk.due);
    add->bindNoCopy(4, chunk.records.data(), static_cast<int>(chunk.records.size()));
    add->exec();
  });
}

Result<std::int64_t> Store::history(std::int64_t execution,
                                    const std::function<Status(const std::vector<Event>&)>& take) {
  return attempt([&]() -> Result<std::int64_t> {
    const auto find =
        statements_->get("SELECT id, records, last_event FROM history WHERE id >= ? AND id < ? ORDER BY id");
    find->bind(1, execution * kChunksPerExecution);
    find->bind(2, (execution + 1) * kChunksPerExecution);
    std::int64_t chunks = 0;
    Order order(1, 1);
    for (; find->executeStep(); ++chunks) {
      if (find->getColumn(0).getInt64() != execution * kChunksPerExecution + chunks)
        return damaged(fmt::format("part {} of a history is missing", chunks + 1));
      const auto events = TRY(read_chunk(*find));
      for (const auto& event : events) {
        if (!event.is_note()) CHECK_OK(order.take(event.id));
      }
      CHECK_OK(take(events));
    }
    if (chunks == 0) return damaged("a history is missing");
    return chunks;
  });
}

Result<Page<Event>> Store::events(std::int64_t execution, std::int64_t from, bool reverse, std::size_t max) {
  return attempt([&]() -> Result<Page<Event>> {
    const auto find = statements_->get(reverse ? "SELECT id, records, last_event FROM history WHERE id >= ?1 "
                                                 "AND id < ?2 AND id <= coalesce((SELECT "
                                                 "id FROM history WHERE id >= ?1 AND id < ?2 AND last_event "
                                                 ">= ?3 ORDER BY id LIMIT 1), ?2) ORDER "
                                                 "BY id DESC"
                                               : "SELECT id, records, last_event FROM history WHERE id >= ?1 "
                                                 "AND id < ?2 AND last_event >= ?3 ORDER "
                                                 "BY id");
    find->bind(1, execution * kChunksPerExecution);
    find->bind(2, (execution + 1) * kChunksPerExecution);
    find->bind(3, from);
    Page<Event> out;
    Order order(reverse ? 0 : from, reverse ? -1 : 1);
    std::size_t bytes = 0;
    while (find->executeStep()) {
      auto events = TRY(read_chunk(*find));
      if (reverse) std::reverse(events.begin(), events.end());
      for (auto& event : events) {
        if (event.is_note() || (reverse ? event.id > from : event.id < from)) continue;
        CHECK_OK(order.take(event.id));
        if (out.items.size() == max || bytes > kMaxPageBytes) {
          out.next = std::to_string(event.id);
          return out;
        }
        bytes += bytes_of(event);
        out.items.push_back(std::move(event));
      }
    }
    if (reverse && order.expected() != 0)
      return damaged(fmt::format("a history has no event {}", order.expected()));
    return out;
  });
}

Result<std::optional<Event>> Store::first_event(std::int64_t execution) {
  auto found = TRY(events(execution, 1, false, 1));
  return found.items.empty() ? std::nullopt : std::optional(std::move(found.items.front()));
}

Result<std::optional<Event>> Store::last_event(std::int64_t execution) {
  auto found = TRY(events(execution, INT64_MAX, true, 1));
  return found.items.empty() ? std::nullopt : std::optional(std::move(found.items.front()));
}

Result<std::size_t> Store::prune(const Retention& retention, Time now) {
  std::size_t pruned = 0;
  CHECK_OK(write([&] {
    const auto ended = statements_->get("SELECT count(*), total(bytes) FROM execution WHERE status <> 0");
    ended->executeStep();
    auto count = static_cast<std::uint64_t>(ended->getColumn(0).getInt64());
    auto bytes = static_cast<std::uint64_t>(ended->getColumn(1).getDouble());
    const auto oldest =
        statements_->get("SELECT id, ended, bytes FROM execution WHERE status <> 0 ORDER BY ended LIMIT ?");
    oldest->bind(1, static_cast<std::int64_t>(kPruneAtOnce));
    std::vector<std::int64_t> old;
    while (oldest->executeStep()) {
      const bool kept = count <= retention.executions && bytes <= retention.bytes &&
                        time_of(oldest->getColumn(1).getInt64()) >= now - retention.age;
      if (kept) break;
      --count;
      bytes -= std::min(bytes, static_cast<std::uint64_t>(oldest->getColumn(2).getInt64()));
      old.push_back(oldest->getColumn(0).getInt64());
    }
    for (const auto id : old) statements_->remove_execution(id);
    pruned = old.size();
  }));
  return pruned;
}

Status Store::tidy() {
  return write([&] {
    statements_->database.exec(
        "DELETE FROM definition WHERE id NOT IN (SELECT definition FROM state_machine) AND id NOT IN "
        "(SELECT definition FROM execution)");
    statements_->database.exec("PRAGMA incremental_vacuum(2000)");
  });
}

Result<Duration> Store::skew() {
  return attempt([&]() -> Result<Duration> {
    if (!statements_->database.tableExists("timeline")) return Duration::zero();
    const auto find = statements_->get("SELECT skew FROM timeline");
    return Duration{find->executeStep() ? find->getColumn(0).getInt64() : 0};
  });
}

/// The table is made only where a clock was set: few directories have it.
Status Store::put_skew(Duration skew) {
  return write([&] {
    statements_->database.exec(
        "CREATE TABLE IF NOT EXISTS timeline (id INTEGER PRIMARY KEY, skew INTEGER NOT NULL)");
    const auto put = statements_->get("INSERT OR REPLACE INTO timeline VALUES (0, ?)");
    put->bind(1, static_cast<std::int64_t>(skew.count()));
    put->exec();
  });
}

}  // namespace lamplighter::engine
