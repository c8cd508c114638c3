// Executions' rows: their beginning, their end, lists of them, and how the oldest go.
#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "base/limits.h"
#include "database/statements.h"
#include "engine/store/chunk_ids.h"
#include "engine/store/store.h"

namespace lamplighter::engine {
namespace {

using database::attempt;
using database::damaged;
using database::is_moment;
using database::milliseconds;
using database::moment_or_none;
using database::Statements;
using database::text_of;
using database::time_of;

constexpr const char* kExecutionColumns =
    "id, arn, name, state_machine_arn, role_arn, definition, seed, status, started, ended, started_by";

/// Why a row can't be right; "" where it can.
std::string damage_of(const ExecutionRow& row, int status) {
  if (!has_room(row.id)) return fmt::format("no execution has the number {}", row.id);
  if (!is_moment(row.started) || (row.ended && !is_moment(*row.ended)))
    return "the time of its start or of its end is none";
  if (status < 0 || status > static_cast<int>(ExecutionStatus::aborted))
    return fmt::format("status {} is unknown", status);
  if ((status == 0) == row.ended.has_value())
    return fmt::format("status {} does not go with the time of the end", status);
  return "";
}

/// What can't be right must not be acted on: such a row counts as failed, at a moment that can be shown.
void read_status(ExecutionRow& out, int status) {
  const auto damage = damage_of(out, status);
  out.status = damage.empty() ? static_cast<ExecutionStatus>(status) : ExecutionStatus::failed;
  if (damage.empty()) return;
  out.damage = "the database is damaged: " + damage;
  out.started = moment_or_none(out.started);
  if (!out.ended || !is_moment(*out.ended)) out.ended = out.started;
}

ExecutionRow read_execution(SQLite::Statement& row) {
  ExecutionRow out;
  out.id = row.getColumn(0).getInt64();
  out.arn = text_of(row.getColumn(1));
  out.name = text_of(row.getColumn(2));
  out.state_machine_arn = text_of(row.getColumn(3));
  out.role_arn = text_of(row.getColumn(4));
  out.definition = row.getColumn(5).getInt64();
  out.seed = row.getColumn(6).getInt64();
  out.started = time_of(row.getColumn(8).getInt64());
  if (!row.getColumn(9).isNull()) out.ended = time_of(row.getColumn(9).getInt64());
  read_status(out, row.getColumn(7).getInt());
  out.started_by = text_of(row.getColumn(10));
  return out;
}

/// Ids rise and none is used again. One that can't be right is not counted on from, and where a chunk lies
/// astray no execution begins.
std::int64_t next_id(Statements& statements) {
  const auto last = statements.get(
      "SELECT coalesce(max(id), 0) FROM (SELECT max(id) AS id FROM execution WHERE id BETWEEN 1 AND ?1 UNION "
      "ALL SELECT seq FROM sqlite_sequence WHERE name = 'execution' AND typeof(seq) = 'integer' AND seq "
      "BETWEEN 1 AND ?1)");
  last->bind(1, kLastExecution);
  last->executeStep();
  const auto astray = statements.get("SELECT 1 FROM history WHERE id >= ? AND id < ?");
  for (auto id = last->getColumn(0).getInt64() + 1;; ++id) {
    astray->reset();
    astray->bind(1, ChunkIds(id).first);
    astray->bind(2, ChunkIds(id).end);
    if (!astray->executeStep()) return id;
  }
}

void remove_execution(Statements& statements, std::int64_t id) {
  const auto history = statements.get("DELETE FROM history WHERE id >= ? AND id < ?");
  history->bind(1, ChunkIds(id).first);
  history->bind(2, ChunkIds(id).end);
  history->exec();
  const auto execution = statements.get("DELETE FROM execution WHERE id = ?");
  execution->bind(1, id);
  execution->exec();
}

/// Of those that no one has taken note of yet, as much again.
Retention twice(const Retention& retention) {
  const auto doubled = [](auto value) {
    return value > std::numeric_limits<decltype(value)>::max() / 2 ? value : value * 2;
  };
  return {std::chrono::hours{doubled(retention.age.count())}, doubled(retention.executions),
          doubled(retention.bytes)};
}

/// What there is of ended executions.
struct Kept {
  std::uint64_t executions = 0;
  std::uint64_t bytes = 0;

