#include "apps/lambda/events.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"
#include "tasks/protocol/report_answer.h"
#include "tasks/protocol/run.h"

namespace lamplighter::cli {
namespace {

constexpr std::size_t kMaxDepth = 64;

/// "start dev db: waiting, 1 of 3 servers ready (test7: status checks)".
std::string words_for_phase(const tasks::ReconcilePayload& task, const tasks::ReconcileAnswer& answer) {
  const tasks::PhaseAnswer& phase = answer.phase;
  const std::string& detail = phase.reason.empty() ? phase.waiting_for : phase.reason;
  return fmt::format("{} {} {}: {}, {} of {} servers ready{}", to_string(task.action), task.environment,
                     task.phase, to_string(answer.status), phase.servers_ready, phase.servers_total,
                     detail.empty() ? "" : " (" + detail + ")");
}

std::string words_for(const json::value& event, const json::value& answer) {
  const auto task = get_string(event, "task");
  if (task == tasks::kReconcile) {
    const auto asked = tasks::read_reconcile_payload(event);
    const auto answered = tasks::read_reconcile_answer(answer);
    return asked && answered ? words_for_phase(*asked, *answered) : task;
  }
  if (task == tasks::kReport) {
    const auto answered = tasks::read_report_answer(answer);
    return answered ? "report: " + answered->subject : task;
  }
  if (!task.empty()) return task;
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
  auto event = parse_json(invocation.event, kMaxDepth, limits::kInvocationBytes);
  if (event) event = tasks::with_run_told(*event);
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
              "expected an object with task (such as reconcile), or a classic event with phase_number or "
              "send_mail");
}

}  // namespace lamplighter::cli
