#include "tasks/unmute.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tasks/alarms_to_unmute.h"
#include "tasks/muted_alarms.h"
#include "tasks/refusal.h"
#include "tasks/run_leases.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

constexpr Duration kPatience = std::chrono::seconds{60};  // within one look, for all places together
constexpr std::size_t kNamed = 100;
constexpr std::size_t kLater = 10;
constexpr int kShortestWait = 15;  // seconds; what was listed is as old
constexpr int kSpareLooks = 4;     // for errors, and for what is left at the bound
// Seconds, once the bound has passed: the last looks outlast an outage of twenty minutes.
constexpr int kLaterWait = 60;
constexpr int kWaitForTheLastButOne = 240;
constexpr int kWaitForTheLast = 900;

int whole_seconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

/// The looks are spread over what is left until the bound; one comes at the bound itself.
int wait_until(Duration until_bound, int looks) {
  if (until_bound <= Duration::zero()) {
    return looks <= 2 ? kWaitForTheLast : looks == 3 ? kWaitForTheLastButOne : kLaterWait;
  }
  const int seconds = whole_seconds(until_bound);
  const int parts = std::max(1, looks - kSpareLooks);
  return std::min(seconds, std::max(kShortestWait, (seconds + parts - 1) / parts));
}

/// One look at all places of a run.
class Unmuting {
 public:
  Unmuting(const Context& context, AlarmDesks& desks, const UnmutePayload& task)
      : context_(context),
        desks_(desks),
        task_(task),
        bound_(task.since + task.unmute_after),
        end_(context.clock.steady() + kPatience) {}

  void look_at(const aws::Target& target, const std::vector<DescribedEnvironment>& environments);
  /// Environments that other executions have taken: counts what stays muted for those, and leaves it.
  void leave_to_others(const aws::Target& target, const std::vector<DescribedEnvironment>& environments);
  /// Nobody can say for now whose the environment is.
  void leave(const std::string& environment, const std::string& why);
  UnmuteAnswer answer();

 private:
  [[nodiscard]] bool is_due(const aws::Alarm& alarm) const;
  void note(const aws::Target& target, const Error& error);

  const Context& context_;
  AlarmDesks& desks_;
  const UnmutePayload& task_;
  Time bound_;
  Time end_;
  UnmuteAnswer answer_;
  bool goes_on_ = false;
};

/// One that is enabled bears a mark that is left over: it goes at once.
bool Unmuting::is_due(const aws::Alarm& alarm) const {
  return task_.action == Action::stop || alarm.actions_enabled || alarm.state == "OK" ||
         context_.clock.now() >= bound_;
}

void Unmuting::note(const aws::Target& target, const Error& error) {
  const bool denied = refusal_of(error) == Refusal::for_good;
  // Who wants no alarm touched need not permit a look at them.
  if (denied && task_.alarms == AlarmMatch::none) return;
  goes_on_ = goes_on_ || refusal_of(error) == Refusal::of_everyone;
  answer_.troubles.push_back(
      fmt::format("alarms in {} could not be enabled ({})", target.region, describe(error)));
}

void Unmuting::leave(const std::string& environment, const std::string& why) {
  goes_on_ = true;
  answer_.troubles.push_back(fmt::format("alarms of {} could not be enabled ({})", environment, why));
}

void Unmuting::leave_to_others(const aws::Target& target,
                               const std::vector<DescribedEnvironment>& environments) {
  const auto found = alarms_to_unmute(context_, desks_.at(target), target,
                                      {task_.action, task_.fleet, task_.execution, environments, Time{}});
  if (!found) return;  // it only says how many they are
  for (const auto& [execution, count] : found->later) answer_.later[execution] += count;
}

void Unmuting::look_at(const aws::Target& target, const std::vector<DescribedEnvironment>& environments) {
  AlarmDesk& desk = desks_.at(target);
  const auto found = alarms_to_unmute(
      context_, desk, target,
      {task_.action, task_.fleet, task_.execution, environments, task_.began.value_or(task_.since)});
  if (!found) return note(target, found.error());
  for (const auto& [execution, count] : found->later) answer_.later[execution] += count;
  std::vector<aws::Alarm> due;
  for (const auto& alarm : found->alarms) {
    if (is_due(alarm)) {
      due.push_back(alarm);
    } else {
      answer_.left.push_back(alarm.name);
      goes_on_ = true;
    }
  }
  const auto work = ask_patiently(context_, due, end_ - context_.clock.steady(),
                                  [&](const auto& some) { return desk.unmute(context_, some); });
  for (const auto& alarm : due) {
    answer_.enabled += !alarm.actions_enabled && work.done.count(alarm.name) > 0 ? 1 : 0;
  }
  for (const auto& [name, error] : work.refused) {
    answer_.left.push_back(name);
    answer_.troubles.push_back(fmt::format("{} could not be enabled ({})", name, describe(error)));
  }
  answer_.left.insert(answer_.left.end(), work.waiting.begin(), work.waiting.end());
  goes_on_ = goes_on_ || !work.waiting.empty();
  if (work.trouble && !work.waiting.empty()) note(target, *work.trouble);
}

UnmuteAnswer Unmuting::answer() {
  answer_.done = !goes_on_;
  answer_.wait_seconds = wait_until(bound_ - context_.clock.now(), task_.looks);
  std::sort(answer_.left.begin(), answer_.left.end());
  for (auto* list : {&answer_.left, &answer_.troubles}) {
    if (const auto all = list->size(); all > kNamed) {
      list->resize(kNamed);
      list->push_back(fmt::format("and {} more", all - kNamed));
    }
  }
  while (answer_.later.size() > kLater) answer_.later.erase(answer_.later.begin());
  return std::move(answer_);
}

}  // namespace

UnmuteAnswer unmute(const Context& context, const UnmutePayload& task) {
  AlarmDesks alone;
  Unmuting unmuting(context, context.alarms != nullptr ? *context.alarms : alone, task);
  RunLeases leases(context, task.coordination, task.fleet, task.execution, task.leases);
  leases.make_sure();
  std::map<aws::Target, std::vector<DescribedEnvironment>> places;
  std::map<aws::Target, std::vector<DescribedEnvironment>> taken;
  for (const auto& environment : task.environments) {
    if (const auto why = leases.unclear(environment.name); !why.empty()) {
      unmuting.leave(environment.name, why);
    } else {
      auto& whose = leases.lost(environment.name).empty() ? places : taken;
      whose[target_of(environment)].push_back(environment);
    }
  }
  for (const auto& [target, environments] : taken) unmuting.leave_to_others(target, environments);
  for (const auto& [target, environments] : places) unmuting.look_at(target, environments);
  UnmuteAnswer answer = unmuting.answer();
  if (answer.done || task.looks <= 1) leases.give_back(LeaseState::released);
  return answer;
}

}  // namespace lamplighter::tasks
