// The database: state machines, executions, and their histories in chunks (a chunk a step). One store for
// writing and one for reading share the file; each is for one thread at a time. Every call may fail with
// internal "Database" (the disk is full, or fails: nothing is known of the data) or kDamaged (what was read
// can't be right). No call leaves a read transaction open. The first write that fails breaks its transaction:
// later ones and commit() give the same error until rollback().
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/core/event.h"
#include "engine/core/records.h"

namespace lamplighter::database {
struct Statements;
}

namespace lamplighter::engine {

/// An execution's row.
struct ExecutionRow {
  std::int64_t id = 0;
  std::string arn;
  std::string name;
  std::string state_machine_arn;
  std::string role_arn;
  std::int64_t definition = 0;
  std::int64_t seed = 0;
  ExecutionStatus status = ExecutionStatus::running;
  Time started{};
  std::optional<Time> ended;
  std::string started_by;  ///< JSON text; "" for nothing
  std::string damage;      ///< why the row can't be right; "" where it can. Such a one counts as failed
};

/// The error code for what was stored and can't be read back.
inline constexpr std::string_view kDamaged = "DatabaseCorrupted";

/// What is known of a running execution without reading its history.
struct RunningRow {
  std::int64_t id = 0;
  std::string arn;
  std::int64_t due = 0;  ///< of its next timer, in milliseconds; 0: it has more to do than to wait
};

/// One step's events.
struct Chunk {
  std::int64_t execution = 0;
  std::int64_t sequence = 0;
  std::int64_t last_event = 0;
  std::int64_t due = 0;  ///< as RunningRow
  std::string records;   ///< write_records()
};

class Store {
 public:
  /// Opens the database, makes it where it is missing. The file must have passed check_database().
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& file);
  ~Store();

  /// Where another store can open it.
  [[nodiscard]] std::filesystem::path file() const;

  Status begin();
  Status commit();
  void rollback();

  Result<std::int64_t> put_definition(const std::string& text);
  Result<std::string> definition(std::int64_t id);

  Result<std::optional<StateMachine>> state_machine(const std::string& arn);
  Result<std::int64_t> state_machine_definition(const std::string& arn);
  Status put_state_machine(const StateMachine& machine, std::int64_t definition);
  Status delete_state_machine(const std::string& arn);
  Result<std::size_t> count_state_machines();
  /// By name, beginning behind `after`.
  Result<std::vector<StateMachine>> state_machines(std::size_t max, const std::string& after);

  /// Gives the new row's id.
  Result<std::int64_t> add_execution(const ExecutionRow& row);
  Status end_execution(std::int64_t id, ExecutionStatus status, Time ended);
  /// Ends one whose history can't be read, whatever there is of it: gives the event that it appended.
  Result<Event> fail_execution(std::int64_t id, const std::string& cause, Time ended);
  /// The same for one that nobody carries on: it counts as ABORTED.
  Result<Event> abort_execution(std::int64_t id, const std::string& cause, Time ended);
  Result<std::optional<ExecutionRow>> execution(const std::string& arn);
  Result<ExecutionRow> execution(std::int64_t id);
  /// Newest first; with ids below `before`, where it is given.
  Result<std::vector<ExecutionRow>> executions(const ListExecutions& request,
                                               std::optional<std::int64_t> before = std::nullopt);
  Result<std::vector<RunningRow>> running();

  /// Ended executions of which nobody has taken note yet, by their numbers.
  Result<std::vector<ExecutionRow>> unnoted(std::size_t max);
  Status note(const std::string& execution_arn);

  /// How long ended executions stay, as it was last put.
  Result<Retention> retention();
  Status put_retention(const Retention& retention);

  /// How far the wall clock was set forward in this directory's life (engine/core/timeline.h).
  Result<Duration> skew();
  Status put_skew(Duration skew);

  Status append(const Chunk& chunk);
  /// Hands all events of an execution, notes included, to `take`, a chunk at a time. Gives the number of
  /// chunks.
  Result<std::int64_t> history(std::int64_t execution,
                               const std::function<Status(const std::vector<Event>&)>& take);
  /// How large it is, as long as its execution is running; 0 after that.
  Result<std::size_t> history_bytes(std::int64_t execution);
  /// Events without notes: ids from `from` upwards, or downwards. At most `max`, and no more than a few
  /// megabytes. `next` is the id to go on from.
  Result<Page<Event>> events(std::int64_t execution, std::int64_t from, bool reverse, std::size_t max);
  Result<std::optional<Event>> first_event(std::int64_t execution);
  Result<std::optional<Event>> last_event(std::int64_t execution);

  /// One step of what keeps the file small: each is short, for starts wait meanwhile.
  struct Pruned {
    std::size_t executions = 0;
    bool more = false;  ///< there may be more to do
  };
  /// Deletes ended executions that `retention` does not keep, the oldest first, with all that there is of
  /// them.
  Result<Pruned> prune(const Retention& retention, Time now);
  static constexpr std::size_t kPruneAtOnce = 100;
  static constexpr std::int64_t kPruneBytesAtOnce = std::int64_t{1} << 20;
  /// Deletes what nothing refers to any more, and gives free room back to the disk, but for some that new
  /// executions are to find. Gives whether there is more to give.
  Result<bool> tidy();

 private:
  Status write(const std::function<void()>& work);
  Result<Event> cut_off(std::int64_t id, ExecutionStatus status, const Event& end);
  explicit Store(std::unique_ptr<database::Statements> statements);
  std::unique_ptr<database::Statements> statements_;
  Status broken_;  ///< why the transaction that is open can't be committed
};

}  // namespace lamplighter::engine
