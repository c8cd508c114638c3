#include "tasks/classic/classic.h"

#include <set>

#include <fmt/format.h>

#include "tasks/alarms.h"
#include "tasks/classic/classic_mail.h"
#include "tasks/look.h"
#include "tasks/reconcile.h"
#include "tasks/refusal.h"
#include "tasks/servers.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

using std::chrono::seconds;

constexpr seconds kTimeToAnswer{30};
constexpr int kPause = 2;  // seconds, the shortest between two looks
constexpr int kLooks = 100;
constexpr int kAlarmTries = 3;

struct PhaseEvent {
  std::size_t phase_number = 0;
  json::value next_phase;
  Action action = Action::start;
  std::string log_text;
};

tl::unexpected<Error> refuse(std::string_view member, std::string_view expected) {
  return fail(ErrorKind::bad_input, "InvalidEvent", fmt::format("{}: expected {}", member, expected));
}

/// As the language of the original saw truth: false, null, 0 and whatever is empty are not true.
bool is_true(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return false;
    case json::kind::bool_:
      return value.get_bool();
    case json::kind::string:
      return !value.get_string().empty();
    case json::kind::array:
      return !value.get_array().empty();
    case json::kind::object:
      return !value.get_object().empty();
    default:
      return value.to_number<double>() != 0;
  }
}

Result<std::size_t> read_phase_number(const json::value& event, std::size_t count) {
  const auto* number = find(event, "phase_number");
  const auto index = get_int(event, "phase_number", -1);
  if (number && number->is_number() && index >= 0 && index < static_cast<std::int64_t>(count)) {
    return static_cast<std::size_t>(index);
  }
  if (count == 0) return refuse("phase_number", "a fleet file with a `classic` list beside the function");
  return refuse("phase_number", fmt::format("a whole number from 0 to {}, a place in `classic`", count - 1));
}

Result<PhaseEvent> read_phase_event(const json::value& event, std::size_t count) {
  PhaseEvent out;
  out.phase_number = TRY(read_phase_number(event, count));
  const auto* next_phase = find(event, "next_phase");
  if (!next_phase) return refuse("next_phase", "true, or what the phase before answered");
  out.next_phase = *next_phase;
  const auto action = parse_action(get_string(event, "action"));
  if (!action) return refuse("action", "\"start\" or \"stop\"");
  out.action = *action;
  const auto* text = find(event, "cw_log_phase");
  if (!text || !text->is_string()) return refuse("cw_log_phase", "a text for the log");
  out.log_text = get_string(event, "cw_log_phase");
  return out;
}

json::value answer(const json::value& next_phase, json::object initial_state) {
  return json::object{
      {"statusCode", 200}, {"next_phase", next_phase}, {"initial_state", std::move(initial_state)}};
}

json::object initial_states(const Found& found) {
  json::object states;
  for (const auto& [name, instance] : found.servers) {
    states[name] = {
        {"InstanceId", instance.id}, {"State", instance.state}, {"is_running", instance.state == "running"}};
  }
  return states;
}

/// Nothing was named, and nothing has the tags.
bool is_empty_group(const Selector& selector, const Found& found) {
  return selector.names.empty() && selector.ids.empty() && found.servers.empty();
}

