#include "tasks/reconcile.h"

#include <algorithm>
#include <array>
#include <climits>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "aws/client/error_codes.h"
#include "base/duration.h"
#include "base/hash.h"
#include "tasks/alarms.h"
#include "tasks/batch.h"
#include "tasks/branch_tenure.h"
#include "tasks/lookout.h"
#include "tasks/memory.h"
#include "tasks/protocol/pace.h"
#include "tasks/refusal.h"
#include "tasks/state_reason.h"
#include "tasks/target.h"
#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

// What is done about a server, by what EC2 says of it. Every decision about a server is here.
// clang-format off
constexpr std::array kRules{
    //   action         state       status checks     step         waiting for
    Rule{Action::start, "stopped",  Checks::any,      Step::start, "starting"},
    Rule{Action::start, "stopping", Checks::any,      Step::wait,  "stopping, to be started then"},
    Rule{Action::start, "pending",  Checks::any,      Step::wait,  "starting"},
    Rule{Action::start, "running",  Checks::not_yet,  Step::wait,  "status checks"},
    Rule{Action::start, "running",  Checks::impaired, Step::wait,  "status checks (impaired)"},
    Rule{Action::start, "running",  Checks::passed,   Step::none,  ""},

    Rule{Action::stop,  "pending",  Checks::any,      Step::wait,  "starting, to be stopped then"},
    Rule{Action::stop,  "running",  Checks::any,      Step::stop,  "stopping"},
    Rule{Action::stop,  "stopping", Checks::any,      Step::wait,  "stopping"},
    Rule{Action::stop,  "stopped",  Checks::any,      Step::none,  ""},
};
// clang-format on

constexpr Duration kVisible = std::chrono::seconds{5};  // EC2 may show for a while what was before a request
constexpr Duration kFirstRetry = std::chrono::seconds{5};
constexpr Duration kLongestRetry = std::chrono::seconds{60};
constexpr int kAlarmTries = 3;       // looks; after that a phase no longer waits for the alarms' sake
constexpr int kThrottledSpread = 3;  // seconds
constexpr Duration kShortTurn = std::chrono::seconds{2};
constexpr Duration kAlmostASecond = std::chrono::milliseconds{999};
constexpr std::size_t kNamesWaitedFor = 3;
constexpr std::size_t kNamesOfReason = 10;
constexpr std::size_t kReasons = 8;

/// A server in this look: as it was seen, what the rules say, and its memory.
struct Tracked {
  SeenServer seen;
  const Rule* rule;
  ServerMemory* memory;
  bool held = false;  ///< must not be stopped yet: an alarm of it would ring

  [[nodiscard]] bool ready() const { return rule->step == Step::none; }
  [[nodiscard]] bool to_be_asked() const { return rule->step == Step::start || rule->step == Step::stop; }
  [[nodiscard]] bool hopeless() const { return to_be_asked() && memory->hopeless; }
};

Duration retry_delay(int troubles) {
  Duration delay = kFirstRetry;
  for (int i = 1; i < troubles && delay < kLongestRetry; ++i) delay *= 2;
  return std::min(delay, kLongestRetry);
}

int whole_seconds(Duration duration) {
  return static_cast<int>(std::chrono::floor<std::chrono::seconds>(duration).count());
}

/// A phase that EC2 throttled looks again soon, but not together with its neighbours, which were throttled at
/// the same moment and would be again.
int apart(const ReconcilePayload& task, int elapsed) {
  const std::uint32_t spread = fnv1a(fmt::format("{} {}/{}", elapsed, task.environment, task.phase));
  return static_cast<int>(spread % static_cast<std::uint32_t>(kThrottledSpread));
}

/// One look's work on one phase, in the order of its functions.
class Reconciliation {
 public:
  Reconciliation(const Context& context, AlarmDesk& desk, const ReconcilePayload& task, Memory memory,
                 Look look);

  void notice_what_came_to_nothing();
  void mute_before_stopping();
  void ask_servers();
  void conclude();
  [[nodiscard]] ReconcileAnswer answer();

