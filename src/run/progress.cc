#include "run/progress.h"

#include <algorithm>

#include "json/reader.h"
#include "tasks/protocol/error_words.h"
#include "tasks/protocol/unmute.h"
#include "tasks/words.h"

namespace lamplighter::run {
namespace {

using engine::Event;
using engine::EventKind;
using engine::EventType;
using PhaseStatus = PhaseProgress::Status;

/// What flows, read.
json::value payload(const Event& event) {
  if (!event.payload) return nullptr;
  return parse_json(*event.payload).value_or(json::value(nullptr));
}

std::string detail(const Event& event, std::string_view key) {
  return get_string(json::value(event.details), key);
}

/// So many ids and reasons are shown of what a phase leaves alone.
constexpr std::size_t kNames = 3;
constexpr std::size_t kClauses = 3;

constexpr std::string_view kReport = "Report";
constexpr std::string_view kNotify = "Notify";  // or what its name begins with
constexpr std::string_view kUnmute = "Unmute alarms";

/// One of them; nullopt where it can't be read.
std::optional<tasks::Notified> read_notified(const json::value& notified) {
  const auto fields = Reader::of(notified, "notified", tasks::kInvalidAnswer);
  if (!fields) return std::nullopt;
  auto read = tasks::read_notified(*fields);
  return read ? std::optional(*std::move(read)) : std::nullopt;
}

/// What has become of messages so far: the list `notifications`, or the one mail's `notified`, to `topic`.
/// Neither is there where the mail is tried again.
std::vector<tasks::Notified> notified_in(const json::value& output, const std::string& topic) {
  std::vector<tasks::Notified> all;
  if (const json::value* list = find(output, "notifications"); list != nullptr && list->is_array()) {
    for (const json::value& each : list->get_array()) {
      if (auto read = read_notified(each)) all.push_back(*std::move(read));
    }
    return all;
  }
  const json::value* one = find(output, "notified");
  auto read = one != nullptr ? read_notified(*one) : std::nullopt;
  if (!read) return all;
  read->to = "sns:" + topic;
  all.push_back(*std::move(read));
  return all;
}

}  // namespace

std::size_t EnvironmentProgress::phases_done() const {
  const auto is_done = [](const PhaseProgress& phase) { return phase.status == PhaseStatus::ready; };
  return static_cast<std::size_t>(std::count_if(phases.begin(), phases.end(), is_done));
}

bool EnvironmentProgress::unchanged() const {
  return status == Status::ready && !phases.empty() &&
         std::all_of(phases.begin(), phases.end(),
                     [](const PhaseProgress& phase) { return phase.unchanged; });
}

const PhaseProgress* EnvironmentProgress::current() const {
  for (const PhaseProgress& phase : phases) {
    if (phase.status == PhaseStatus::working || phase.status == PhaseStatus::settling ||
        phase.status == PhaseStatus::failed) {
      return &phase;
    }
  }
  return nullptr;
}

Progress::Progress(const machine::Shape& shape, std::string execution) : shape_(shape) {
  run_.action = shape.action;
  run_.fleet = shape.fleet;
  run_.execution = std::move(execution);
  for (std::size_t e = 0; e < shape.environments.size(); ++e) {
    EnvironmentProgress environment;
    environment.name = shape.environments[e].name();
    admissions_[shape.environments[e].admit_state] = e;
    for (std::size_t p = 0; p < shape.environments[e].phases.size(); ++p) {
      const machine::PhaseShape& phase = shape.environments[e].phases[p];
      environment.phases.emplace_back().name = phase.name;
      environment.phases.back().timeout = shape.environments[e].described.phases[p].timeout;
      places_[phase.task_state] = {e, p, Place::Role::task};
      if (phase.settle_state.empty()) continue;
      places_[phase.settle_state] = {e, p, Place::Role::settle};
      settle_seconds_[phase.settle_state] = phase.settle_seconds;
    }
    run_.environments.push_back(std::move(environment));
  }
}

void Progress::apply(const std::vector<Event>& events) {
  const std::lock_guard lock(mutex_);
  for (const Event& event : events) {
    if (event.id <= last_id_) continue;
    last_id_ = event.id;
    apply_one(event);
  }
}

RunProgress Progress::now() const {
  const std::lock_guard lock(mutex_);
  return run_;
}

std::optional<tasks::ReportAnswer> Progress::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

std::vector<tasks::Notified> Progress::notified() const {
  const std::lock_guard lock(mutex_);
  return notified_;
}

std::optional<UnmuteProgress> Progress::unmuting() const {
  const std::lock_guard lock(mutex_);
  return unmuting_;
}

std::vector<tasks::BranchEnd> Progress::branch_ends() const {
  const std::lock_guard lock(mutex_);
  return branch_ends_;
}

std::string Progress::report_failure() const {
  const std::lock_guard lock(mutex_);
  return !report_ && run_.reporting ? run_.reporting_trouble : "";
}

void Progress::apply_one(const Event& event) {
  switch (engine::kind_of(event.type)) {
    case EventKind::execution_started:
      run_.started = event.time;
      return;
    case EventKind::state_entered:
      return entered(event, detail(event, "name"));
    case EventKind::state_exited:
      return exited(event, detail(event, "name"));
    case EventKind::attempt_failed:
      return failed(event);
    case EventKind::execution_ended:
      return ended(event);
    default:
      if (event.type == EventType::task_succeeded && unmuting_) unmuted(payload(event));
      return;
  }
}

void Progress::ended(const Event& event) {
  if (!run_.ended) run_.ended = event.time;
  if (unmuting_) unmuting_->over = true;
  const std::string error = detail(event, "error");
  if (!error.empty()) run_.failure = tasks::error_words(error, detail(event, "cause"));
}

void Progress::entered(const Event& event, const std::string& name) {
  const auto found = places_.find(name);
  if (found == places_.end()) {
    if (event.type != EventType::task_state_entered) return;
    if (name == kReport) run_.reporting = true;
    if (name != kUnmute || unmuting_) return;
    unmuting_.emplace();
    run_.ended = event.time;
    return;
  }
  const Place place = found->second;
  strands_[event.strand] = place;
  PhaseProgress& phase = run_.environments[place.environment].phases[place.phase];
  if (place.role == Place::Role::settle) {
    phase.status = PhaseStatus::settling;
    phase.settled_at = event.time + std::chrono::seconds{settle_seconds_[name]};
    return;
  }
  if (!phase.started) phase.started = event.time;
  phase.status = PhaseStatus::working;
}

void Progress::exited(const Event& event, const std::string& name) {
  const auto found = places_.find(name);
  if (const auto admission = admissions_.find(name); admission != admissions_.end()) {
    admitted(event, run_.environments[admission->second]);
  } else if (found != places_.end()) {
    PhaseProgress& phase = run_.environments[found->second.environment].phases[found->second.phase];
    if (found->second.role == Place::Role::settle) {
      phase.status = PhaseStatus::ready;
      phase.settled_at.reset();
    } else {
      looked(event, phase, payload(event));
    }
  } else if (event.type == EventType::task_state_exited && name == kReport) {
    if (auto answer = tasks::read_report_answer(payload(event))) report_ = *std::move(answer);
  } else if (event.type == EventType::task_state_exited && name.starts_with(kNotify)) {
    notified_ = notified_in(payload(event), shape_.topic);
  } else if (event.type == EventType::pass_state_exited) {
    branch_ended(event, payload(event));
  }
}

/// Its members are a variable of the branch.
void Progress::admitted(const Event& event, EnvironmentProgress& environment) {
  const json::value output = payload(event);
  const bool waits = get_string(output, "status") == "waiting";
  const std::string reason = waits ? get_string(output, "reason") : "";
  if (!waits) environment.waiting_since.reset();
  if (waits && reason != environment.waiting_for) environment.waiting_since = event.time;
  environment.waiting_for = reason;
  const json::value* assigned = event.details.if_contains("assignedVariables");
  const auto members = parse_json(assigned == nullptr ? "" : get_string(*assigned, "members"));
  if (!members) return;
  const json::value answer(json::object{{"members", *members}});
  const auto fields = Reader::of(answer, "admit", tasks::kInvalidAnswer);
  const auto memberships = fields ? tasks::read_memberships(*fields) : tl::unexpected(fields.error());
  if (!memberships) return;
  for (PhaseProgress& phase : environment.phases) {
    const auto membership = memberships->find(phase.name);
    if (membership == memberships->end()) continue;
    tasks::Remarks remarks;
    for (const auto& [why, ids] : membership->second.left_alone) {
      for (const auto& id : ids) remarks.emplace_back(id, why + ", and is left alone");
    }
    phase.left_alone = tasks::clauses(remarks, kNames, kClauses);
  }
}

/// What a reconcile said. A caught error has no `phase` of its own: the branch's end tells it.
void Progress::looked(const Event& event, PhaseProgress& phase, const json::value& output) {
  const auto answer = tasks::read_reconcile_answer(output);
  if (!answer) return;
  phase.ready = static_cast<std::int64_t>(answer->phase.servers_ready);
  phase.total = static_cast<std::int64_t>(answer->phase.servers_total);
  phase.waiting_for = answer->phase.waiting_for;
  if (answer->status == tasks::PhaseStatus::waiting) return;
  phase.ended = event.time;
  if (answer->status == tasks::PhaseStatus::ready) {
    phase.status = PhaseStatus::ready;
    phase.unchanged = answer->phase.changed == 0;
    phase.waiting_for.clear();
  } else {
    phase.status = PhaseStatus::failed;
    phase.reason = answer->phase.reason;
  }
}

void Progress::branch_ended(const Event& event, const json::value& output) {
  const auto end = tasks::read_branch_end(output);
  if (!end) return;
  for (EnvironmentProgress& environment : run_.environments) {
    if (environment.name != end->environment) continue;
    branch_ends_.push_back(*end);
    environment.ended = event.time;
    environment.status = end->halted    ? EnvironmentProgress::Status::halted
                         : end->skipped ? EnvironmentProgress::Status::skipped
                                        : EnvironmentProgress::Status::ready;
    environment.reason = end->reason;
    if (environment.status == EnvironmentProgress::Status::ready) return;
    for (PhaseProgress& phase : environment.phases) {
      if (phase.name == end->phase) {
        phase.status = PhaseStatus::failed;
        phase.reason = environment.reason;
        phase.ended = event.time;
      } else if (phase.status == PhaseStatus::to_come) {
        phase.status = PhaseStatus::not_touched;
      }
    }
  }
}

/// What a look of the unmute loop said.
void Progress::unmuted(const json::value& output) {
  const json::value* answer = find(output, "Payload");
  const auto read = tasks::read_unmute_answer(answer != nullptr ? *answer : json::value());
  if (!read) return;
  // A look that could not see tells nothing of those that an earlier one saw.
  if (!read->left.empty() || read->troubles.empty()) {
    unmuting_->left = read->left;
    unmuting_->looked = true;
  }
  unmuting_->enabled += read->enabled;
  unmuting_->troubles = read->troubles;
  unmuting_->later = read->later;
}

/// An attempt that failed: its Retry may follow.
void Progress::failed(const Event& event) {
  const std::string words = tasks::error_words(detail(event, "error"), detail(event, "cause"));
  if (unmuting_) {
    unmuting_->troubles = {words};
  } else if (run_.reporting) {
    run_.reporting_trouble = words;
  } else if (PhaseProgress* phase = phase_of_strand(event.strand)) {
    phase->waiting_for = "another try after " + words;
  }
}

std::optional<Time> reported_at(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (event.type == EventType::task_state_entered && detail(event, "name") == kUnmute) return event.time;
  }
  return std::nullopt;
}

std::optional<tasks::ReportAnswer> report_in(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (event.type != EventType::task_state_exited || detail(event, "name") != kReport) continue;
    if (auto answer = tasks::read_report_answer(payload(event))) return *std::move(answer);
  }
  return std::nullopt;
}

PhaseProgress* Progress::phase_of_strand(std::uint32_t strand) {
  const auto found = strands_.find(strand);
  if (found == strands_.end()) return nullptr;
  return &run_.environments[found->second.environment].phases[found->second.phase];
}

}  // namespace lamplighter::run
