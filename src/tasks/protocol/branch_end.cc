#include "tasks/protocol/branch_end.h"

#include "tasks/protocol/members.h"

namespace lamplighter::tasks {

json::object to_json(const BranchEnd& end) {
  json::array phases;
  for (const auto& phase : end.phases) phases.push_back(to_json(phase));
  json::object object{{"environment", end.environment}, {"status", environment_status(end.halted)}};
  if (end.halted) {
    object["phase"] = end.phase;
    object["reason"] = end.reason;
    object["not_touched"] = json::value_from(end.not_touched);
  }
  object["phases"] = std::move(phases);
  return object;
}

Result<BranchEnd> read_branch_end(const json::value& end) {
  const auto fields = TRY(Reader::of(end, "branch", kInvalidAnswer));
  BranchEnd read;
  read.environment = TRY(fields.text("environment"));
  read.halted = TRY(read_halted(fields));
  read.phase = TRY(fields.optional_text("phase"));
  read.reason = TRY(fields.optional_text("reason"));
  read.not_touched = TRY(fields.optional_texts("not_touched"));
  for (const auto& phase : TRY(fields.optional_objects("phases"))) {
    read.phases.push_back(TRY(read_phase_answer(phase)));
  }
  return read;
}

}  // namespace lamplighter::tasks
