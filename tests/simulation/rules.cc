#include "tests/simulation/rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "tasks/protocol/report_answer.h"

namespace lamplighter::proof {
namespace {

using Broken = std::vector<std::string>;

json::value environment_in(const json::value& report, const std::string& name) {
  const json::value* environments = find(report, "environments");
  if (environments == nullptr || !environments->is_array()) return nullptr;
  for (const json::value& environment : environments->get_array()) {
    if (get_string(environment, "name") == name) return environment;
  }
  return nullptr;
}

std::vector<std::string> servers_of(const fleet::Environment& environment) {
  std::vector<std::string> names;
  for (const fleet::Phase& phase : environment.phases) {
    names.insert(names.end(), phase.servers.names.begin(), phase.servers.names.end());
  }
  return names;
}

/// {alarm name: are its actions enabled} of the servers with these ids.
std::map<std::string, bool> alarms_of(const json::array& alarms, const std::set<std::string>& ids) {
  std::map<std::string, bool> found;
  for (const json::value& alarm : alarms) {
    if (ids.contains(get_string(alarm, "instance_id")))
      found[get_string(alarm, "name")] = get_bool(alarm, "actions_enabled");
  }
  return found;
}

std::set<std::string> ids_of(const fleet::Environment& environment, const Truths& truths) {
  std::set<std::string> ids;
  for (const std::string& name : servers_of(environment)) {
    if (const auto truth = truths.find(name); truth != truths.end()) ids.insert(truth->second.id);
  }
  return ids;
}

/// A task that a crash cut off is run again, and takes what it then finds for the first state: runs with
/// crashes are not held to it.
void forget_initial_states(json::value& value) {
  if (auto* members = value.if_object()) {
    members->erase("initial_state");
    for (auto& [name, member] : *members) forget_initial_states(member);
  } else if (auto* elements = value.if_array()) {
    for (json::value& element : *elements) forget_initial_states(element);
  }
}

/// The other environments end exactly as in the run without faults: report, servers and alarms.
void others_end_as_without_faults(const Case& given, Broken& broken) {
  for (const fleet::Environment& environment : given.fleet.environments) {
    if (environment.name == given.faulty) continue;
    json::value with = environment_in(given.run.report, environment.name);
    json::value without = environment_in(given.calm.report, environment.name);
    if (given.run.crashes > 0) {
      forget_initial_states(with);
      forget_initial_states(without);
    }
    if (with.is_null() || with != without) {
      broken.push_back(
          fmt::format("{} is reported otherwise than without faults: {}", environment.name, json_text(with)));
    }
    for (const std::string& name : servers_of(environment)) {
      if (given.run.servers_after.at(name) == given.calm.servers_after.at(name)) continue;
      broken.push_back(fmt::format("{} ended as {}, without faults as {}", name,
                                   given.run.servers_after.at(name).state,
                                   given.calm.servers_after.at(name).state));
    }
    const auto ids = ids_of(environment, given.calm.servers_before);
    if (alarms_of(given.run.alarms_after, ids) != alarms_of(given.calm.alarms_after, ids)) {
      broken.push_back(fmt::format("{}'s alarms ended otherwise than without faults", environment.name));
    }
  }
}

/// No server is started (stopped) before every server of the phases before its own is ready.
void phases_keep_their_order(const Case& given, Broken& broken) {
  const std::string expected = given.plan.action == tasks::Action::start ? "StartInstances" : "StopInstances";
  for (const Order& order : given.run.orders) {
    if (order.call != expected)
      broken.push_back(fmt::format("a {} called {}", tasks::to_string(given.plan.action), order.call));
    const std::set<std::string> ordered(order.ids.begin(), order.ids.end());
    for (const fleet::Environment& environment : given.fleet.environments) {
      std::vector<fleet::Phase> phases = environment.phases;
      if (given.plan.action == tasks::Action::stop) std::reverse(phases.begin(), phases.end());
      std::string unready;
      for (const fleet::Phase& phase : phases) {
        for (const std::string& name : phase.servers.names) {
          const auto truth = order.before.find(name);
          const bool concerned = truth != order.before.end() && ordered.contains(truth->second.id);
          if (concerned && !unready.empty()) {
            broken.push_back(fmt::format("{} of {} while {} was not ready", order.call, name, unready));
          }
        }
        for (const std::string& name : phase.servers.names) {
          const auto truth = order.before.find(name);
          if (truth == order.before.end() || !truth->second.is_ready(given.plan.action)) unready = name;
        }
      }
    }
  }
}

/// What the report says of a server, as the cloud would.
Truth reported(const json::value& server) {
  return {get_string(server, "id"), get_string(server, "state"), get_string(server, "instance_status"),
          get_string(server, "system_status")};
}

/// Does a fault hide the server, for ever or from some looks?
bool may_be_hidden(const Case& given, const std::string& name) {
  const std::string fault = "missing:" + name;
  return std::any_of(given.plan.faults.begin(), given.plan.faults.end(),
                     [&](const std::string& each) { return each.substr(0, each.find('*')) == fault; });
}

/// Does the report's word on a server agree with the truth at one of its looks? Status checks are only looked
/// at after a start, and only a running server has them.
bool agrees(const Case& given, const std::string& name, const Truth& word) {
  if (word.id.empty()) return may_be_hidden(given, name);
  return std::any_of(given.run.at_report.begin(), given.run.at_report.end(), [&](const Truths& truths) {
    const auto truth = truths.find(name);
    if (truth == truths.end()) return false;
    const bool same = truth->second.id == word.id && truth->second.state == word.state;
    const bool checked = given.plan.action == tasks::Action::start && word.state == "running";
    return same && (!checked || truth->second == word);
  });
}

/// The report names every server of every phase, with the states that the cloud had before and has now.
void report_is_the_truth(const Case& given, Broken& broken) {
  for (const fleet::Environment& environment : given.fleet.environments) {
    std::set<std::string> missing;
    for (std::string& name : servers_of(environment)) missing.insert(std::move(name));
    const json::value part = environment_in(given.run.report, environment.name);
    const json::value* phases = find(part, "phases");
    for (const json::value& phase : phases != nullptr ? phases->as_array() : json::array{}) {
      for (const json::value& server : phase.at("servers").as_array()) {
        const std::string name = get_string(server, "name");
        missing.erase(name);
        if (!agrees(given, name, reported(server))) {
          broken.push_back(fmt::format("the report says {}", json_text(server)));
        }
        const auto before = given.run.servers_before.find(name);
        const std::string initial = get_string(server, "initial_state");
        const bool known =
            before != given.run.servers_before.end() && !initial.empty() && given.run.crashes == 0;
        if (known && initial != before->second.state) {
          broken.push_back(fmt::format("{} was {} at first, not {}", name, before->second.state, initial));
        }
      }
    }
    if (!missing.empty()) broken.push_back(fmt::format("the report says nothing of {}", *missing.begin()));
  }
}

/// One mail with that subject; where its answer was lost, perhaps none. Only after a crash may it be marked.
void one_mail_tells(const Case& given, const std::string& subject, Broken& broken) {
  constexpr std::string_view kMark = " (may be a repeat)";
  const bool unknown = get_string(given.run.notified, "sent") == "unknown";
  if (given.run.mails.empty() && unknown) return;
  std::string found = given.run.mails.empty() ? "" : get_string(given.run.mails[0], "subject");
  const auto mark = found.find(kMark);
  if (mark != std::string::npos && given.run.crashes > 0) found.erase(mark, kMark.size());
  if (given.run.mails.size() == 1 && found == subject) return;
  broken.push_back(fmt::format("there are {} mails, not one \"{}\"", given.run.mails.size(), subject));
}

/// An environment counts as ready if, and only if, all went well; a halted one says why. One mail tells the
/// same.
void outcome_is_told(const Case& given, Broken& broken) {
  bool all_ready = true;
  for (const fleet::Environment& environment : given.fleet.environments) {
    const json::value part = environment_in(given.run.report, environment.name);
    const bool ready = get_string(part, "status") == "ready";
    all_ready = all_ready && ready;
    if (!ready && get_string(part, "reason").empty())
      broken.push_back(fmt::format("{} halted without a reason", environment.name));
    for (const std::string& name : servers_of(environment)) {
      const auto truth = given.run.servers_after.find(name);
      const bool server_ready =
          truth != given.run.servers_after.end() && truth->second.is_ready(given.plan.action);
      if (ready && !server_ready)
        broken.push_back(fmt::format("{} counts as ready, but {} is not", environment.name, name));
    }
  }
  one_mail_tells(given, tasks::subject_of(given.plan.action, !all_ready, given.fleet.name), broken);
  if (given.run.succeeded != all_ready) broken.push_back("the execution's status is not the outcome");
}

std::map<std::string, bool> enabled_in(const json::array& alarms) {
  std::map<std::string, bool> enabled;
  for (const json::value& alarm : alarms) {
    enabled[get_string(alarm, "name")] = get_bool(alarm, "actions_enabled");
  }
  return enabled;
}

/// A start gives no alarm its voice before the report, and then every one that is muted for an environment
/// that ran: none stays silent for ever. (One that survey halted may keep its marks.)
void alarms_follow_the_report(const Case& given, Broken& broken) {
  if (given.plan.action == tasks::Action::stop) return;
  if (enabled_in(given.run.alarms_at_report) != enabled_in(given.run.alarms_before)) {
    broken.emplace_back("an alarm was heard before the report");
  }
  for (const json::value& alarm : given.run.alarms_after) {
    const std::string mark = get_string(alarm.at("tags"), "lamplighter:muted");
    if (mark.empty()) continue;
    const auto begin = mark.find('/') + 1;
    const std::string environment = mark.substr(begin, mark.find('/', begin) - begin);
    if (get_string(environment_in(given.run.report, environment), "status") == "halted") continue;
    broken.push_back(fmt::format("{} stays muted", get_string(alarm, "name")));
  }
}

/// After a stop no alarm of a stopped server rings. None that was enabled before a start is disabled by it,
/// and the other way round.
void alarms_follow_the_servers(const Case& given, Broken& broken) {
  const std::map<std::string, bool> before = enabled_in(given.run.alarms_before);
  std::map<std::string, const Truth*> by_id;
  for (const auto& [name, truth] : given.run.servers_after) by_id[truth.id] = &truth;
  for (const json::value& alarm : given.run.alarms_after) {
    const std::string name = get_string(alarm, "name");
    const bool enabled = get_bool(alarm, "actions_enabled");
    const Truth& server = *by_id.at(get_string(alarm, "instance_id"));
    const bool starting = given.plan.action == tasks::Action::start;
    const bool server_ready = server.is_ready(given.plan.action);
    if (!starting && enabled && server_ready)
      broken.push_back(fmt::format("{} rings for a stopped server", name));
    if (enabled != before.at(name) && enabled != starting) {
      broken.push_back(fmt::format("{} was changed the wrong way", name));
    }
  }
}

}  // namespace

std::vector<std::string> broken_rules(const Case& given) {
  Broken broken;
  others_end_as_without_faults(given, broken);
  phases_keep_their_order(given, broken);
  report_is_the_truth(given, broken);
  outcome_is_told(given, broken);
  alarms_follow_the_servers(given, broken);
  alarms_follow_the_report(given, broken);
  return broken;
}

}  // namespace lamplighter::proof
