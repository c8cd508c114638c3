#include "run/fleet_alarms.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tasks/alarm_desk.h"
#include "tasks/alarm_owners.h"
#include "tasks/census.h"
#include "tasks/muted_alarms.h"
#include "tasks/refusal.h"
#include "tasks/running_alarms.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

constexpr Duration kPatience = std::chrono::minutes{10};  // a person waits for the rates, and sees why
constexpr std::string_view kAdopted = "adopted";          // stands for the execution

using tasks::describe;
using tasks::DescribedEnvironment;

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_chosen(const std::string& alarm, const AlarmOrder& order) {
  return order.alarms.empty() || is_among(alarm, order.alarms);
}

std::vector<DescribedEnvironment> described(const fleet::Fleet& fleet) {
  std::vector<DescribedEnvironment> all;
  for (const fleet::Environment& environment : fleet.environments) {
    all.push_back({environment.name, environment.region, environment.role_arn, {}});
    for (const fleet::Phase& phase : environment.phases) {
      all.back().phases.push_back({phase.name, phase.servers, phase.timeout});
    }
  }
  return all;
}

/// All that is done in one region as one role.
class Place {
 public:
  Place(const tasks::Context& context, const fleet::Fleet& fleet,
        const std::vector<DescribedEnvironment>& all, const aws::Target& target, FleetAlarms& found)
      : context_(context), fleet_(fleet), all_(all), target_(target), desk_(target), found_(found) {}

  void work(const AlarmOrder& order) {
    if (const auto looked = desk_.look_for_marks(context_); !looked) return note(describe(looked.error()));
    list_marked(order);
    if (const auto listed = list_unmarked(order); !listed) note(describe(listed.error()));
  }

 private:
  void note(const std::string& trouble) {
    found_.troubles.push_back(fmt::format("{}: {}", target_.region, trouble));
  }

  void add(const std::string& name, const tasks::AlarmMark& mark, AlarmStatus status) {
    found_.alarms.push_back({name, target_.region, mark, status});
  }

  /// Gives the names of those with which it worked.
  std::set<std::string> change(const std::vector<aws::Alarm>& alarms, const tasks::AskDesk& ask) {
    const auto work = tasks::ask_patiently(context_, alarms, kPatience, ask);
    for (const auto& [name, error] : work.refused) note(fmt::format("{}: {}", name, describe(error)));
    for (const auto& name : work.waiting) note(fmt::format("{}: CloudWatch's rates left it no turn", name));
    return work.done;
  }

  [[nodiscard]] bool is_to_unmute(const tasks::MutedAlarm& muted, const AlarmOrder& order) const {
    const auto& [alarm, mark] = muted;
    if (mark.fleet != fleet_.name || !is_chosen(alarm.name, order)) return false;
    if (!order.environments.empty()) return is_among(mark.environment, order.environments);
    return !order.alarms.empty() || is_orphan(mark, fleet_.name, all_);
  }

  /// Leaves those that would ring for servers that are stopped, unless a person named them. What is watched
  /// the file may know no more, so that all servers of the region are looked at.
  Result<std::vector<aws::Alarm>> to_unmute(const std::vector<tasks::MutedAlarm>& marked,
                                            const AlarmOrder& order) {
    std::vector<aws::Alarm> alarms;
    for (const auto& one : marked) {
      if (is_to_unmute(one, order)) alarms.push_back(one.alarm);
    }
    if (alarms.empty() || !order.alarms.empty()) return alarms;
    std::vector<tasks::Server> servers;
    for (auto& instance : TRY(aws::Ec2(context_.caller, target_).describe_instances({}))) {
      if (instance.state != "terminated") servers.push_back({instance.name(), std::move(instance)});
    }
    const auto chosen = alarms;
    keep_running(servers, names_in(all_), tasks::OfNoServer::kept, marked, alarms);
    for (const auto& alarm : chosen) {
      const auto is_it = [&](const aws::Alarm& kept) { return kept.name == alarm.name; };
      if (std::none_of(alarms.begin(), alarms.end(), is_it)) found_.left.push_back(alarm.name);
    }
    return alarms;
  }

  std::set<std::string> unmute(const std::vector<tasks::MutedAlarm>& marked, const AlarmOrder& order) {
    const auto alarms = to_unmute(marked, order);
    if (alarms) return change(*alarms, [&](const auto& some) { return desk_.unmute(context_, some); });
    note(describe(alarms.error()));
    return {};
  }

  void list_marked(const AlarmOrder& order) {
    const auto marked = tasks::muted_alarms(desk_);
    std::set<std::string> heard;
    if (order.unmute) heard = unmute(marked, order);
    for (const auto& [alarm, mark] : marked) {
      const bool orphan = is_orphan(mark, fleet_.name, all_);
      add(alarm.name, mark,
          heard.count(alarm.name) > 0 ? AlarmStatus::heard
          : orphan                    ? AlarmStatus::orphan
          : mark.fleet == fleet_.name ? AlarmStatus::muted
                                      : AlarmStatus::of_others);
    }
  }

