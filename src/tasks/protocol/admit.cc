#include "tasks/protocol/admit.h"

#include "json/reader.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {

json::object to_json(const AdmitPayload& payload) {
  return {{"task", kAdmit},
          {"action", to_string(payload.action)},
          {"fleet", payload.fleet},
          {"environment", to_json(payload.environment)},
          {"execution", payload.execution}};
}

json::object to_json(const AdmitAnswer& answer) {
  return {{"status", answer.admitted ? "run" : "halted"},
          {"phase", answer.phase},
          {"reason", answer.reason},
          {"members", to_json(answer.members)}};
}

Result<AdmitPayload> read_admit_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  AdmitPayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environment = TRY(read_environment(TRY(fields.object("environment"))));
  task.execution = TRY(fields.optional_text("execution"));
  return task;
}

Result<AdmitAnswer> read_admit_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  AdmitAnswer read;
  const auto status = TRY(fields.text("status"));
  if (status != "run" && status != "halted") return fields.unexpected("status", R"("run" or "halted")");
  read.admitted = status == "run";
  read.phase = TRY(fields.optional_text("phase"));
  read.reason = TRY(fields.optional_text("reason"));
  read.members = TRY(read_memberships(fields));
  return read;
}

}  // namespace lamplighter::tasks
