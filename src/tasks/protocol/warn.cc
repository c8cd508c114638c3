#include "tasks/protocol/warn.h"

#include "json/reader.h"
#include "tasks/protocol/payload.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMostAhead = 86'400;  // seconds

std::int64_t in_seconds(Duration duration) {
  return std::chrono::floor<std::chrono::seconds>(duration).count();
}

}  // namespace

json::object to_json(const WarnPayload& payload) {
  json::object object{{"task", kWarn},
                      {"fleet", payload.fleet},
                      {"timezone", payload.timezone},
                      {"environments", to_json(payload.environments)},
                      {"chosen", json::value_from(payload.chosen)},
                      {kAhead, in_seconds(payload.ahead)},
                      {"coordination", to_json(payload.coordination)}};
  add_to(object, payload.occurrence);
  return object;
}

json::object to_json(const WarnAnswer& answer) {
  json::array environments;
  for (const auto& one : answer.environments) {
    environments.push_back({{"name", one.name}, {"status", "warned"}, {"phase", ""}, {"reason", one.reason}});
  }
  return {{"subject", answer.subject},
          {"body", answer.body},
          {"due", format_time(answer.due)},
          {"environments", std::move(environments)}};
}

Result<WarnPayload> read_warn_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  WarnPayload task;
  task.fleet = TRY(fields.nonempty_text("fleet"));
  task.timezone = TRY(fields.optional_text("timezone"));
  task.environments = TRY(read_environments(fields));
  task.chosen = TRY(fields.optional_texts("chosen"));
  auto occurrence = TRY(read_occurrence(fields));
  if (!occurrence) return fields.unexpected(kOccurrence, "the occurrence that is warned of");
  task.occurrence = *std::move(occurrence);
  task.ahead = std::chrono::seconds(TRY(fields.whole_number(kAhead, 1, kMostAhead)));
  task.coordination = TRY(read_coordination(fields));
  return task;
}

json::object warning_input(const ScheduleInput& input, Duration ahead) {
  json::object made = to_json(input);
  made[kAhead] = in_seconds(ahead);
  return made;
}

}  // namespace lamplighter::tasks