  /// The disabled alarms without a mark of the servers of one phase.
  std::vector<aws::Alarm> unmarked(const std::vector<tasks::Server>& servers) {
    const tasks::AlarmOwners owners(fleet_.alarms, servers, names_in(all_));
    std::vector<aws::Alarm> alarms;
    desk_.read([&](const std::vector<aws::Alarm>& known, const tasks::AlarmMarks& marks) {
      std::copy_if(known.begin(), known.end(), std::back_inserter(alarms), [&](const aws::Alarm& alarm) {
        return !alarm.actions_enabled && marks.count(alarm.arn) == 0 && !owners.of(alarm).empty();
      });
    });
    return alarms;
  }

  Status list_unmarked(const AlarmOrder& order) {
    std::vector<const DescribedEnvironment*> here;
    for (const auto& environment : all_) {
      const aws::Target target = tasks::target_of(environment);
      if (!(target < target_) && !(target_ < target)) here.push_back(&environment);
    }
    tasks::Ec2Directory directory(context_.caller, target_);
    for (const auto& census : TRY(tasks::count_servers(directory, here))) {
      const bool adopt =
          order.adopt && (order.environments.empty() || is_among(census.environment, order.environments));
      for (const auto& phase : census.phases) {
        const tasks::AlarmMark mark{fleet_.name, census.environment, phase.name, context_.clock.now(),
                                    std::string(kAdopted)};
        auto alarms = unmarked(phase.members);
        std::erase_if(alarms, [&](const auto& alarm) { return !is_chosen(alarm.name, order); });
        std::set<std::string> adopted;
        if (adopt) {
          adopted =
              change(alarms, [&](const auto& some) { return desk_.mute(context_, some, tags_of(mark)); });
        }
        for (const auto& alarm : alarms) {
          const bool is_marked = adopted.count(alarm.name) > 0;
          auto shown = mark;
          if (!is_marked) shown.since.reset();
          if (!is_marked) shown.execution.clear();
          add(alarm.name, shown, is_marked ? AlarmStatus::adopted : AlarmStatus::unmarked);
        }
      }
    }
    return {};
  }

  const tasks::Context& context_;
  const fleet::Fleet& fleet_;
  const std::vector<DescribedEnvironment>& all_;
  const aws::Target target_;
  tasks::AlarmDesk desk_;
  FleetAlarms& found_;
};

/// Why an alarm that was found stays as it is though its name was given; "" where it doesn't.
std::string why_left(const FleetAlarm& alarm) {
  if (alarm.status == AlarmStatus::of_others)
    return fmt::format("it is muted for {}, which is another fleet's", value_of(alarm.mark));
  if (alarm.status == AlarmStatus::unmarked) return "it bears no mark: a person or another tool disabled it";
  return "";
}

/// What was named and isn't there, or isn't the fleet's to unmute.
void note_unfound(const AlarmOrder& order, FleetAlarms& found) {
  for (const auto& name : order.alarms) {
    bool is_there = false;
    for (const auto& alarm : found.alarms) {
      if (alarm.name != name) continue;
      is_there = true;
      const auto why = order.unmute ? why_left(alarm) : "";
      if (!why.empty()) found.troubles.push_back(fmt::format("{}: {}: {}", alarm.region, name, why));
    }
    if (!is_there) found.troubles.push_back(fmt::format("{}: no alarm of this name is muted here", name));
  }
}

}  // namespace

std::string_view to_string(AlarmStatus status) {
  switch (status) {
    case AlarmStatus::muted:
      return "muted";
    case AlarmStatus::orphan:
      return "orphan";
    case AlarmStatus::of_others:
      return "of another fleet";
    case AlarmStatus::unmarked:
      return "not marked";
    case AlarmStatus::heard:
      return "unmuted";
    case AlarmStatus::adopted:
      return "adopted";
  }
  return "";
}

FleetAlarms fleet_alarms(aws::Caller& caller, Clock& clock, const fleet::Fleet& fleet,
                         const AlarmOrder& order) {
  const tasks::Context context{caller, clock};
  const auto all = described(fleet);
  std::set<aws::Target> targets;
  for (const auto& environment : all) targets.insert(tasks::target_of(environment));
  FleetAlarms found;
  for (const auto& target : targets) Place(context, fleet, all, target, found).work(order);
  std::erase_if(found.alarms, [&](const FleetAlarm& alarm) {
    return !is_chosen(alarm.name, order) ||
           (!order.environments.empty() &&
            (alarm.mark.fleet != fleet.name || !is_among(alarm.mark.environment, order.environments)));
  });
  note_unfound(order, found);
  std::stable_sort(found.alarms.begin(), found.alarms.end(), [](const auto& a, const auto& b) {
    return std::tie(a.region, a.name) < std::tie(b.region, b.name);
  });
  return found;
}

json::array to_json(const FleetAlarms& alarms) {
  json::array out;
  for (const auto& [name, region, mark, status] : alarms.alarms) {
    out.push_back(json::object{{"alarm", name},
                               {"region", region},
                               {"status", to_string(status)},
                               {"fleet", mark.fleet},
                               {"environment", mark.environment},
                               {"phase", mark.phase},
                               {"since", mark.since ? json::value(format_time(*mark.since)) : json::value()},
                               {"execution", mark.execution}});
  }
  return out;
}

}  // namespace lamplighter::run
