#include "tests/simulation/watched_run.h"

#include <memory>

#include "base/random.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter::proof {
namespace {

constexpr Time kStart{std::chrono::seconds(1'800'000'000)};

constexpr std::chrono::hours kSettings[] = {std::chrono::hours(1), std::chrono::hours(-1),
                                            std::chrono::hours(24), std::chrono::hours(-24)};

Truths look(simcloud::Cloud& cloud, Time now) {
  Truths truths;
  for (const json::value& server : cloud.servers(now)) {
    truths[get_string(server, "name")] = {get_string(server, "id"), get_string(server, "state"),
                                          get_string(server, "instance_status"),
                                          get_string(server, "system_status")};
  }
  return truths;
}

/// The value of a form's parameter; ids and actions need no decoding.
std::string parameter(const std::string& form, const std::string& name) {
  const std::string framed = "&" + form;
  const auto found = framed.find("&" + name + "=");
  if (found == std::string::npos) return "";
  const auto begin = found + name.size() + 2;
  return framed.substr(begin, framed.find('&', begin) - begin);
}

std::vector<std::string> instance_ids(const std::string& form) {
  std::vector<std::string> ids;
  for (int i = 1;; ++i) {
    std::string id = parameter(form, "InstanceId." + std::to_string(i));
    if (id.empty()) return ids;
    ids.push_back(std::move(id));
  }
}

/// The Payload in a Task's parameters or output; null where there is none.
json::value payload_in(const engine::Event& event) {
  const auto flowing = parse_json(event.payload ? *event.payload : "");
  const json::value* payload = flowing ? find(*flowing, "Payload") : nullptr;
  return payload != nullptr ? *payload : json::value();
}

/// Notes what the calls do, and what is true when the report is made.
class Witness {
 public:
  explicit Witness(WatchedRun& run) : run_(run) {}

  void see_call(simcloud::Cloud& cloud, const std::string& form, Time now) {
    const std::string call = parameter(form, "Action");
    if (call == "StartInstances" || call == "StopInstances")
      run_.orders.push_back({call, instance_ids(form), look(cloud, now)});
    if (reporting_ && !unmuting_) run_.at_report.push_back(look(cloud, now));
  }

  void see_events(const simcloud::Cloud& cloud, const std::vector<engine::Event>& events) {
    for (const engine::Event& event : events) {
      if (event.type == engine::EventType::task_scheduled && !reporting_) {
        reporting_ = get_string(payload_in(event), "task") == "report";
        if (reporting_) run_.alarms_at_report = cloud.alarms();
      } else if (event.type == engine::EventType::task_scheduled) {
        unmuting_ = unmuting_ || get_string(payload_in(event), "task") == "unmute";
      } else if (event.type == engine::EventType::task_succeeded && reporting_) {
        const json::value answer = payload_in(event);
        if (find(answer, "environments") != nullptr) run_.report = answer;
        if (find(answer, "sent") != nullptr) run_.notified = answer;
      }
    }
  }

 private:
  WatchedRun& run_;
  bool reporting_ = false;
  bool unmuting_ = false;
};

}  // namespace

bool Truth::is_ready(tasks::Action action) const {
  if (action == tasks::Action::stop) return state == "stopped";
  return state == "running" && instance_status == "ok" && system_status == "ok";
}

Result<WatchedRun> watch(const fleet::Fleet& fleet, const Plan& plan) {
  WatchedRun run;
  Witness witness(run);
  simcloud::Cloud* cloud = nullptr;
  const auto spec =
      TRY(run::simulated_fleet(fleet, {.seed = plan.seed, .faults = plan.faults, .action = plan.action}));
  const auto world =
      TRY(run::SimulatedWorld::make(spec, kStart, [&](const http::OutgoingRequest& request, Time now) {
        witness.see_call(*cloud, request.body, now);
      }));
  cloud = &world->cloud();
  run.servers_before = look(*cloud, kStart);
  run.alarms_before = cloud->alarms();

  Random crashes = Random(plan.seed).fork("crashes");
  Random settings = Random(plan.seed).fork("clock settings");
  engine::SimulationOptions options;
  options.seed = plan.seed;
  options.observer = [&](const engine::Appended& appended) { witness.see_events(*cloud, appended.events); };
  options.crash_after_commit = [&] {
    if (settings.chance(plan.set_chance)) {
      ++run.clock_settings;
      world->clock().set_wall_by(kSettings[settings.below(std::size(kSettings))]);
      return false;  // who sets it while no process lives can't be told from time that passed
    }
    const bool crash = crashes.chance(plan.crash_chance);
    run.crashes += crash ? 1 : 0;
    return crash;
  };
  const auto result = TRY(world->run(fleet, plan.action, {}, options));
  run.succeeded = result.execution.status == engine::ExecutionStatus::succeeded;
  run.servers_after = look(*cloud, world->clock().line());
  run.at_report.push_back(run.servers_after);
  run.alarms_after = cloud->alarms();
  run.mails = cloud->outbox();
  return run;
}

}  // namespace lamplighter::proof
