// What a month of Lamplighter on AWS costs, and what looking more rarely there costs in time: for three sizes
// of fleet, the machines that `lamplighter synth` deploys are run to their ends on the simulation driver and
// the simulated cloud, and what they did is multiplied with AWS's prices. Prints Markdown tables, which
// docs/benchmarks.md has; `cost --check` ends with 1 where a start exceeds its critical path by more than the
// table says.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "bench/support/critical_path.h"
#include "deploy/coordination.h"
#include "deploy/machines.h"
#include "engine/virtual/simulation.h"
#include "json/json.h"
#include "machine/compile.h"
#include "machine/events.h"
#include "run/lambda_tasks.h"
#include "run/simulated_fleet.h"
#include "run/simulated_world.h"

namespace lamplighter {
namespace {

/// US dollars in us-east-1, without any free tier, as AWS's pricing pages had them in November 2026:
/// aws.amazon.com/{step-functions,lambda,eventbridge,sns,sqs,cloudwatch,dynamodb}/pricing.
namespace price {
constexpr double kTransition = 0.025 / 1'000;
constexpr double kRequest = 0.20 / 1'000'000;
constexpr double kGigabyteSecond = 0.0000166667;  // x86
constexpr double kScheduled = 1.00 / 1'000'000;
constexpr double kPublish = 0.50 / 1'000'000;
constexpr double kMail = 2.00 / 100'000;
constexpr double kLogGigabyte = 0.50;         // taken in
constexpr double kKeptGigabyte = 0.03;        // kept a month: the template keeps 30 days
constexpr double kAlarm = 0.10;               // a month
constexpr double kRead = 0.125 / 1'000'000;   // DynamoDB on demand: consistent, up to 4 KB
constexpr double kWrite = 0.625 / 1'000'000;  // up to 1 KB
}  // namespace price

constexpr int kWorkingDays = 21;
constexpr int kCycles = 2;  // a working day: each a start and a stop
constexpr int kMails = 2;   // addresses
constexpr int kAlarms = 3;  // start failed, stop failed, undelivered
constexpr int kSeeds = 5;

/// A fleet to measure, and by what share a start of it may be longer than its critical path.
struct Size {
  int servers;
  int environments;
  double most_slower;
};
/// The larger ones can't keep to 5%: 25,000 events leave a phase 90 looks, and 32; and EC2 grants two
/// StartInstances a second where 40 phases ask at once.
constexpr std::array kSizes{Size{20, 3, 0.05}, Size{150, 15, 0.06}, Size{500, 40, 0.17}};

constexpr double kMemory = 128.0 / 1024;
/// What the function itself takes for a call besides AWS's answers, and for a cold start, in seconds.
constexpr double kOwnTime = 0.010;
constexpr double kColdStart = 0.100;
/// START, END, REPORT and the function's own lines.
constexpr double kLogLines = 900;

/// What executions did.
struct Use {
  double transitions = 0;
  double requests = 0;
  double seconds = 0;  ///< billed by Lambda
  double log_bytes = 0;
  double reads = 0;  ///< of the coordination table
  double writes = 0;
  double critical = 0;  ///< the slowest environment's servers' own time, in seconds
  double duration = 0;  ///< of the execution, in seconds

