#include "tasks/task.h"

#include <optional>

#include "json/reader.h"
#include "tasks/admit.h"
#include "tasks/lookout.h"
#include "tasks/notify.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/payload.h"
#include "tasks/reconcile.h"
#include "tasks/report.h"
#include "tasks/survey.h"
#include "tasks/unmute.h"

namespace lamplighter::tasks {

Result<json::value> run_task(const Context& given, const json::value& payload) {
  std::optional<Lookout> own;
  const Context context = with_lookout(given, own);
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  const auto task = TRY(fields.text("task"));
  if (task == kSurvey) return to_json(TRY(survey(context, TRY(read_survey_payload(payload)))));
  if (task == kAdmit) return to_json(TRY(admit(context, TRY(read_admit_payload(payload)))));
  if (task == kReconcile) return to_json(TRY(reconcile(context, TRY(read_reconcile_payload(payload)))));
  if (task == kReport) return to_json(report(context, TRY(read_report_payload(payload))));
  if (task == kNotify) return to_json(TRY(notify(context, TRY(read_notify_payload(payload)))));
  if (task == kUnmute) return to_json(TRY(unmute(context, TRY(read_unmute_payload(payload)))));
  return fields.unexpected("task", R"("survey", "admit", "reconcile", "report", "notify" or "unmute")");
}

}  // namespace lamplighter::tasks
