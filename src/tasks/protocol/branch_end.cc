#include "tasks/protocol/branch_end.h"

#include "tasks/protocol/error_words.h"
#include "tasks/protocol/members.h"

namespace lamplighter::tasks {
json::object to_json(const BranchEnd& end) {
  json::array phases;
  for (const auto& phase : end.phases) phases.push_back(to_json(phase));
  json::object object{{"environment", end.environment},
                      {"status", end.skipped ? kSkipped : environment_status(end.halted)}};
  if (end.halted) {
    object["phase"] = end.phase;
  }
  if (!end.reason.empty() || end.halted) object["reason"] = end.reason;
  object["members"] = to_json(end.members);
  object["lease"] = to_json(end.lease);
  object["phases"] = std::move(phases);
  return object;
}

Result<BranchEnd> read_branch_end(const json::value& end) {
  const auto fields = TRY(Reader::of(end, "branch", kInvalidAnswer));
  BranchEnd read;
  read.environment = TRY(fields.text("environment"));
  read.skipped = TRY(fields.text("status")) == kSkipped;
  if (!read.skipped) read.halted = TRY(read_halted(fields));
  read.phase = TRY(fields.optional_text("phase"));
  read.reason = TRY(fields.optional_text("reason"));
  const auto error = TRY(fields.optional_text("error"));
  if (!error.empty()) read.reason = error_words(error, TRY(fields.optional_text("cause")));
  read.members = TRY(read_memberships(fields));
  read.lease = TRY(read_branch_lease(fields));
  for (const auto& phase : TRY(fields.optional_objects("phases"))) {
    read.phases.push_back(TRY(read_phase_answer(phase)));
  }
  return read;
}

}  // namespace lamplighter::tasks
