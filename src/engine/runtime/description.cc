#include "engine/runtime/description.h"

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter::engine {
namespace {

std::optional<std::string> detail(const Event& event, std::string_view key) {
  const auto* value = event.details.if_contains(key);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

/// Says of an execution that its history is damaged; any other error stays one.
Status note_damage(Execution& out, const Error& why) {
  if (why.code != kDamaged) return tl::unexpected(why);
  out.error = why.code;
  out.cause = why.message;
  return {};
}

}  // namespace

Execution to_execution(const ExecutionRow& row) {
  Execution out;
  out.arn = row.arn;
  out.name = row.name;
  out.state_machine_arn = row.state_machine_arn;
  out.role_arn = row.role_arn;
  out.status = row.status;
  out.started = row.started;
  out.ended = row.ended;
  if (!row.damage.empty()) out.cause = row.damage;
  const auto started_by = parse_json(row.started_by);
  if (started_by && started_by->is_object()) out.started_by = started_by->get_object();
  return out;
}

Status check_end(const ExecutionRow& row, const Event* last) {
  if (!row.ended || !row.damage.empty()) return {};
  if (last && kind_of(last->type) == EventKind::execution_ended) return {};
  return fail(ErrorKind::internal, std::string(kDamaged), "the end of its history is missing");
}

/// How an ended execution ended.
Status add_end(Store& store, const ExecutionRow& row, Execution& out) {
  if (!row.damage.empty()) return {};
  const auto last = store.last_event(row.id);
  if (!last) return note_damage(out, last.error());
  if (const Status end = check_end(row, *last ? &**last : nullptr); !end)
    return note_damage(out, end.error());
  if (row.status == ExecutionStatus::succeeded && (*last)->payload) out.output = *(*last)->payload;
  out.error = detail(**last, "error");
  out.cause = detail(**last, "cause");
  return {};
}

Result<Execution> describe(Store& store, const ExecutionRow& row) {
  auto out = to_execution(row);
  const auto first = store.first_event(row.id);
  if (first && *first) out.input = (*first)->payload ? *(*first)->payload : "";
  if (!first) CHECK_OK(note_damage(out, first.error()));
  if (row.ended) CHECK_OK(add_end(store, row, out));
  return out;
}

}  // namespace lamplighter::engine
