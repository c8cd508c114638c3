// Definitions and state machines.
#include <fmt/format.h>

#include "database/statements.h"
#include "engine/store/store.h"

namespace lamplighter::engine {
namespace {

using database::attempt;
using database::damaged;
using database::milliseconds;
using database::moment_or_none;
using database::text_of;
using database::time_of;

constexpr const char* kMachineColumns =
    "s.arn, s.name, d.text, s.role_arn, s.revision_id, s.extras, s.created, s.updated FROM state_machine s "
    "LEFT JOIN definition d ON d.id = s.definition";

/// What can't be read is left empty.
StateMachine read_machine(SQLite::Statement& row) {
  StateMachine out;
  out.arn = text_of(row.getColumn(0));
  out.name = text_of(row.getColumn(1));
  out.definition = text_of(row.getColumn(2));
  out.role_arn = text_of(row.getColumn(3));
  out.revision_id = text_of(row.getColumn(4));
  out.extras = parse_json(text_of(row.getColumn(5))).value_or(nullptr);
  out.created = moment_or_none(time_of(row.getColumn(6).getInt64()));
  out.updated = moment_or_none(time_of(row.getColumn(7).getInt64()));
  return out;
}

Status check_machine(SQLite::Statement& row) {
  if (row.getColumn(2).isNull()) return damaged("a state machine's definition is missing");
  if (!parse_json(row.getColumn(5).getString())) return damaged("a state machine's tags can't be read");
  return {};
}

}  // namespace

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

Result<std::size_t> Store::count_state_machines() {
  return attempt([&]() -> Result<std::size_t> {
    const auto count = statements_->get("SELECT count(*) FROM state_machine");
    count->executeStep();
    return static_cast<std::size_t>(count->getColumn(0).getInt64());
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

}  // namespace lamplighter::engine