 private:
  [[nodiscard]] bool starts() const { return task_.action == Action::start; }
  [[nodiscard]] bool is_due(const Tracked& server) const;
  [[nodiscard]] std::vector<std::string> due_servers() const;
  Status ask(const std::vector<std::string>& ids, bool alone, bool may_book);
  Status take_turn(std::size_t servers, bool may_book);
  void take_refusal(ServerMemory& memory, const Refused& refused) const;
  void hold(const AlarmWork& work);
  [[nodiscard]] bool looks_once_more() const;
  [[nodiscard]] AlarmScope alarm_scope() const;
  [[nodiscard]] bool tries_alarms_again(const AlarmWork& work);
  [[nodiscard]] std::vector<Server> servers() const;
  [[nodiscard]] std::string unready_reason(const Tracked& server) const;
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] std::string waiting_for() const;
  void pace_from_last_asked();
  [[nodiscard]] int wait_seconds();
  /// Since the phase's first look. (What its start shows is the wall clock's.)
  [[nodiscard]] Duration elapsed(Time at) const { return task_.timeout - (memory_.deadline - at); }
  [[nodiscard]] PhaseAnswer phase() const;

  const Context& context_;
  const ReconcilePayload& task_;
  Memory memory_;
  std::vector<Missing> missing_;
  std::vector<Tracked> servers_;
  Time now_;  ///< by Clock::steady()
  AlarmDesk& desk_;
  PhaseStatus status_ = PhaseStatus::waiting;
  std::optional<int>
      alarms_wait_;  ///< seconds until something can be done about alarms; nullopt: nothing is left
  bool throttled_ = false;
};

Reconciliation::Reconciliation(const Context& context, AlarmDesk& desk, const ReconcilePayload& task,
                               Memory memory, Look look)
    : context_(context),
      task_(task),
      memory_(std::move(memory)),
      missing_(std::move(look.missing)),
      now_(context.clock.steady()),
      desk_(desk) {
  for (auto& seen : look.servers) {
    auto& story = memory_.servers[seen.id()];
    const Rule& rule = decide(task.action, seen);
    servers_.push_back({std::move(seen), &rule, &story});
  }
}

// EC2 may accept a start and stop the server again (no capacity, a key or volume gone), and says why only in
// the server's own state reason.
void Reconciliation::notice_what_came_to_nothing() {
  for (auto& server : servers_) {
    ServerMemory& memory = *server.memory;
    if (server.ready()) memory.reason.clear();
    if (!server.to_be_asked() || !memory.accepted || now_ < memory.asked_at + kVisible) continue;
    memory.accepted = false;
    ++memory.troubles;
    const auto& instance = server.seen.server.instance;
    const auto why = state_reason(instance);
    memory.reason = shorten_reason(fmt::format("{} again after its {} was accepted{}", server.seen.state(),
                                               to_string(task_.action), why.empty() ? "" : " (" + why + ")"));
    memory.reason += remedy_of(instance.state_reason_code);
  }
}

bool Reconciliation::is_due(const Tracked& server) const {
  const ServerMemory& memory = *server.memory;
  if (!server.to_be_asked() || server.held || memory.hopeless || memory.accepted) return false;
  return memory.troubles == 0 || now_ >= memory.asked_at + retry_delay(memory.troubles);
}