  Use& operator+=(const Use& other) {
    transitions += other.transitions;
    requests += other.requests;
    seconds += other.seconds;
    log_bytes += other.log_bytes;
    reads += other.reads;
    writes += other.writes;
    critical += other.critical;
    duration += other.duration;
    return *this;
  }
};

fleet::Fleet make_fleet(const Size& size) {
  fleet::Fleet fleet;
  fleet.name = "bench";
  fleet.region = "us-east-1";
  fleet.notify = {{"mailme", "us-east-1", {}}};
  int made = 0;
  for (int e = 0; e < size.environments; ++e) {
    fleet::Environment environment{fmt::format("env{}", e), "us-east-1", "", {}};
    const int until = size.servers * (e + 1) / size.environments;
    fleet::Phase db;
    fleet::Phase app;
    db.name = "db";
    app.name = "app";
    const int databases = std::max(1, (until - made) / 3);
    for (int n = 0; made < until; ++n, ++made) {
      (n < databases ? db : app).servers.names.push_back(fmt::format("server{}", made));
    }
    environment.phases = {db, app};
    fleet.environments.push_back(environment);
  }
  return fleet;
}

Use measure(const engine::SimulationResult& result, std::size_t environments) {
  Use use;
  using engine::EventType;
  Time task_started{};
  for (const engine::Event& event : result.events) {
    use.log_bytes += static_cast<double>(json_text(engine::to_history_json(event)).size());
    if (engine::kind_of(event.type) == engine::EventKind::state_entered) ++use.transitions;
    if (event.type == EventType::task_failed || event.type == EventType::task_timed_out)
      ++use.transitions;  // retried, or caught
    if (event.type == EventType::task_scheduled) ++use.requests;
    if (event.type == EventType::task_started) task_started = event.time;
    if (event.type == EventType::task_succeeded) use.seconds += bench::seconds(event.time - task_started);
  }
  use.seconds += use.requests * kOwnTime + static_cast<double>(environments) * kColdStart;
  use.log_bytes += use.requests * kLogLines;
  use.duration = bench::seconds(run::run_end(result) - result.execution.started);
  return use;
}

Result<Use> run(const fleet::Fleet& fleet, tasks::Action action, const machine::CompileOptions& options,
                std::uint64_t seed) {
  const auto world = TRY(run::SimulatedWorld::make(TRY(run::simulated_fleet(fleet, {seed, {}, action})),
                                                   parse_time("2026-11-24T06:00:00Z").value()));
  const auto result = TRY(world->run(fleet, action, options, {}));
  if (result.execution.status != engine::ExecutionStatus::succeeded) {
    return fail(ErrorKind::internal, "NotSucceeded", result.execution.cause.value_or("it did not succeed"));
  }
  Use use = measure(result, fleet.environments.size());
  const auto counts = world->caller().counts();
  const auto calls = [&](const char* api) {
    return counts.contains(api) ? static_cast<double>(counts.at(api)) : 0;
  };
  use.reads = calls("dynamodb:GetItem");
  use.writes = calls("dynamodb:PutItem");
  use.critical = bench::critical_path(fleet, action, world->cloud(), world->clock().now());
  return use;
}

struct Row {
  Size size;
  int looks;  ///< that each phase may take
  Use month;
  double start_seconds = 0;
  double slower = 0;  ///< of a start: the share by which it is longer than its critical path
};

Result<Row> measure_fleet(const Size& size) {
  const fleet::Fleet fleet = deploy::in_cloud(make_fleet(size));
  Row row{size, TRY(machine::looks_for(fleet, {})), {}, 0, 0};
  machine::CompileOptions options = deploy::cloud_options(fleet);
  options.function_name = std::string(run::kOwnFunction);
  double critical_seconds = 0;
  Use seen;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Use start = TRY(run(fleet, tasks::Action::start, options, seed));
    seen += start;
    seen += TRY(run(fleet, tasks::Action::stop, options, seed));
    row.start_seconds += start.duration / kSeeds;
    critical_seconds += start.critical / kSeeds;
  }
  row.slower = row.start_seconds / critical_seconds - 1;
  const double scale = 1.0 * kWorkingDays * kCycles / kSeeds;
  row.month = {seen.transitions * scale,
               seen.requests * scale,
               seen.seconds * scale,
               seen.log_bytes * scale,
               seen.reads * scale,
               seen.writes * scale,
               0,
               0};
  return row;
}

void print_use(const std::vector<Row>& rows) {
  fmt::print(
      "| fleet | looks a phase, at most | start takes | beyond its critical path | at most | transitions | "
      "Lambda requests | GB-seconds | logs |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  for (const Row& row : rows) {
    fmt::print(
        "| {} servers in {} environments | {} | {:.0f} s | {:.1f}% | {:.0f}% | {:.0f} | {:.0f} | "
        "{:.0f} | "
        "{:.2f} GB |\n",
        row.size.servers, row.size.environments, row.looks, row.start_seconds, row.slower * 100,
        row.size.most_slower * 100, row.month.transitions, row.month.requests, row.month.seconds * kMemory,
        row.month.log_bytes / 1e9);
  }
}

void print_bill(const std::vector<Row>& rows) {
  constexpr double kRuns = 2.0 * kWorkingDays * kCycles;
  fmt::print(
      "\n| fleet | Step Functions | Lambda | Logs | DynamoDB | alarms | Scheduler, SNS | a month |\n"
      "|---|--:|--:|--:|--:|--:|--:|--:|\n");
  for (const Row& row : rows) {
    const double states = row.month.transitions * price::kTransition;
    const double lambda =
        row.month.requests * price::kRequest + row.month.seconds * kMemory * price::kGigabyteSecond;
    const double logs = row.month.log_bytes / 1e9 * (price::kLogGigabyte + price::kKeptGigabyte);
    const double table = row.month.reads * price::kRead + row.month.writes * price::kWrite;
    const double alarms = kAlarms * price::kAlarm;
    const double rest = kRuns * (price::kScheduled + price::kPublish + kMails * price::kMail);
    fmt::print(
        "| {} servers in {} environments | ${:.2f} | ${:.2f} | ${:.2f} | ${:.2f} | ${:.2f} | ${:.2f} | "
        "**${:.2f}** |\n",
        row.size.servers, row.size.environments, states, lambda, logs, table, alarms, rest,
        states + lambda + logs + table + alarms + rest);
  }
}

int report(bool check) {
  std::vector<Row> rows;
  for (const Size& size : kSizes) {
    auto row = measure_fleet(size);
    if (!row) {
      fmt::print(stderr, "cost: {} servers: {}\n", size.servers, row.error().message);
      return 2;
    }
    rows.push_back(*std::move(row));
  }
  print_use(rows);
  print_bill(rows);
  const bool met = std::all_of(rows.begin(), rows.end(),
                               [](const Row& row) { return row.slower <= row.size.most_slower; });
  return check && !met ? 1 : 0;
}

}  // namespace
}  // namespace lamplighter

int main(int argc, char** argv) {
  return lamplighter::report(argc > 1 && std::string_view(argv[1]) == "--check");
}
