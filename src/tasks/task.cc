#include "tasks/task.h"

#include <optional>

#include "aws/client/limited_caller.h"
#include "json/reader.h"
#include "tasks/admit.h"
#include "tasks/lookout.h"
#include "tasks/notify.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/run.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/reconcile.h"
#include "tasks/report.h"
#include "tasks/survey.h"
#include "tasks/unmute.h"
#include "tasks/warn.h"

namespace lamplighter::tasks {
namespace {

/// What a task's calls may take together. With what is left of its timeout it answers with what it knows.
Duration time_of(std::string_view task) {
  const Duration timeout = task == kSurvey || task == kReport ? kReportTimeout : kReconcileTimeout;
  return timeout * 3 / 4;
}

Result<json::value> run(const Context& context, const Reader& fields, const json::value& payload) {
  const auto task = TRY(fields.text("task"));
  if (task == kSurvey) return to_json(TRY(survey(context, TRY(read_survey_payload(payload)))));
  if (task == kAdmit) return to_json(TRY(admit(context, TRY(read_admit_payload(payload)))));
  if (task == kReconcile) return to_json(TRY(reconcile(context, TRY(read_reconcile_payload(payload)))));
  if (task == kReport) return to_json(report(context, TRY(read_report_payload(payload))));
  if (task == kNotify) return to_json(TRY(notify(context, TRY(read_notify_payload(payload)))));
  if (task == kUnmute) return to_json(unmute(context, TRY(read_unmute_payload(payload))));
  if (task == kWarn) return to_json(TRY(warn(context, TRY(read_warn_payload(payload)))));
  return fields.unexpected("task",
                           R"("survey", "admit", "reconcile", "report", "notify", "unmute" or "warn")");
}

}  // namespace

Result<json::value> run_task(const Context& context, const json::value& told) {
  const json::value payload = with_run_told(told);
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  const Time end = context.clock.steady() + time_of(TRY(fields.text("task")));
  aws::LimitedCaller caller(context.caller, context.clock, end);
  std::optional<Lookout> lookout;
  return run(with_lookout(context.through(caller), lookout), fields, payload);
}

}  // namespace lamplighter::tasks