/// Those with the fewest troubles first: a look's calls are limited, and they are the likeliest to pass. Then
/// those that were refused together in the largest number: nobody waits for what is found out about another.
std::vector<std::string> Reconciliation::due_servers() const {
  std::vector<const Tracked*> due;
  if (now_ >= memory_.deadline) return {};
  for (const auto& server : servers_) {
    if (is_due(server)) due.push_back(&server);
  }
  const auto rank = [](const Tracked* server) {
    const int together = server->memory->together;
    return std::pair(server->memory->troubles, together == 0 ? 0 : INT_MAX - together);
  };
  std::stable_sort(due.begin(), due.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
  std::vector<std::string> ids(due.size());
  std::transform(due.begin(), due.end(), ids.begin(), [](const auto* server) { return server->seen.id(); });
  return ids;
}

// No server is stopped while an alarm of it would ring: people woken for nothing at night, or an alarm's
// action that restarts the server, are worse than a server that runs a night longer and a report that says
// why.
void Reconciliation::mute_before_stopping() {
  if (starts() || task_.alarms == AlarmMatch::none) return;
  if (now_ >= memory_.deadline) return;
  if (memory_.alarms.finished && due_servers().empty() && !looks_once_more()) return;
  const AlarmWork work = mute_alarms(context_, desk_, servers(), alarm_scope());
  AlarmMemory& alarms = memory_.alarms;
  alarms.disabled = std::max(alarms.disabled, work.muted);
  alarms.finished = work.finished;
  alarms.took_over = alarms.took_over || work.took_over;
  alarms.reason.clear();
  if (work.trouble) {
    alarms.reason = fmt::format("alarms could not be disabled ({})", describe(*work.trouble));
  } else if (!work.composites.empty()) {
    alarms.reason = fmt::format("composite alarms that may ring: {}", fmt::join(work.composites, ", "));
  }
  if (!work.finished && tries_alarms_again(work)) alarms_wait_ = work.wait_seconds;
  hold(work);
}

/// A start's look that was under way when its alarms were taken over may have enabled some, or taken our
/// marks away. It is over by the time that the servers have stopped.
bool Reconciliation::looks_once_more() const {
  return memory_.alarms.took_over && missing_.empty() &&
         std::all_of(servers_.begin(), servers_.end(), [](const Tracked& server) { return server.ready(); });
}

AlarmScope Reconciliation::alarm_scope() const {
  const AlarmMark mark{
      task_.fleet, task_.environment, task_.phase, context_.clock.now(), marked_name(task_.execution),
      task_.began};
  return {
      task_.alarms, mark, task_.known_names, looks_once_more(), {task_.chosen.begin(), task_.chosen.end()}};
}

/// Whether a phase waits for its alarms' sake alone: for their turn always, for what passes a few looks.
bool Reconciliation::tries_alarms_again(const AlarmWork& work) {
  if (!work.trouble) return true;
  if (refusal_of(*work.trouble) == Refusal::for_good) return false;
  return ++memory_.alarms.troubles < kAlarmTries;
}

// A server waits for its own alarms alone, and for the reason that they gave.
void Reconciliation::hold(const AlarmWork& work) {
  for (auto& server : servers_) {
    const auto loud = work.loud.find(server.seen.id());
    if (loud == work.loud.end()) continue;
    server.held = true;
    if (!loud->second || !server.to_be_asked()) continue;
    if (refusal_of(*loud->second) == Refusal::for_good) server.memory->hopeless = true;
    server.memory->reason =
        fmt::format("not stopped, since its alarms could not be disabled ({})", describe(*loud->second));
  }
}

void Reconciliation::ask_servers() {
  const auto ids = due_servers();
  if (ids.empty() || now_ < memory_.turn) return;
  Together together;
  for (const auto& id : ids) {
    if (const int most = memory_.servers[id].together; most > 0)
      together[id] = static_cast<std::size_t>(most);
  }
  bool refused_some = false;
  const auto ask_for = [&](const std::vector<std::string>& batch) {
    Status asked = ask(batch, refused_some || together.contains(batch.front()), !refused_some);
    refused_some = refused_some || !asked;
    return asked;
  };
  const auto outcome = call_in_batches(ids, ask_for, together);
  for (const auto& id : outcome.accepted) {
    ServerMemory& memory = memory_.servers[id];
    memory.accepted = true;
    memory.asked_at = now_;
    memory.together = 0;
    if (memory.troubles == 0) memory.reason.clear();
  }
  for (const auto& refused : outcome.refused) {
    take_refusal(memory_.servers[refused.id], refused);
    throttled_ = throttled_ || refusal_of(refused.error) == Refusal::of_everyone;
  }
}

/// One call, together with what other phases ask for; where some were refused, alone.
Status Reconciliation::ask(const std::vector<std::string>& ids, bool alone, bool may_book) {
  const auto turn = [&](std::size_t servers) { return take_turn(servers, may_book); };
  Lookout& lookout = *context_.lookout;
  if (!alone) {
    const Status asked = lookout.change_together(context_.caller, target_of(task_), task_.action, ids, turn);
    if (asked) return asked;
    const auto& code = asked.error().code;
    const bool others_turn = code == aws::kKeptToRate && memory_.turn == Time{};
    if (code != Lookout::kRefusedTogether && !others_turn) return asked;
  }
  return lookout.change(context_.caller, target_of(task_), task_.action, ids, turn);
}

/// EC2 lets only so many calls a second through. A turn that is not near is waited for outside of the task: a
/// look that comes then has it. Who is asked alone since others were refused takes what the rate soon leaves.
Status Reconciliation::take_turn(std::size_t servers, bool may_book) {
  if (std::exchange(memory_.turn, Time{}) != Time{}) return {};
  const Duration patience = may_book ? Duration::max() : Duration(kShortTurn);
  const auto wait = context_.lookout->rates().book(target_of(task_), api_of(task_.action), servers,
                                                   context_.clock.steady(), patience);
  if (wait && *wait <= kShortTurn) {
    context_.clock.sleep(*wait);
    return {};
  }
  if (wait) memory_.turn = context_.clock.steady() + *wait;
  return fail(ErrorKind::aws, std::string(aws::kKeptToRate), "not asked yet: EC2 takes only so many calls");
}

/// That nobody could be asked for in that moment says nothing of a server of which more is known.
void Reconciliation::take_refusal(ServerMemory& memory, const Refused& refused) const {
  const std::string& code = refused.error.code;
  const bool says_nothing =
      code == kTooManyRefusals || aws::find_error_code(code).concern == aws::Concern::nobody;
  if (!says_nothing || memory.reason.empty()) {
    memory.reason = shorten_reason(
        fmt::format("could not be {} ({})", starts() ? "started" : "stopped", describe(refused.error)));
  }
  memory.together = static_cast<int>(refused.together);
  if (!refused.settled) return;
  ++memory.troubles;
  memory.asked_at = now_;
  memory.hopeless = refusal_of(refused.error) == Refusal::for_good;
}

void Reconciliation::conclude() {
  const auto count = [&](auto predicate) {
    return std::count_if(servers_.begin(), servers_.end(), predicate);
  };
  const auto total = static_cast<std::ptrdiff_t>(servers_.size());
  const auto ready = count([](const Tracked& s) { return s.ready(); });
  const auto hopeless = count([](const Tracked& s) { return s.hopeless(); });
  if (ready == total && missing_.empty()) {
    status_ = PhaseStatus::ready;
  } else if (ready + hopeless == total || now_ >= memory_.deadline) {
    status_ = PhaseStatus::failed;
  }
  if (status_ == PhaseStatus::ready && alarms_wait_) status_ = PhaseStatus::waiting;
}

std::vector<Server> Reconciliation::servers() const {
  std::vector<Server> servers;
  for (const auto& tracked : servers_) servers.push_back(tracked.seen.server);
  return servers;
}

std::string Reconciliation::unready_reason(const Tracked& server) const {
  if (!server.memory->reason.empty()) return server.memory->reason;
  const auto waited = format_duration(std::chrono::floor<std::chrono::seconds>(elapsed(now_)));
  if (server.seen.state() != "running" || !starts()) {
    return fmt::format("still {} after {}", server.seen.state(), waited);
  }
  const auto said = [](const std::string& status) { return status.empty() ? "not reported" : status; };
  const bool volumes = server.seen.attached_ebs_status == "impaired";
  return fmt::format("runs, but its status checks have not passed after {} (instance {}, system {}{})",
                     waited, said(server.seen.instance_status), said(server.seen.system_status),
                     volumes ? ", attached volumes impaired" : "");
}

std::string Reconciliation::reason() const {
  if (status_ != PhaseStatus::failed) return "";
  std::vector<std::pair<std::string, std::string>> said_of;
  for (const auto& missing : missing_) said_of.emplace_back(missing.name, missing.reason);
  for (const auto& server : servers_) {
    if (!server.ready()) said_of.emplace_back(server.seen.server.name, unready_reason(server));
  }
  return tell(said_of, kNamesOfReason, kReasons);
}

std::string Reconciliation::waiting_for() const {
  if (status_ != PhaseStatus::waiting) return "";
  std::vector<std::pair<std::string, std::string>> said_of;
  for (const auto& server : servers_) {
    if (server.ready() || server.hopeless()) continue;
    std::string words(server.held ? "alarms" : server.rule->waiting_for);
    if (server.memory->troubles > 0) words += fmt::format(" (attempt {})", server.memory->troubles + 1);
    said_of.emplace_back(server.seen.server.name, std::move(words));
  }
  return said_of.empty() ? "alarms" : tell(said_of, kNamesWaitedFor, kNamesWaitedFor);
}

/// Servers are ready so long after they were asked: a phase that had to wait is no nearer. The looks that it
/// had before are gone.
void Reconciliation::pace_from_last_asked() {
  Time asked = memory_.deadline - task_.timeout;
  for (const auto& server : servers_) {
    if (server.memory->accepted && server.memory->troubles == 0)
      asked = std::max(asked, server.memory->asked_at);
  }
  if (asked != std::exchange(memory_.asked, asked)) memory_.looks_before = memory_.looks - memory_.extra;
  ++memory_.looks;
}

/// By the pace; or where a turn comes first, EC2's or the alarms', until that, as often as the budget spares
/// a look for it. The last look is the deadline's.
int Reconciliation::wait_seconds() {
  const Time now = context_.clock.steady();
  pace_from_last_asked();
  if (memory_.looks >= task_.looks - 1)
    return std::max(1, whole_seconds(memory_.deadline - now + kAlmostASecond));
  const int passed = whole_seconds(now - memory_.asked);
  const int looks = std::max(kFewestLooks, task_.looks - memory_.looks_before);
  const LookBudget budget{task_.action, looks, whole_seconds(memory_.deadline - memory_.asked), task_.pause};
  const int wait = next_wait(budget, passed);
  std::optional<int> turn = alarms_wait_;
  if (memory_.turn != Time{}) {
    const int until_turn = std::max(1, whole_seconds(memory_.turn - now + kAlmostASecond));
    turn = std::min(turn.value_or(until_turn), until_turn);
  }
  if (!turn) return throttled_ ? wait + apart(task_, passed) : wait;
  if (*turn >= wait || memory_.extra >= spare_looks(task_.looks)) return wait;
  ++memory_.extra;
  return *turn;
}

PhaseAnswer Reconciliation::phase() const {
  PhaseAnswer phase;
  phase.name = task_.phase;
  phase.status = status_;
  phase.reason = reason();
  phase.waiting_for = waiting_for();
  phase.started_at = task_.since;
  if (status_ != PhaseStatus::waiting) phase.ended_at = context_.clock.now();
  for (const auto& server : servers_) {
    phase.servers_ready += server.ready() ? 1 : 0;
    phase.changed += server.ready() && server.memory->initial_state != server.seen.state() ? 1 : 0;
    const bool failed = status_ == PhaseStatus::failed && !server.ready();
    phase.servers.push_back({server.seen.server.name, server.seen.id(), server.memory->initial_state,
                             server.seen.state(), server.seen.instance_status, server.seen.system_status,
                             failed ? unready_reason(server) : server.memory->reason});
  }
  for (const auto& missing : missing_) {
    const auto known = memory_.servers.find(missing.id);
    phase.servers.push_back({missing.name, missing.id,
                             known == memory_.servers.end() ? "" : known->second.initial_state, "", "", "",
                             missing.reason});
  }
  phase.servers_total = phase.servers.size();
  phase.alarms = {memory_.alarms.disabled, 0, memory_.alarms.reason};
  return phase;
}

ReconcileAnswer Reconciliation::answer() {
  const int wait = wait_seconds();
  const int passed = whole_seconds(elapsed(context_.clock.steady()));
  ReconcileAnswer answer{status_, wait, std::max(0, passed + wait), nullptr, {}, phase()};
  if (status_ == PhaseStatus::waiting) {
    answer.memory = to_json(memory_);
    context_.lookout->expect(target_of(task_), task_.members.ids(), starts(), std::chrono::seconds{wait});
  }
  shorten(answer.phase, task_.room);
  return answer;
}

}  // namespace

