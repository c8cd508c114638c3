#include "run/daemon_health.h"

#include <array>
#include <chrono>
#include <future>

#include <fmt/format.h>

#include "base/words.h"

namespace lamplighter::run {
namespace {

/// The engine has so long to write a row; a probe gives a little more.
constexpr std::chrono::milliseconds kPatience{2'000};
/// The calls that a run makes: counted from 0, also before the first.
constexpr std::array<std::string_view, 18> kCalls{
    "cloudwatch:DescribeAlarms",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:EnableAlarmActions",
    "cloudwatch:TagResource",
    "cloudwatch:UntagResource",
    "ec2:DescribeInstanceStatus",
    "ec2:DescribeInstances",
    "ec2:StartInstances",
    "ec2:StopInstances",
    "lambda:Invoke",
    "resource_groups_tagging_api:GetResources",
    "resource_groups_tagging_api:TagResources",
    "resource_groups_tagging_api:UntagResources",
    "sns:GetTopicAttributes",
    "sns:ListTopics",
    "sns:Publish",
    "sts:AssumeRole",
    "sts:GetCallerIdentity",
};
constexpr std::array<std::string_view, 8> kStoreFiles{
    "engine.db",    "engine.db-wal",    "schedules.sqlite",    "schedules.sqlite-wal",
    "hours.sqlite", "hours.sqlite-wal", "coordination.sqlite", "coordination.sqlite-wal"};

/// Whether the engine wrote; nothing where it didn't answer in time.
std::optional<Status> try_to_write(engine::Engine& engine) {
  const auto written = std::make_shared<std::promise<Status>>();
  auto answer = written->get_future();
  engine.ping(true, [written](const Status& status) { written->set_value(status); });
  if (answer.wait_for(kPatience) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

/// The earliest of all; nullptr for none.
const scheduler::Standing* first_due(const std::vector<scheduler::Standing>& all) {
  const scheduler::Standing* first = nullptr;
  for (const scheduler::Standing& one : all) {
    if (one.next && (first == nullptr || one.next->due < first->next->due)) first = &one;
  }
  return first;
}

}  // namespace

std::vector<std::string> DaemonHealth::unready() const {
  if (ending_) return {"it is ending"};
  std::vector<std::string> troubles;
  const auto written = try_to_write(parts_.engine);
  if (!written) {
    troubles.emplace_back("the engine does not answer");
  } else if (!*written) {
    troubles.push_back("the database can't be written: " + written->error().message);
  }
  for (const scheduler::Standing& fleet : parts_.scheduler.standing()) {
    if (fleet.refused.empty()) continue;
    troubles.push_back(
        fmt::format("{} is not in force, {} as it was is: {}", fleet.path, fleet.fleet, fleet.refused));
  }
  return troubles;
}

std::string DaemonHealth::metrics() const {
  api::MetricsText text;
  text.family("lamplighter_build_info", "gauge", "1, with the program's version.");
  text.sample(1, {{"version", parts_.version}});
  text.family("process_start_time_seconds", "gauge", "When this process began.");
  text.sample(started_);
  show_schedules(text);
  parts_.figures.show(text);
  show_work(text);
  show_calls(text);
  show_store(text);
  show_hours(text);
  return text.text();
}

/// The names of the API's schedules come from whoever may use it: the next of them all stands for them.
void DaemonHealth::show_schedules(api::MetricsText& text) const {
  const auto all = parts_.scheduler.standing();
  text.family("lamplighter_schedules", "gauge",
              "Schedules in force; the fleet is empty for those of the API.");
  for (const auto& one : all) text.sample(static_cast<double>(one.schedules), {{"fleet", one.fleet}});
  text.family("lamplighter_schedule_next_occurrence_timestamp_seconds", "gauge",
              "When a schedule is due next; of the API's, the first of all.");
  for (const auto& one : all) {
    if (one.fleet.empty()) {
      if (one.next) text.sample(one.next->due, {{"fleet", ""}, {"schedule", ""}});
      continue;
    }
    for (const auto& [schedule, due] : one.due)
      text.sample(due, {{"fleet", one.fleet}, {"schedule", schedule}});
  }
  text.family("lamplighter_fleet_file_refused", "gauge",
              "1 where a fleet's file is broken, and the fleet as it was is in force.");
  for (const auto& one : all) {
    if (!one.fleet.empty()) text.sample(one.refused.empty() ? 0 : 1, {{"fleet", one.fleet}});
  }
}

void DaemonHealth::show_work(api::MetricsText& text) const {
  const engine::Load load = parts_.engine.load();
  text.family("lamplighter_executions_running", "gauge", "Executions that are running.");
  text.sample(static_cast<double>(load.executions));
  text.family("lamplighter_tasks_active", "gauge", "Tasks that a worker carries out.");
  text.sample(static_cast<double>(load.tasks_active));
  text.family("lamplighter_tasks_waiting", "gauge", "Tasks that wait for a worker.");
  text.sample(static_cast<double>(load.tasks_waiting));
}

void DaemonHealth::show_calls(api::MetricsText& text) const {
  aws::CallCounts none;
  for (const std::string_view call : kCalls) none.emplace(call, 0);
  const auto show = [&](std::string_view name, std::string_view help, aws::CallCounts counts) {
    counts.insert(none.begin(), none.end());
    text.family(name, "counter", help);
    for (const auto& [call, count] : counts) {
      const auto colon = call.find(':');
      text.sample(static_cast<double>(count),
                  {{"service", call.substr(0, colon)}, {"operation", call.substr(colon + 1)}});
    }
  };
  show("lamplighter_aws_calls_total", "Calls to AWS, retries included.", parts_.session.counts());
  show("lamplighter_aws_throttles_total", "Calls that AWS refused since there were too many.",
       parts_.session.throttles());
}

/// None where they can't be read: the log says so.
std::vector<hours::Row> DaemonHealth::hours_of_today() const {
  const MutexLock lock(mutex_);
  if (!hours_) {
    auto opened = hours::Store::open(hours::file_in(parts_.engine.options().state_dir));
    if (!opened) return {};
    hours_ = *std::move(opened);
  }
  const Time now = parts_.clock.now();
  return hours_->rows(now, now).value_or(std::vector<hours::Row>());
}

void DaemonHealth::show_hours(api::MetricsText& text) const {
  const auto in_seconds = [](Duration duration) { return std::chrono::duration<double>(duration).count(); };
  const std::vector<hours::Row> today = hours_of_today();
  const auto show = [&](std::string_view name, std::string_view help, auto of) {
    text.family(name, "gauge", help);
    for (const hours::Row& row : today)
      text.sample(in_seconds(of(row.hours)), {{"fleet", row.fleet}, {"environment", row.environment}});
  };
  show("lamplighter_environment_running_seconds_today",
       "How long an environment ran today, as far as anybody saw; the day is the fleet's zone's.",
       [](const hours::Hours& hours) { return hours.running; });
  show("lamplighter_environment_stopped_seconds_today", "How long it was stopped.",
       [](const hours::Hours& hours) { return hours.stopped; });
}

void DaemonHealth::show_store(api::MetricsText& text) const {
  text.family("lamplighter_store_size_bytes", "gauge", "The size of a file in the state directory.");
  for (const std::string_view file : kStoreFiles) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(parts_.engine.options().state_dir / file, missing);
    text.sample(missing ? 0 : static_cast<double>(size), {{"file", std::string(file)}});
  }
}

std::string DaemonHealth::status() const {
  const auto all = parts_.scheduler.standing();
  const scheduler::Standing* first = first_due(all);
  std::string next = "nothing is due";
  if (first != nullptr) {
    next = fmt::format("next: \"{}\"{} at {}", first->next->schedule,
                       first->fleet.empty() ? "" : " of " + first->fleet, format_time(first->next->due));
  }
  return fmt::format("{} run{}; {}", count_of(parts_.engine.load().executions, "execution"),
                     parts_.engine.load().executions == 1 ? "s" : "", next);
}

}  // namespace lamplighter::run
