#include "apps/lambda/events.h"

#include <fmt/format.h>

namespace lamplighter::cli {
namespace {

constexpr std::size_t kMaxEvent = std::size_t{6} << 20U;
constexpr std::size_t kMaxDepth = 64;

/// "start dev db: waiting, 1 of 3 servers ready (test7: status checks)".
std::string words_for_phase(const json::value& event, const json::value& answer) {
  const auto* phase = find(answer, "phase");
  if (!phase) return "";
  auto detail = get_string(*phase, "reason");
  if (detail.empty()) detail = get_string(*phase, "waiting_for");
  return fmt::format("{} {} {}: {}, {} of {} servers ready{}", get_string(event, "action"),
                     get_string(event, "environment"), get_string(event, "phase"),
                     get_string(answer, "status"), get_int(*phase, "servers_ready"),
                     get_int(*phase, "servers_total"), detail.empty() ? "" : " (" + detail + ")");
}

std::string words_for(const json::value& event, const json::value& answer) {
  const auto task = get_string(event, "task");
  if (task == "reconcile") return words_for_phase(event, answer);
  if (task == "report") return "report: " + get_string(answer, "subject");
  if (find(answer, "next_phase")) return "classic phase: " + json_text(answer.at("next_phase"));
  return "classic mail sent: " + get_string(event, "subject");
}

json::object fields_for(const json::value& event, const json::value& answer) {
  json::object fields;
  for (const char* key : {"task", "action", "fleet", "environment", "phase", "phase_number"}) {
    if (const auto* value = find(event, key)) fields[key] = *value;
  }
  for (const char* key : {"status", "wait_seconds", "next_phase"}) {
    if (const auto* value = find(answer, key)) fields[key] = *value;
  }
  return fields;
}

}  // namespace

Result<std::string> Events::handle(const lambda_runtime::Invocation& invocation) {
  log_.begin(invocation, "");
  const auto event = parse_json(invocation.event, kMaxDepth, kMaxEvent);
  auto answer = event ? dispatch(invocation, *event) : tl::unexpected(event.error());
  if (!answer) {
    log_.error(answer.error().message, {{"error", answer.error().code}});
    return tl::unexpected(std::move(answer).error());
  }
  const auto words = words_for(*event, *answer);
  log_.info(words, fields_for(*event, *answer));
  log_.text(words);
  return json_text(*answer);
}

Result<json::value> Events::dispatch(const lambda_runtime::Invocation& invocation, const json::value& event) {
  log_.begin(invocation, get_string(event, "execution"));
  if (find(event, "task")) return tasks::run_task(context_, event);
  if (tasks::is_classic(event)) {
    const tasks::ClassicCall call{invocation.deadline, [this](std::string_view line) { log_.text(line); }};
    return tasks::run_classic(context_, classic_, call, event);
  }
  return fail(ErrorKind::bad_input, "InvalidPayload",
              "expected an object with task (reconcile or report), or a classic event with phase_number or "
              "send_mail");
}

}  // namespace lamplighter::cli
