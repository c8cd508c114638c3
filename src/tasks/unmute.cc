#include "tasks/unmute.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "json/reader.h"
#include "tasks/alarm_owners.h"
#include "tasks/muted_alarms.h"
#include "tasks/protocol/members.h"
#include "tasks/protocol/payload.h"
#include "tasks/refusal.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

constexpr Duration kPatience = std::chrono::seconds{60};  // within one look, for all places together
constexpr std::size_t kNamed = 100;
constexpr int kParts = 15;         // of the bound, between two looks
constexpr int kShortestWait = 15;  // seconds; what was listed is as old
constexpr std::string_view kInstanceDimension = "InstanceId";

int whole_seconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

/// One look at all places of a run.
class Unmuting {
 public:
  Unmuting(const Context& context, AlarmDesks& desks, const UnmutePayload& task, int enabled)
      : context_(context),
        desks_(desks),
        task_(task),
        bound_(task.since + task.unmute_after),
        end_(context.clock.steady() + kPatience) {
    answer_.enabled = enabled;
  }

  void look_at(const aws::Target& target, const std::set<std::string>& environments);
  UnmuteAnswer answer();

 private:
  Status keep_running(const aws::Target& target, std::vector<aws::Alarm>& alarms) const;
  [[nodiscard]] bool is_due(const aws::Alarm& alarm) const;
  void note(const aws::Target& target, const Error& error);

  const Context& context_;
  AlarmDesks& desks_;
  const UnmutePayload& task_;
  Time bound_;
  Time end_;
  UnmuteAnswer answer_;
  bool tries_again_ = false;
};

/// One that is enabled bears a mark that is left over: it goes at once.
bool Unmuting::is_due(const aws::Alarm& alarm) const {
  return task_.action == Action::stop || alarm.actions_enabled || alarm.state == "OK" ||
         context_.clock.now() >= bound_;
}

void Unmuting::note(const aws::Target& target, const Error& error) {
  tries_again_ = tries_again_ || refusal_of(error) == Refusal::of_everyone;
  answer_.troubles.push_back(
      fmt::format("alarms in {} could not be enabled ({})", target.region, describe(error)));
}

void Unmuting::look_at(const aws::Target& target, const std::set<std::string>& environments) {
  AlarmDesk& desk = desks_.at(target);
  if (const auto looked = desk.look_for_marks(context_); !looked) return note(target, looked.error());
  std::vector<aws::Alarm> due;
  for (const auto& [alarm, mark] : muted_alarms(desk)) {
    if (mark.fleet != task_.fleet || environments.count(mark.environment) == 0) continue;
    if (is_due(alarm)) {
      due.push_back(alarm);
    } else {
      answer_.left.push_back(alarm.name);
    }
  }
  if (task_.action == Action::stop && !due.empty()) {
    if (const auto known = keep_running(target, due); !known) return note(target, known.error());
  }
  const auto work = ask_patiently(context_, due, end_ - context_.clock.steady(),
                                  [&](const auto& some) { return desk.unmute(context_, some); });
  for (const auto& alarm : due) {
    answer_.enabled += !alarm.actions_enabled && work.done.count(alarm.name) > 0 ? 1 : 0;
  }
  for (const auto& [name, error] : work.refused) {
    answer_.troubles.push_back(fmt::format("{} could not be enabled ({})", name, describe(error)));
  }
  answer_.left.insert(answer_.left.end(), work.waiting.begin(), work.waiting.end());
  if (work.trouble && !work.waiting.empty()) note(target, *work.trouble);
}

/// Keeps of `alarms` those all of whose servers run.
Status Unmuting::keep_running(const aws::Target& target, std::vector<aws::Alarm>& alarms) const {
  std::vector<std::string> ids;
  for (const auto& alarm : alarms) {
    for (const auto& [key, value] : alarm.dimensions) {
      if (key == kInstanceDimension) ids.push_back(value);
    }
  }
  const auto names = names_in(task_.environments);
  aws::Ec2 ec2(context_.caller, target);
  std::vector<Server> servers;
  for (const auto& filter : {aws::Filter{"instance-id", ids}, aws::Filter{"tag:Name", names}}) {
    if (filter.values.empty()) continue;
    for (auto& instance : TRY(ec2.describe_instances({filter}))) {
      if (instance.state != "terminated") servers.push_back({instance.name(), std::move(instance)});
    }
  }
  std::map<std::string, bool> runs;
  for (const auto& server : servers) runs[server.instance.id] = server.instance.state == "running";
  const AlarmOwners owners(AlarmMatch::dimension_or_name, servers, names);
  const auto rests = [&](const aws::Alarm& alarm) {
    const auto of_alarm = owners.of(alarm);
    return of_alarm.empty() ||
           std::any_of(of_alarm.begin(), of_alarm.end(), [&](const auto& id) { return !runs[id]; });
  };
  alarms.erase(std::remove_if(alarms.begin(), alarms.end(), rests), alarms.end());
  return {};
}

UnmuteAnswer Unmuting::answer() {
  answer_.done = answer_.left.empty() && !tries_again_;
  const Duration until_bound = bound_ - context_.clock.now();
  int wait = std::max(kShortestWait, whole_seconds(task_.unmute_after) / kParts);
  if (until_bound > Duration::zero()) wait = std::min(wait, whole_seconds(until_bound));
  answer_.wait_seconds = std::max(1, wait);
  if (!answer_.done) answer_.memory = json::object{{"enabled", answer_.enabled}};
  std::sort(answer_.left.begin(), answer_.left.end());
  if (const auto all = answer_.left.size(); all > kNamed) {
    answer_.left.resize(kNamed);
    answer_.left.push_back(fmt::format("and {} more", all - kNamed));
  }
  return std::move(answer_);
}

}  // namespace

Result<UnmuteAnswer> unmute(const Context& context, const UnmutePayload& task) {
  int enabled = 0;
  if (!task.memory.is_null()) {
    const auto memory = TRY(Reader::of(task.memory, "payload.memory", kInvalidPayload));
    enabled = static_cast<int>(TRY(memory.whole_number("enabled", 0, kMaxCount)));
  }
  std::map<aws::Target, std::set<std::string>> places;
  for (const auto& environment : task.environments) places[target_of(environment)].insert(environment.name);
  AlarmDesks alone;
  Unmuting unmuting(context, context.alarms != nullptr ? *context.alarms : alone, task, enabled);
  for (const auto& [target, environments] : places) unmuting.look_at(target, environments);
  return unmuting.answer();
}

}  // namespace lamplighter::tasks
