#include "action/task.h"

#include "action/fields.h"
#include "action/payload.h"
#include "action/reconcile.h"
#include "action/report.h"

namespace lamplighter::action {

Result<json::value> run_task(const Context& context, const json::value& payload) {
  const auto fields = TRY(Fields::of(payload, "payload"));
  const auto task = TRY(fields.text("task"));
  if (task == "reconcile") return reconcile(context, TRY(read_reconcile_payload(payload)));
  if (task == "report") return report(context, TRY(read_report_payload(payload)));
  return fields.unexpected("task", "\"reconcile\" or \"report\"");
}

}  // namespace lamplighter::action
