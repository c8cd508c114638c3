#include "tasks/task.h"

#include "json/reader.h"
#include "tasks/protocol/payload.h"
#include "tasks/reconcile.h"
#include "tasks/report.h"

namespace lamplighter::tasks {

Result<json::value> run_task(const Context& context, const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  const auto task = TRY(fields.text("task"));
  if (task == kReconcile) return to_json(TRY(reconcile(context, TRY(read_reconcile_payload(payload)))));
  if (task == kReport) return to_json(TRY(report(context, TRY(read_report_payload(payload)))));
  return fields.unexpected("task", "\"reconcile\" or \"report\"");
}

}  // namespace lamplighter::tasks
