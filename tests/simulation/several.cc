#include "tests/simulation/several.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "base/random.h"
#include "coordination/dynamodb_table.h"
#include "fleet/parse.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"
#include "tasks/admission/lease.h"
#include "tests/support/memory_table.h"

namespace lamplighter::proof {
namespace {

using coordination::MemoryTable;
using tasks::Action;

constexpr Time kBegin{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kTable = "leases";
constexpr double kCrashChance = 0.02;
constexpr double kTroubleChance = 0.02;

constexpr std::string_view kFleet = R"(
fleet: f
region: us-east-1
environments:
  dev: {phases: [{name: db, servers: [dev-db], settle: 10s}, {name: app, servers: [dev-app]}]}
  test: {phases: [{name: all, servers: [test-all]}]}
notify: {sns: mailme}
alarms: {match: dimension, unmute_after: 5m}
)";

std::string environment_of(std::string_view server) {
  return std::string(server.substr(0, server.find('-')));
}

/// One run over the world, and what is noticed of it.
class Several {
 public:
  Several(const fleet::Fleet& fleet, std::uint64_t seed)
      : fleet_(fleet), seed_(seed), random_(Random(seed).fork("several executions")) {}

  Status run();
  [[nodiscard]] std::vector<std::string> broken() const { return broken_; }
  void count(SeveralTally& tally) const;

 private:
  Status make_world();
  void draw_starts();
  coordination::Table& table();
  void see_call(const http::OutgoingRequest& request, Time now);
  void check_order(Action action, const std::string& server);
  void check_end();
  /// The newest execution that was to work on the environment; nullptr where none was.
  [[nodiscard]] const run::SimulatedWorld::Start* newest(const std::string& environment) const;
  void break_rule(std::string words) { broken_.push_back(std::move(words)); }

