#include "tests/week/engines.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "coordination/dynamodb_table.h"
#include "coordination/sqlite_table.h"
#include "deploy/coordination.h"
#include "deploy/machines.h"
#include "deploy/names.h"
#include "deploy/template.h"
#include "fleet/load.h"
#include "run/book_scheduler.h"
#include "run/lambda_tasks.h"
#include "run/put_machine.h"
#include "run/simulated_fleet.h"
#include "scheduler/fleet_scheduler.h"

namespace lamplighter::week {

using tasks::Action;

/// EventBridge Scheduler's API over the book, without a network.
class Engine::Schedules final : public aws::RestCaller {
 public:
  explicit Schedules(const run::HolderSchedules& schedules) : schedules_(schedules) {}
  Result<std::string> send(const aws::Target& /*target*/, const aws::RestRequest& request) override {
    http::Request sent;
    sent.method = request.method;
    sent.url = url_of(request);
    sent.headers = {{"Host", "localhost"}, {"Content-Type", "application/json"}};
    if (!request.body.is_null()) sent.body = json_text(request.body);
    const auto answer = schedules_.answer(sent);
    if (answer && answer->status == 200) return answer->body;
    if (!answer) return fail(ErrorKind::internal, "UnknownPath", sent.url);
    return fail(ErrorKind::bad_input, std::string(http::header(answer->headers, "x-amzn-ErrorType")),
                answer->body);
  }

 private:
  const run::HolderSchedules& schedules_;
};

/// Of this engine.
class Engine::WeekDesk final : public run::Desk {
 public:
  explicit WeekDesk(Engine& engine) : engine_(engine), schedules_(*engine.schedules_) {}
  [[nodiscard]] engine::Executions& executions() override { return engine_.executions_; }
  [[nodiscard]] aws::RestCaller* schedules() override { return &schedules_; }
  Result<std::unique_ptr<coordination::Table>> table(const tasks::Coordination& /*coordination*/) override {
    return engine_.open_table();
  }
  [[nodiscard]] const Clock& clock() const override { return engine_.world_->clock(); }

 private:
  Engine& engine_;
  Schedules schedules_;
};

namespace {

Result<std::unique_ptr<run::SimulatedWorld>> make_world(const fleet::Fleet& fleet, Time begin) {
  return run::SimulatedWorld::make(TRY(run::simulated_fleet(fleet, {.seed = 1, .faults = {}})), begin);
}

class Daemon final : public Engine {
 public:
  explicit Daemon(Setting setting)
      : Engine(std::move(setting)), starter_(executions_, run::AwsOptions{}, 1) {}

  Status open_all() {
    memory_ = TRY(coordination::SqliteTable::open(coordination::file_in(directory_)));
    world_->agree_by(*memory_);
    return open();
  }

 private:
  std::unique_ptr<coordination::Table> open_table() override {
    return coordination::SqliteTable::open(coordination::file_in(directory_)).value();
  }
  Status make_schedules() override {
    auto around = surroundings();
    around.start = [this](const fleet::Fleet& fleet, const scheduler::Firing& firing) {
      return starter_.start(fleet, firing);
    };
    around.in_force = [this](const fleet::Fleet& fleet, const scheduler::Timetable&) {
      fleets_.know(fleet);
      static_cast<void>(starter_.put_in_force(fleet));
    };
    sources_.push_back(TRY(scheduler::FleetScheduler::open(overruling_.file, around)));
    return {};
  }

  run::OccurrenceStarter starter_;
  std::unique_ptr<coordination::Table> memory_;
};

class Deployment final : public Engine {
 public:
  using Engine::Engine;
  Status open_all() { return open(); }

