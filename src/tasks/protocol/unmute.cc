#include "tasks/protocol/unmute.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "json/reader.h"
#include "tasks/protocol/members.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMostSeconds = 7LL * 24 * 3600;

std::int64_t seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

Result<std::map<std::string, int>> read_later(const Reader& fields) {
  std::map<std::string, int> later;
  for (const auto& [execution, unused] : fields.members()) {
    later[execution] = static_cast<int>(TRY(fields.whole_number(execution, 0, kMaxCount)));
  }
  return later;
}

}  // namespace

std::string muted_words(const std::vector<std::string>& left, const std::vector<std::string>& troubles) {
  std::string words;
  if (!left.empty()) words = fmt::format("alarms that are still muted: {}", fmt::join(left, ", "));
  if (troubles.empty()) return words;
  return fmt::format("{}{}{}", words, words.empty() ? "" : "; ", fmt::join(troubles, "; "));
}

json::object to_json(const UnmutePayload& payload) {
  json::object object{{"task", kUnmute},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"environments", to_json(payload.environments)},
                      {"since", format_time(payload.since)},
                      {"alarms", to_string(payload.alarms)},
                      {"unmute_after", seconds(payload.unmute_after)},
                      {"looks", payload.looks},
                      {"coordination", to_json(payload.coordination)},
                      {"leases", to_json(payload.leases)},
                      {"execution", payload.execution}};
  if (payload.began) object["began"] = format_time(*payload.began);
  return object;
}

json::object to_json(const UnmuteAnswer& answer) {
  return {{"status", answer.done ? "done" : "waiting"},
          {"wait_seconds", answer.wait_seconds},
          {"enabled", answer.enabled},
          {"left", json::value_from(answer.left)},
          {"troubles", json::value_from(answer.troubles)},
          {"words", muted_words(answer.left, answer.troubles)},
          {"later", json::value_from(answer.later)}};
}

Result<UnmutePayload> read_unmute_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  UnmutePayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environments = TRY(read_environments(fields));
  task.since = TRY(fields.time("since"));
  if (fields.find("alarms") != nullptr) task.alarms = TRY(read_alarm_match(fields));
  task.unmute_after = std::chrono::seconds{TRY(fields.whole_number("unmute_after", 0, kMostSeconds))};
  task.looks = static_cast<int>(TRY(fields.whole_number("looks", 1, kMaxCount)));
  task.coordination = TRY(read_coordination(fields));
  task.leases = TRY(read_generations(fields));
  task.execution = TRY(fields.optional_text("execution"));
  task.began = TRY(fields.optional_time("began"));
  return task;
}

Result<UnmuteAnswer> read_unmute_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  UnmuteAnswer read;
  const auto status = TRY(fields.text("status"));
  if (status != "done" && status != "waiting") return fields.unexpected("status", "\"done\" or \"waiting\"");
  read.done = status == "done";
  read.wait_seconds = static_cast<int>(TRY(fields.whole_number("wait_seconds", 1, kMostSeconds)));
  read.enabled = static_cast<int>(TRY(fields.optional_count("enabled", kMaxCount)));
  read.left = TRY(fields.optional_texts("left"));
  read.troubles = TRY(fields.optional_texts("troubles"));
  if (fields.find("later") != nullptr) read.later = TRY(read_later(TRY(fields.object("later"))));
  return read;
}

}  // namespace lamplighter::tasks