  const fleet::Fleet& fleet_;
  std::uint64_t seed_;
  Random random_;
  MemoryTable memory_;
  std::unique_ptr<coordination::DynamoDbTable> dynamodb_;
  std::unique_ptr<run::SimulatedWorld> world_;
  std::vector<run::SimulatedWorld::Start> starts_;
  std::vector<engine::SimulationResult> results_;
  std::map<std::string, std::string> names_;  ///< of servers, by id
  std::vector<std::string> broken_;
  bool looking_ = false;  ///< at the table, by the proof itself
  int crashes_ = 0;
};

coordination::Table& Several::table() {
  if (dynamodb_) return *dynamodb_;
  return memory_;
}

Status Several::make_world() {
  const Action first = random_.chance(0.5) ? Action::start : Action::stop;
  auto spec = TRY(run::simulated_fleet(fleet_, {.seed = seed_, .faults = {}, .action = first}));
  spec.tables = {
      {std::string(kTable), std::string(coordination::kPartitionKey), std::string(coordination::kSortKey)}};
  world_ = TRY(run::SimulatedWorld::make(
      spec, kBegin, [this](const http::OutgoingRequest& request, Time now) { see_call(request, now); }));
  for (const auto& server : world_->cloud().servers(kBegin))
    names_[get_string(server, "id")] = get_string(server, "name");
  if (random_.chance(0.5)) {
    dynamodb_ = std::make_unique<coordination::DynamoDbTable>(world_->caller(), aws::Target{"us-east-1", ""},
                                                              std::string(kTable));
  } else {
    memory_.trouble = [this, random = random_.fork("table")]() mutable {
      if (looking_ || !random.chance(kTroubleChance)) return MemoryTable::Trouble::none;
      return random.chance(0.5) ? MemoryTable::Trouble::refused : MemoryTable::Trouble::answer_lost;
    };
  }
  world_->agree_by(table());
  return {};
}

void Several::draw_starts() {
  const std::uint64_t count = 2 + random_.below(3);
  std::vector<Time> moments;
  for (std::uint64_t i = 0; i < count; ++i) {
    moments.push_back(kBegin + std::chrono::milliseconds(random_.below(900'000)));
  }
  std::sort(moments.begin(), moments.end());
  for (std::uint64_t i = 0; i < count; ++i) {
    run::SimulatedWorld::Start start;
    start.action = random_.chance(0.5) ? Action::start : Action::stop;
    start.at = moments[i];
    const std::uint64_t which = random_.below(3);
    if (which == 0) start.input["environments"] = json::array{"dev"};
    if (which == 1) start.input["environments"] = json::array{"test"};
    if (random_.chance(0.2)) start.input["on_conflict"] = "wait";
    start.options.state_machine = fmt::format("f-{}", tasks::to_string(start.action));
    start.options.execution = fmt::format("{}-{}", tasks::to_string(start.action), i);
    start.options.seed = random_.next();
    if (random_.chance(0.5)) {
      start.options.crash_after_commit = [this, random = random_.fork(start.options.execution)]() mutable {
        const bool crash = random.chance(kCrashChance);
        crashes_ += crash ? 1 : 0;
        return crash;
      };
    }
    starts_.push_back(std::move(start));
  }
}

/// The values of a form's parameters InstanceId.1, .2, …
std::vector<std::string> instance_ids(const std::string& form) {
  std::vector<std::string> ids;
  constexpr std::string_view kParameter = "&InstanceId.";
  for (auto at = form.find(kParameter); at != std::string::npos; at = form.find(kParameter, at + 1)) {
    const auto value = form.find('=', at) + 1;
    ids.push_back(form.substr(value, form.find('&', value) - value));
  }
  return ids;
}

void Several::see_call(const http::OutgoingRequest& request, Time /*now*/) {
  for (const auto action : {Action::start, Action::stop}) {
    const std::string name = action == Action::start ? "Action=StartInstances" : "Action=StopInstances";
    if (request.body.find(name) == std::string::npos) continue;
    for (const auto& id : instance_ids("&" + request.body)) check_order(action, names_[id]);
  }
}

/// Whoever orders something has the environment at that moment, and nobody before it may still be acting.
void Several::check_order(Action action, const std::string& server) {
  const std::string environment = environment_of(server);
  looking_ = true;
  const auto item = tasks::Leases(table(), fleet_.name).read(environment);
  looking_ = false;
  if (!item) return break_rule("no lease can be read: " + item.error().message);
  const tasks::Lease& lease = item->lease;
  if (lease.holder.action != action || lease.state != tasks::LeaseState::held || is_awaiting(lease)) {
    break_rule(fmt::format("{} of {} is ordered while {} has {}", tasks::to_string(action), server,
                           lease.holder.execution, environment));
  }
}

const run::SimulatedWorld::Start* Several::newest(const std::string& environment) const {
  for (auto start = starts_.rbegin(); start != starts_.rend(); ++start) {
    const auto* chosen = start->input.if_contains("environments");
    if (chosen == nullptr || chosen->as_array().at(0) == json::value(environment)) return &*start;
  }
  return nullptr;
}

void Several::check_end() {
  for (const auto& server : world_->cloud().servers(world_->clock().line())) {
    const auto name = get_string(server, "name");
    const auto* wanted = newest(environment_of(name));
    if (wanted == nullptr) continue;
    const std::string state = wanted->action == Action::start ? "running" : "stopped";
    if (get_string(server, "state") != state) {
      break_rule(fmt::format("{} is {} in the end, but {} wanted it {}", name, get_string(server, "state"),
                             wanted->options.execution, state));
    }
  }
  for (const auto& alarm : world_->cloud().alarms()) {
    const auto server = names_.find(get_string(alarm, "instance_id"));
    const auto* wanted = server == names_.end() ? nullptr : newest(environment_of(server->second));
    const auto& tags = alarm.at("tags");
    const bool is_marked = json_text(tags).find("lamplighter:muted") != std::string::npos;
    const bool is_enabled = alarm.at("actions_enabled").as_bool();
    if (wanted == nullptr || (!is_marked && !is_enabled)) continue;  // a person's
    if (is_enabled != (wanted->action == Action::start)) {
      break_rule(fmt::format("{} is {} in the end, but {} came last", get_string(alarm, "name"),
                             is_enabled ? "heard" : "muted", wanted->options.execution));
    }
  }
}

Status Several::run() {
  CHECK_OK(make_world());
  draw_starts();
  results_ = TRY(world_->run_together(fleet_, starts_));
  check_end();
  return {};
}

void Several::count(SeveralTally& tally) const {
  ++tally.runs;
  tally.executions += static_cast<int>(starts_.size());
  tally.crashes += crashes_;
  tally.failed += broken_.empty() ? 0 : 1;
  for (const auto& result : results_) {
    bool superseded = false;
    bool waited = false;
    for (const auto& event : result.events) {
      const std::string text = event.payload ? *event.payload : "";
      superseded = superseded || text.find("superseded by") != std::string::npos;
      waited = waited || text.find("waiting while") != std::string::npos;
    }
    tally.takeovers += superseded ? 1 : 0;
    tally.waits += waited ? 1 : 0;
  }
}

}  // namespace

Result<fleet::Fleet> several_fleet() {
  auto parsed = fleet::parse(kFleet);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  return fail(ErrorKind::internal, "InvalidFleet", parsed.errors.front().message);
}

Result<std::vector<std::string>> try_several(const fleet::Fleet& fleet, std::uint64_t seed,
                                             SeveralTally& tally) {
  Several several(fleet, seed);
  CHECK_OK(several.run());
  several.count(tally);
  return several.broken();
}

}  // namespace lamplighter::proof