 private:
  std::unique_ptr<coordination::Table> open_table() override {
    const auto& table = overruling_.fleet.coordination;
    return std::make_unique<coordination::DynamoDbTable>(world_->caller(), aws::Target{table.region, ""},
                                                         table.table);
  }
  /// As the template has them; the function's tasks are this process's.
  Status make_schedules() override {
    const auto& cloud = *overruling_.place.cloud;
    const auto machines = TRY(deploy::machines_of(overruling_.fleet));
    const std::string function = fmt::format("\"FunctionName\": \"{}\"", cloud.schedules);
    for (std::size_t i = 0; i < machines.size(); ++i) {
      std::string text = machines[i].definition;
      for (auto at = text.find(function); at != std::string::npos; at = text.find(function, at))
        text.replace(at, function.size(), fmt::format("\"FunctionName\": \"{}\"", run::kOwnFunction));
      TRY(executions_.create_state_machine(cloud.machines[i], text, "", nullptr));
    }
    TRY(book_->create_group({cloud.schedules}, now()));
    const auto made = TRY(deploy::make_template(overruling_.fleet, machines, {.now = now()}));
    for (const auto& member : made.at("Resources").as_object()) {
      if (get_string(member.value(), "Type") != "AWS::Scheduler::Schedule") continue;
      TRY(book_->create(schedule_of(member.value().at("Properties")), now()));
    }
    return {};
  }
  [[nodiscard]] api::Schedule schedule_of(const json::value& properties) const {
    api::Schedule made;
    made.group = overruling_.place.cloud->schedules;
    made.name = get_string(properties, "Name");
    made.expression = get_string(properties, "ScheduleExpression");
    made.timezone = get_string(properties, "ScheduleExpressionTimezone");
    const std::string input = get_string(properties.at("Target"), "Input");
    const bool starts = get_string(parse_json(input).value(), "action") == "start";
    made.target.arn = "arn:aws:states:us-east-1:123456789012:stateMachine:" +
                      overruling_.place.cloud->machines[starts ? 0 : 1];
    made.target.role_arn = "arn:aws:iam::123456789012:role/scheduler";
    made.target.input = input;
    return made;
  }
};

template <class Made>
Result<std::unique_ptr<Engine>> opened(std::unique_ptr<Made> engine) {
  CHECK_OK(engine->open_all());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace

Engine::Engine(Setting setting)
    : overruling_(std::move(setting.overruling)),
      directory_(std::move(setting.directory)),
      world_(make_world(overruling_.fleet, setting.begin).value()),
      executions_(*world_) {}
Engine::~Engine() = default;

Status Engine::open() {
  store_ = TRY(scheduler::Store::open(directory_ / "schedules.sqlite"));
  book_ = TRY(api::Book::open(*store_, {"us-east-1", "123456789012"}));
  schedules_ = std::make_unique<run::HolderSchedules>(*book_, *store_, world_->clock(),
                                                      [](const auto&) { return Status(); });
  CHECK_OK(make_schedules());
  sources_.push_back(std::make_unique<run::BookScheduler>(*book_, executions_, fleets_, surroundings()));
  for (const auto& source : sources_) CHECK_OK(source->begin());
  return {};
}

scheduler::Surroundings Engine::surroundings() { return {world_->clock(), *store_, nullptr, log_}; }

Time Engine::now() { return world_->clock().now(); }

Status Engine::pass_until(Time moment) {
  while (true) {
    std::optional<Time> next;
    for (const auto& source : sources_) {
      source->look();
      const auto wake = source->turn([] { return false; });
      if (wake && (!next || *wake < *next)) next = wake;
    }
    if (!log_.troubles.empty()) return fail(ErrorKind::internal, "Trouble", log_.troubles.front());
    if (!next || *next > moment) break;
    world_->clock().advance_to(*next);
  }
  world_->clock().advance_to(moment);
  return {};
}

run::OverrideTable Engine::table() { return {nullptr, std::make_unique<WeekDesk>(*this), open_table()}; }

Status Engine::start(Action action, const std::vector<std::string>& environments) {
  const auto& place = overruling_.place;
  const std::string name = place.cloud ? place.cloud->machines[action == Action::start ? 0 : 1]
                                       : fmt::format("{}-{}", overruling_.fleet.name, to_string(action));
  const auto machine = TRY(run::find_machine(executions_, name));
  if (!machine) return fail(ErrorKind::internal, "NoMachine", name);
  TRY(executions_.start_execution(
      machine->arn, "", json_text(json::object{{"environments", json::value_from(environments)}}), {}));
  return {};
}

std::string Engine::servers() {
  std::vector<std::string> words;
  for (const auto& server : world_->cloud().servers(now()))
    words.push_back(fmt::format("{} {}", get_string(server, "name"), get_string(server, "state")));
  return fmt::format("{}", fmt::join(words, ", "));
}

Result<std::unique_ptr<Engine>> make_daemon(const std::string& file, const std::filesystem::path& directory,
                                            Time begin) {
  run::Overruling overruling{{}, TRY(fleet::load(file)), file};
  return opened(std::make_unique<Daemon>(Engine::Setting{std::move(overruling), directory, begin}));
}

Result<std::unique_ptr<Engine>> make_deployment(const std::string& file,
                                                const std::filesystem::path& directory, Time begin) {
  auto fleet = TRY(fleet::load(file));
  const std::vector<std::string> machines{deploy::part_name(fleet, "start", 80),
                                          deploy::part_name(fleet, "stop", 80)};
  run::Place place{
      "", run::Place::Cloud{file, deploy::home_region(fleet), machines, deploy::stack_name(fleet), {}}};
  run::Overruling overruling{std::move(place), deploy::in_cloud(std::move(fleet)), file};
  return opened(std::make_unique<Deployment>(Engine::Setting{std::move(overruling), directory, begin}));
}

}  // namespace lamplighter::week
