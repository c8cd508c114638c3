#include "tasks/protocol/admit.h"

#include <array>
#include <optional>
#include <utility>

#include "json/reader.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMostGenerations = std::int64_t{1} << 50U;
constexpr std::int64_t kMostSeconds = 86'400;
constexpr std::int64_t kLongestClaim = std::int64_t{1} << 30U;

constexpr std::string_view kOverride = "override";

constexpr std::array<std::pair<Admission, std::string_view>, 4> kAdmissions{{{Admission::run, "run"},
                                                                             {Admission::waiting, "waiting"},
                                                                             {Admission::skipped, "skipped"},
                                                                             {Admission::halted, "halted"}}};

std::string_view to_string(Admission admission) {
  for (const auto& [one, word] : kAdmissions) {
    if (one == admission) return word;
  }
  return "";
}

Result<Admission> read_status(const Reader& fields) {
  const auto text = TRY(fields.text("status"));
  for (const auto& [admission, word] : kAdmissions) {
    if (word == text) return admission;
  }
  return fields.unexpected("status", R"("run", "waiting", "skipped" or "halted")");
}

json::value to_json(const SeenLease& seen) {
  if (seen == SeenLease{}) return nullptr;
  return json::object{{"generation", seen.generation},
                      {"beat", seen.beat},
                      {"seconds", seen.seconds},
                      {"waited", seen.waited}};
}

Result<SeenLease> read_claim(const Reader& fields) {
  const json::value* found = fields.find("claim");
  if (found == nullptr || found->is_null()) return SeenLease{};
  const Reader claim = TRY(fields.object("claim"));
  return SeenLease{static_cast<std::uint64_t>(TRY(claim.whole_number("generation", 0, kMostGenerations))),
                   static_cast<std::uint64_t>(TRY(claim.whole_number("beat", 0, kMostGenerations))),
                   static_cast<int>(TRY(claim.whole_number("seconds", 0, kLongestClaim))),
                   static_cast<int>(TRY(claim.whole_number("waited", 0, kLongestClaim)))};
}

}  // namespace

json::object to_json(const AdmitPayload& payload) {
  json::object object{{"task", kAdmit},
                      {"action", to_string(payload.action)},
                      {"fleet", payload.fleet},
                      {"environment", to_json(payload.environment)},
                      {"coordination", to_json(payload.coordination)},
                      {"on_conflict", to_string(payload.on_conflict)},
                      {"began", format_time(payload.started)},
                      {"claim", to_json(payload.claim)},
                      {"execution", payload.execution},
                      {kOverride, payload.despite_keeps}};
  if (payload.occurrence) add_to(object, *payload.occurrence);
  return object;
}

json::object to_json(const AdmitAnswer& answer) {
  return {{"status", to_string(answer.status)},
          {"phase", answer.phase},
          {"reason", answer.reason},
          {"members", to_json(answer.members)},
          {"wait_seconds", answer.wait_seconds},
          {"claim", to_json(answer.claim)},
          {"lease", to_json(answer.lease)}};
}

Result<AdmitPayload> read_admit_payload(const json::value& payload) {
  const auto fields = TRY(Reader::of(payload, "payload", kInvalidPayload));
  AdmitPayload task;
  task.action = TRY(read_action(fields));
  task.fleet = TRY(fields.text("fleet"));
  task.environment = TRY(read_environment(TRY(fields.object("environment"))));
  task.coordination = TRY(read_coordination(fields));
  task.on_conflict = TRY(read_on_conflict(fields));
  task.started = TRY(fields.optional_time("began")).value_or(Time{});
  task.claim = TRY(read_claim(fields));
  task.execution = TRY(fields.optional_text("execution"));
  task.occurrence = TRY(read_occurrence(fields));
  if (fields.find(kOverride) != nullptr) task.despite_keeps = TRY(fields.truth(kOverride));
  return task;
}

Result<AdmitAnswer> read_admit_answer(const json::value& answer) {
  const auto fields = TRY(Reader::of(answer, "answer", kInvalidAnswer));
  AdmitAnswer read;
  read.status = TRY(read_status(fields));
  read.phase = TRY(fields.optional_text("phase"));
  read.reason = TRY(fields.optional_text("reason"));
  read.members = TRY(read_memberships(fields));
  if (read.status == Admission::waiting) {
    read.wait_seconds = static_cast<int>(TRY(fields.whole_number("wait_seconds", 1, kMostSeconds)));
  }
  read.claim = TRY(read_claim(fields));
  read.lease = TRY(read_branch_lease(fields));
  return read;
}

}  // namespace lamplighter::tasks
