#include "tasks/preview.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "tasks/alarm_desk.h"
#include "tasks/alarm_owners.h"
#include "tasks/census.h"
#include "tasks/look.h"
#include "tasks/lookout.h"
#include "tasks/managed.h"
#include "tasks/protocol/payload.h"
#include "tasks/refusal.h"
#include "tasks/target.h"

namespace lamplighter::tasks {
namespace {

std::string words_of(const Rule& rule, const SeenServer& server) {
  switch (rule.step) {
    case Step::none:
      return "leave " + server.state();
    case Step::start:
      return "start";
    case Step::stop:
      return "stop";
    case Step::wait:
      break;
  }
  return fmt::format("wait: {}", rule.waiting_for);
}

PreviewedServer preview_server(Action action, const SeenServer& seen) {
  const Rule& rule = decide(action, seen);
  return {seen.server.name,   seen.id(), seen.state(),        seen.instance_status,
          seen.system_status, rule.step, words_of(rule, seen)};
}

/// What muting (unmuting) would do about one alarm.
PreviewedAlarm preview_alarm(Action action, const aws::Alarm& alarm, bool marked) {
  PreviewedAlarm preview;
  preview.name = alarm.name;
  if (action == Action::stop) {
    preview.change = alarm.actions_enabled ? AlarmChange::disable : AlarmChange::none;
    preview.words = alarm.actions_enabled ? "disable" : "leave disabled";
  } else if (alarm.actions_enabled) {
    preview.words = "leave enabled";
  } else {
    preview.change = marked ? AlarmChange::enable : AlarmChange::none;
    preview.words = marked ? "enable" : "leave disabled (not by Lamplighter)";
  }
  return preview;
}

/// A composite over alarms that a stop mutes; `loud` is the first of its rule's alarms that this phase
/// doesn't.
PreviewedAlarm preview_composite(const Composite& composite) {
  if (composite.loud.empty()) return {composite.alarm->name, {}, AlarmChange::disable, "disable"};
  return {composite.alarm->name,
          {},
          AlarmChange::none,
          fmt::format("may ring: {} of its rule is not muted here", composite.loud)};
}

Status preview_alarms(const Context& context, const PreviewPayload& task, const std::vector<Server>& servers,
                      std::vector<PreviewedAlarm>& previews) {
  if (task.alarms == AlarmMatch::none) return {};
  AlarmDesks alone;
  AlarmDesk& desk = (context.alarms != nullptr ? *context.alarms : alone).at(target_of(task.environment));
  CHECK_OK(desk.look_for_marks(context));
  std::map<std::string, std::string> names;
  for (const auto& server : servers) names[server.instance.id] = server.name;
  const AlarmOwners owners(task.alarms, servers, task.known_names);
  desk.read([&](const std::vector<aws::Alarm>& alarms, const AlarmMarks& marks) {
    std::set<std::string> own;
    for (const auto& alarm : alarms) {
      const auto ids = owners.of(alarm);
      if (ids.empty()) continue;
      own.insert(alarm.name);
      previews.push_back(preview_alarm(task.action, alarm, marks.count(alarm.arn) > 0));
      for (const auto& id : ids) previews.back().servers.push_back(names[id]);
    }
    if (task.action == Action::start) return;
    const auto muted = [&](const aws::Alarm& alarm) {
      return own.count(alarm.name) > 0 || marks.count(alarm.arn) > 0;
    };
    for (const auto& composite : composites_over(alarms, own, muted)) {
      if (composite.alarm->actions_enabled) previews.push_back(preview_composite(composite));
    }
  });
  std::sort(previews.begin(), previews.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return {};
}

std::vector<std::string> ids_of(const std::vector<Server>& servers) {
  std::vector<std::string> ids;
  for (const auto& server : servers) ids.push_back(server.instance.id);
  return ids;
}

std::string_view to_string(AlarmChange change) {
  switch (change) {
    case AlarmChange::none:
      return "none";
    case AlarmChange::disable:
      return "disable";
    case AlarmChange::enable:
      return "enable";
  }
  return "";
}

std::string_view to_string(Step step) {
  switch (step) {
    case Step::none:
      return "none";
    case Step::start:
      return "start";
    case Step::stop:
      return "stop";
    case Step::wait:
      return "wait";
  }
  return "";
}

}  // namespace

Result<PhasePreview> preview_phase(const Context& context, const PreviewPayload& task) {
  LookoutDirectory directory(context, target_of(task.environment));
  DescribedEnvironment alone = task.environment;
  alone.phases = {task.phase};
  auto census = std::move(TRY(count_servers(directory, {&alone})).front().phases.front());
  PhasePreview preview;
  preview.environment = task.environment.name;
  preview.phase = task.phase.name;
  preview.missing = std::move(census.missing);
  for (const auto& [name, instance] : census.left_alone) {
    preview.left_alone.push_back({name, instance.id, manager_of(instance)});
  }
  const auto look = TRY(look_at(context, target_of(task.environment), ids_of(census.members), task.action));
  for (const auto& seen : look.servers) preview.servers.push_back(preview_server(task.action, seen));
  if (const auto status = preview_alarms(context, task, census.members, preview.alarms); !status) {
    preview.alarms_reason = describe(status.error());
  }
  return preview;
}

json::object to_json(const PhasePreview& preview) {
  json::array servers;
  for (const auto& server : preview.servers) {
    servers.push_back(json::object{{"name", server.name},
                                   {"id", server.id},
                                   {"state", server.state},
                                   {"instance_status", server.instance_status},
                                   {"system_status", server.system_status},
                                   {"step", to_string(server.step)},
                                   {"words", server.words}});
  }
  json::array missing;
  for (const auto& part : preview.missing) {
    missing.push_back(json::object{{"name", part.name}, {"id", part.id}, {"reason", part.reason}});
  }
  json::array left_alone;
  for (const auto& server : preview.left_alone) {
    left_alone.push_back(json::object{{"name", server.name}, {"id", server.id}, {"reason", server.reason}});
  }
  json::array alarms;
  for (const auto& alarm : preview.alarms) {
    alarms.push_back(json::object{{"name", alarm.name},
                                  {"servers", json::value_from(alarm.servers)},
                                  {"change", to_string(alarm.change)},
                                  {"words", alarm.words}});
  }
  return {{"environment", preview.environment},    {"phase", preview.phase},
          {"servers", std::move(servers)},         {"missing", std::move(missing)},
          {"left_alone", std::move(left_alone)},   {"alarms", std::move(alarms)},
          {"alarms_reason", preview.alarms_reason}};
}

}  // namespace lamplighter::tasks
