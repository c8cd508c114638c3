#include "run/preview.h"

#include <algorithm>
#include <set>

#include "tasks/alarm_desk.h"
#include "tasks/lookout.h"
#include "tasks/muted_alarms.h"
#include "tasks/survey.h"
#include "tasks/target.h"

namespace lamplighter::run {
namespace {

tasks::SurveyPayload survey_of(const machine::Shape& shape, const std::vector<std::string>& chosen) {
  tasks::SurveyPayload task;
  task.action = shape.action;
  task.fleet = shape.fleet;
  task.topic = shape.topic;
  task.topic_region = shape.topic_region;
  task.more_topics = shape.more_topics;
  for (const auto& environment : shape.environments) task.environments.push_back(environment.described);
  task.chosen = chosen;
  return task;
}

/// What it says of the chosen. Where it can't be had, the phases' own looks say why.
void add_survey(const tasks::Context& context, const tasks::SurveyPayload& task, Plan& plan) {
  auto answer = tasks::survey(context, task);
  if (!answer) return;
  plan.warnings = std::move(answer->warnings);
  for (auto& environment : answer->environments) {
    if (environment.verdict == tasks::Verdict::halted) plan.halted.push_back(std::move(environment));
  }
}

/// Alarms that are muted for environments that left the file, where the marks can be seen: without muting
/// (`none`) too.
void add_orphans(const tasks::Context& context, const tasks::SurveyPayload& task, Plan& plan) {
  std::set<aws::Target> targets;
  for (const auto& environment : task.environments) targets.insert(tasks::target_of(environment));
  for (const auto& target : targets) {
    tasks::AlarmDesk& desk = context.alarms->at(target);
    if (!desk.look_for_marks(context)) continue;
    auto words = orphans_in_words(desk, task.fleet, target.region, task.environments);
    if (!words.empty()) plan.warnings.push_back(std::move(words));
  }
}

std::string halted_reason(const Plan& plan, const std::string& environment) {
  const auto found = std::find_if(plan.halted.begin(), plan.halted.end(),
                                  [&](const auto& verdict) { return verdict.name == environment; });
  return found == plan.halted.end() ? "" : found->reason;
}

}  // namespace

bool Plan::any_would_fail() const {
  const auto fails = [](const PlannedPhase& phase) {
    return !phase.preview || !phase.preview->missing.empty();
  };
  const auto& environments = prospects.environments;
  return !halted.empty() || std::any_of(phases.begin(), phases.end(), fails) ||
         std::any_of(environments.begin(), environments.end(),
                     [](const auto& one) { return one.second.refused; });
}

Plan preview(aws::Caller& caller, Clock& clock, const machine::Shape& shape,
             const std::vector<std::string>& chosen) {
  tasks::Lookout lookout(caller, clock);
  tasks::AlarmDesks alarms;
  const tasks::Context context{caller, clock, false, &lookout, &alarms};
  Plan plan;
  const auto survey = survey_of(shape, chosen);
  add_survey(context, survey, plan);
  const auto known_names = tasks::names_in(survey.environments);
  for (const machine::EnvironmentShape& environment : shape.only(chosen).environments) {
    for (const tasks::DescribedPhase& phase : environment.described.phases) {
      const tasks::PreviewPayload task{shape.action, shape.alarms, environment.described, phase, known_names};
      plan.phases.push_back({environment.name(), phase.name, tasks::preview_phase(context, task)});
    }
  }
  add_orphans(context, survey, plan);
  return plan;
}

json::array to_json(const Plan& plan) {
  json::array out;
  for (const PlannedPhase& phase : plan.phases) {
    json::object object = phase.preview ? tasks::to_json(*phase.preview)
                                        : json::object{{"environment", phase.environment},
                                                       {"phase", phase.phase},
                                                       {"error", phase.preview.error().message}};
    object["halted"] = halted_reason(plan, phase.environment);
    const auto prospect = plan.prospects.environments.find(phase.environment);
    if (prospect != plan.prospects.environments.end()) add_to(object, prospect->second);
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace lamplighter::run
