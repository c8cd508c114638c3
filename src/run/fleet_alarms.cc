#include "run/fleet_alarms.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tasks/alarm_desk.h"
#include "tasks/alarm_owners.h"
#include "tasks/alarms_to_unmute.h"
#include "tasks/census.h"
#include "tasks/muted_alarms.h"
#include "tasks/refusal.h"
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

  std::vector<aws::Alarm> to_unmute(const AlarmOrder& order) {
    if (order.environments.empty()) {
      std::vector<aws::Alarm> orphans;
      for (const auto& [alarm, mark] : tasks::muted_alarms(desk_)) {
        if (is_orphan(mark, fleet_.name, all_)) orphans.push_back(alarm);
      }
      return orphans;
    }
    std::vector<DescribedEnvironment> named;
    std::copy_if(all_.begin(), all_.end(), std::back_inserter(named),
                 [&](const auto& environment) { return is_among(environment.name, order.environments); });
    // As after a stop: what doesn't run is not to ring.
    const tasks::UnmuteScope scope{tasks::Action::stop, fleet_.name, "", std::move(named), Time::max()};
    auto found = tasks::alarms_to_unmute(context_, desk_, target_, scope);
    if (found) return std::move(found->alarms);
    note(describe(found.error()));
    return {};
  }

  void list_marked(const AlarmOrder& order) {
    const auto marked = tasks::muted_alarms(desk_);
    std::set<std::string> heard;
    if (order.unmute)
      heard = change(to_unmute(order), [&](const auto& some) { return desk_.unmute(context_, some); });
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
        const auto alarms = unmarked(phase.members);
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
  if (!order.environments.empty()) {
    std::erase_if(found.alarms, [&](const FleetAlarm& alarm) {
      return alarm.mark.fleet != fleet.name || !is_among(alarm.mark.environment, order.environments);
    });
  }
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