static Checks checks_of(const SeenServer& server) {
  const auto either = [&](std::string_view status) {
    return server.instance_status == status || server.system_status == status;
  };
  if (either("impaired") || server.attached_ebs_status == "impaired") return Checks::impaired;
  return server.instance_status == "ok" && server.system_status == "ok" ? Checks::passed : Checks::not_yet;
}

const Rule& decide(Action action, const SeenServer& server) {
  static constexpr Rule kUnknownState{Action::start, "", Checks::any, Step::wait, "a known state"};
  const Checks checks = checks_of(server);
  const auto* const rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& r) {
    return r.action == action && r.state == server.state() && (r.checks == Checks::any || r.checks == checks);
  });
  return rule == kRules.end() ? kUnknownState : *rule;
}

namespace {

/// The environment is another's now: nothing of it was looked at.
ReconcileAnswer taken_away(const Context& context, const ReconcilePayload& task, std::string by) {
  ReconcileAnswer answer;
  answer.status = PhaseStatus::failed;
  answer.passed = task.passed;
  answer.lease = task.lease;
  answer.phase.name = task.phase;
  answer.phase.status = PhaseStatus::failed;
  answer.phase.reason = std::move(by);
  answer.phase.started_at = task.since;
  answer.phase.ended_at = context.clock.now();
  answer.phase.servers_total = task.members.ids().size();
  return answer;
}

}  // namespace

Result<ReconcileAnswer> reconcile(const Context& given, const ReconcilePayload& task) {
  BranchTenure tenure(given, task);
  if (auto by = TRY(tenure.lost()); !by.empty()) return taken_away(given, task, std::move(by));
  std::optional<Lookout> own;
  const Context context = with_lookout(given, own);
  Memory memory = TRY(recall(task, context.clock));
  Look look = TRY(look_at(context, target_of(task), task.members.ids(), task.action));
  AlarmDesks alone;
  AlarmDesks& desks = context.alarms != nullptr ? *context.alarms : alone;
  Reconciliation phase(context, desks.at(target_of(task)), task, std::move(memory), std::move(look));
  phase.notice_what_came_to_nothing();
  phase.mute_before_stopping();
  phase.ask_servers();
  phase.conclude();
  ReconcileAnswer answer = phase.answer();
  answer.lease = tenure.kept(answer.wait_seconds);
  return answer;
}

}  // namespace lamplighter::tasks