std::string upper_case(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// Looks, and waits between the looks, until the group is ready, has failed, or time is up.
class Wait {
 public:
  Wait(const Context& context, const ClassicCall& call) : context_(context), call_(call) {}

  Result<bool> until_ready(ReconcilePayload task) {
    const auto limit = call_.deadline - kTimeToAnswer;
    const Duration left = std::chrono::floor<seconds>(limit - context_.clock.now());
    task.timeout = std::max<Duration>(seconds(1), std::min(task.timeout, left));
    for (bool is_first = true;; is_first = false) {
      const auto look = reconcile(context_, task);
      if (!look && is_first) return tl::unexpected(look.error());
      tell(look);
      if (look && look->status != PhaseStatus::waiting) return look->status == PhaseStatus::ready;
      const seconds wait(look ? look->wait_seconds : kPause);
      if (context_.clock.now() + wait > limit) return false;
      context_.clock.sleep(wait);
      if (look) task.memory = look->memory;
    }
  }

 private:
  void tell(const Result<ReconcileAnswer>& look) const {
    if (!look) return call_.say(look.error().message);
    const PhaseAnswer& phase = look->phase;
    call_.say(fmt::format("{}: {} of {} servers ready{}", to_string(look->status), phase.servers_ready,
                          phase.servers_total, phase.reason.empty() ? "" : ": " + phase.reason));
  }

  const Context& context_;
  const ClassicCall& call_;
};

ReconcilePayload task_of(const ClassicFleet& fleet, const ClassicPhase& phase, Action action, Time now) {
  ReconcilePayload task;
  task.action = action;
  task.fleet = fleet.name;
  task.environment = phase.environment;
  task.phase = phase.phase;
  task.region = phase.region;
  task.role_arn = phase.role_arn;
  task.since = now;
  task.timeout = phase.timeout;
  task.alarms = phase.alarms;
  task.looks = kLooks;
  task.pause = kPause;
  return task;
}

/// As the original did: the alarms of what runs are heard as soon as the group is ready (a start), or has
/// failed to stop. What can't be enabled is told, and fails nobody.
void unmute_what_runs(const Context& context, const ClassicCall& call, const ReconcilePayload& task) {
  const auto look = look_at(context, target_of(task), task.members.ids(), task.action);
  if (!look) return call.say(look.error().message);
  std::vector<Server> servers;
  std::set<std::string> others;
  for (const auto& seen : look->servers) {
    servers.push_back(seen.server);
    const bool is_ready = decide(task.action, seen).step == Step::none;
    const bool runs = task.action == Action::start ? is_ready : seen.state() == "running";
    if (!runs) others.insert(seen.id());
  }
  AlarmDesks alone;
  AlarmDesk& desk = (context.alarms != nullptr ? *context.alarms : alone).at(target_of(task));
  const AlarmScope scope{task.alarms, {task.fleet, task.environment, task.phase, {}, ""}, {}};
  for (int tries = 1;; ++tries) {
    const auto work = unmute_alarms(context, desk, servers, others, scope);
    if (work.finished) return;
    const seconds wait(work.wait_seconds);
    if (work.trouble && (tries == kAlarmTries || refusal_of(*work.trouble) == Refusal::for_good)) {
      return call.say(fmt::format("alarms could not be enabled ({})", describe(*work.trouble)));
    }
    if (context.clock.now() + wait > call.deadline - kTimeToAnswer / 2) {
      return call.say("alarms could not all be enabled in time");
    }
    context.clock.sleep(wait);
  }
}

/// Servers that are missing keep the group from being ready; the others are brought to their state.
Result<json::value> run_phase(const Context& context, const ClassicFleet& fleet, const ClassicCall& call,
                              const json::value& event) {
  const auto asked = TRY(read_phase_event(event, fleet.phases.size()));
  if (!is_true(asked.next_phase)) return answer(asked.next_phase, {{"empty", true}});
  const ClassicPhase& phase = fleet.phases[asked.phase_number];
  if (phase.environment.empty()) return answer(true, {{"empty", true}});
  Ec2Directory directory(context.caller, target_of(phase));
  const auto found = TRY(find_servers(directory, phase.servers));
  if (is_empty_group(phase.servers, found)) return answer(true, {{"empty", true}});
  call.say(upper_case(asked.log_text));
  ReconcilePayload task = task_of(fleet, phase, asked.action, context.clock.now());
  for (const auto& [name, instance] : found.servers) {
    task.members.first_states[instance.state].push_back(instance.id);
  }
  for (const auto& missing : found.missing) call.say(missing.reason);
  const bool is_ready = TRY(Wait(context, call).until_ready(task));
  const bool may_run = task.action == Action::start || !is_ready;
  if (may_run && task.alarms != AlarmMatch::none) unmute_what_runs(context, call, task);
  return answer(is_ready && found.missing.empty(), initial_states(found));
}

}  // namespace

bool is_classic(const json::value& event) {
  return find(event, "phase_number") != nullptr || find(event, "send_mail") != nullptr;
}

Result<json::value> run_classic(const Context& context, const ClassicFleet& fleet, const ClassicCall& call,
                                const json::value& event) {
  const auto* send_mail = find(event, "send_mail");
  if (!send_mail || !is_true(*send_mail)) return run_phase(context, fleet, call, event);
  CHECK_OK(send_classic_mail(context, fleet, event));
  return json::object{{"statusCode", 200}};
}

}  // namespace lamplighter::tasks