  /// Whether one that ended so long ago may stay, and with it all that ended later.
  [[nodiscard]] bool is_within(const Retention& retention, Duration age) const {
    return executions <= retention.executions && bytes <= retention.bytes && age <= retention.age;
  }
  void give_up(std::uint64_t its_bytes) {
    --executions;
    bytes -= std::min(bytes, its_bytes);
  }
};

/// Definitions that go with the last ended execution that they are of: no machine has them any more, and
/// nothing that runs.
class OldDefinitions {
 public:
  /// Throws SQLite::Exception.
  explicit OldDefinitions(Statements& statements) {
    // A definition may be large: none is read for each of its executions. Its text stands in its index, too.
    const auto find = statements.get(
        "SELECT definition, count(*), (SELECT 2 * length(CAST(text AS BLOB)) FROM definition d WHERE d.id = "
        "e.definition) FROM execution e WHERE definition IN (SELECT id FROM definition EXCEPT SELECT "
        "definition FROM state_machine EXCEPT SELECT definition FROM execution WHERE status = 0) GROUP BY "
        "definition");
    while (find->executeStep()) {
      const Definition one{find->getColumn(1).getInt64(),
                           static_cast<std::uint64_t>(find->getColumn(2).getInt64())};
      bytes_ += one.bytes;
      definitions_[find->getColumn(0).getInt64()] = one;
    }
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  /// One execution of that definition goes. Gives the bytes that go with it.
  std::uint64_t let_go(std::int64_t definition) {
    const auto found = definitions_.find(definition);
    return found != definitions_.end() && --found->second.executions == 0 ? found->second.bytes : 0;
  }

 private:
  struct Definition {
    std::int64_t executions = 0;
    std::uint64_t bytes = 0;
  };
  std::map<std::int64_t, Definition> definitions_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::int64_t> Store::add_execution(const ExecutionRow& row) {
  std::int64_t id = 0;
  CHECK_OK(write([&] {
    id = next_id(*statements_);
    const auto add = statements_->get(
        "INSERT INTO execution (arn, name, state_machine_arn, role_arn, definition, seed, status, started, "
        "started_by, id) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)");
    add->bindNoCopy(1, row.arn);
    add->bindNoCopy(2, row.name);
    add->bindNoCopy(3, row.state_machine_arn);
    add->bindNoCopy(4, row.role_arn);
    add->bind(5, row.definition);
    add->bind(6, row.seed);
    add->bind(7, milliseconds(row.started));
    add->bindNoCopy(8, row.started_by);
    add->bind(9, id);
    add->exec();
  }));
  return id;
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
    update->bind(4, ChunkIds(id).first);
    update->bind(5, ChunkIds(id).end);
    update->exec();
  });
}

/// Appends `end`, whatever there is of the history, and ends the execution with it.
Result<Event> Store::cut_off(std::int64_t id, ExecutionStatus status, const Event& end) {
  constexpr std::int64_t kLastPlace = kChunksPerExecution - 1;  // behind it is another's history
  Chunk chunk{id, 0, 1, 0, ""};
  CHECK_OK(attempt([&]() -> Status {
    const auto last = statements_->get(
        fmt::format("SELECT max(id), max(iif(last_event BETWEEN 0 AND {}, last_event, 0)) FROM history WHERE "
                    "id >= ? AND id < ?",
                    limits::kHistoryEvents));
    last->bind(1, ChunkIds(id).first);
    last->bind(2, ChunkIds(id).end);
    if (!last->executeStep() || last->getColumn(0).isNull()) return {};
    chunk.sequence = std::min(last->getColumn(0).getInt64() % kChunksPerExecution + 1, kLastPlace);
    chunk.last_event = last->getColumn(1).getInt64() + 1;
    return {};
  }));
  Event event = end;
  event.id = chunk.last_event;
  event.previous_id = chunk.last_event - 1;
  chunk.records = write_records({event});
  if (has_room(id)) {
    CHECK_OK(write([&] {
      const auto remove = statements_->get("DELETE FROM history WHERE id = ?");
      remove->bind(1, ChunkIds(id).first + chunk.sequence);
      remove->exec();
    }));
    CHECK_OK(append(chunk));
  }
  CHECK_OK(end_execution(id, status, event.time));
  return event;
}

Result<Event> Store::fail_execution(std::int64_t id, const std::string& cause, Time ended) {
  Event end;
  end.time = ended;
  end.type = EventType::execution_failed;
  end.details = {{"error", "States.Runtime"}, {"cause", cause}};
  return cut_off(id, ExecutionStatus::failed, end);
}

Result<Event> Store::abort_execution(std::int64_t id, const std::string& cause, Time ended) {
  Event end;
  end.time = ended;
  end.type = EventType::execution_aborted;
  end.details = {{"error", "Restored"}, {"cause", cause}};
  return cut_off(id, ExecutionStatus::aborted, end);
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

Result<std::vector<ExecutionRow>> Store::executions(const ListExecutions& request,
                                                    std::optional<std::int64_t> before) {
  return attempt([&]() -> Result<std::vector<ExecutionRow>> {
    std::string sql =
        fmt::format("SELECT {} FROM execution WHERE {}", kExecutionColumns, before ? "id < ?1" : "true");
    if (!request.state_machine_arn.empty()) sql += " AND state_machine_arn = ?3";
    if (request.status) sql += " AND status = ?4";
    const auto find = statements_->get(sql + " ORDER BY id DESC LIMIT ?2");
    if (before) find->bind(1, *before);
    find->bind(2, static_cast<std::int64_t>(request.max));
    if (!request.state_machine_arn.empty()) find->bindNoCopy(3, request.state_machine_arn);
    if (request.status) find->bind(4, static_cast<int>(*request.status));
    std::vector<ExecutionRow> out;
    while (find->executeStep()) out.push_back(read_execution(*find));
    return out;
  });
}

Result<std::vector<ExecutionRow>> Store::unnoted(std::size_t max) {
  return attempt([&]() -> Result<std::vector<ExecutionRow>> {
    const auto find = statements_->get(fmt::format(
        "SELECT {} FROM execution WHERE status <> 0 AND noted = 0 ORDER BY id LIMIT ?", kExecutionColumns));
    find->bind(1, static_cast<std::int64_t>(max));
    std::vector<ExecutionRow> out;
    while (find->executeStep()) out.push_back(read_execution(*find));
    return out;
  });
}

Status Store::note(const std::string& execution_arn) {
  return write([&] {
    const auto update = statements_->get("UPDATE execution SET noted = 1 WHERE arn = ? AND status <> 0");
    update->bindNoCopy(1, execution_arn);
    update->exec();
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
          {find->getColumn(0).getInt64(), text_of(find->getColumn(1)), find->getColumn(2).getInt64()});
    }
    return out;
  });
}

/// A row that is damaged stays: who looks must find it. A size that no history has counts for nothing.
Result<Store::Pruned> Store::prune(const Retention& retention, Time now) {
  constexpr std::int64_t kMaxBytes = limits::kHistoryEvents * std::int64_t{limits::kPayloadBytes} * 2;
  const std::string bytes_of_row = fmt::format("iif(bytes BETWEEN 0 AND {}, bytes, 0)", kMaxBytes);
  const std::string ended_rows =
      fmt::format("FROM execution WHERE status <> 0 AND typeof(ended) = 'integer' AND id BETWEEN 1 AND {}",
                  kLastExecution);
  Pruned pruned;
  CHECK_OK(write([&] {
    const auto ended =
        statements_->get(fmt::format("SELECT count(*), total({}) {}", bytes_of_row, ended_rows));
    ended->executeStep();
    OldDefinitions definitions(*statements_);
    Kept kept{static_cast<std::uint64_t>(ended->getColumn(0).getInt64()),
              static_cast<std::uint64_t>(ended->getColumn(1).getDouble()) + definitions.bytes()};
    const auto oldest = statements_->get(fmt::format(
        "SELECT id, ended, {}, noted, definition {} ORDER BY ended LIMIT ?", bytes_of_row, ended_rows));
    oldest->bind(1, static_cast<std::int64_t>(kPruneAtOnce));
    std::vector<std::int64_t> old;
    std::int64_t bytes = 0;
    while (!pruned.more && oldest->executeStep()) {
      const bool noted = oldest->getColumn(3).getInt() != 0;
      const Time end = time_of(oldest->getColumn(1).getInt64());
      const bool stays = kept.is_within(noted ? retention : twice(retention), now - end);
      if (stays && noted) break;
      if (stays) continue;
      bytes += oldest->getColumn(2).getInt64();
      kept.give_up(static_cast<std::uint64_t>(oldest->getColumn(2).getInt64()) +
                   definitions.let_go(oldest->getColumn(4).getInt64()));
      old.push_back(oldest->getColumn(0).getInt64());
      pruned.more = bytes >= kPruneBytesAtOnce || old.size() == kPruneAtOnce;
    }
    for (const auto id : old) remove_execution(*statements_, id);
    pruned.executions = old.size();
  }));
  return pruned;
}

}  // namespace lamplighter::engine
