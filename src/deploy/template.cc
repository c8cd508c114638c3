#include "deploy/template.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.h"
#include "coordination/dynamodb_table.h"
#include "deploy/coordination.h"
#include "deploy/dynamic_reference.h"
#include "deploy/names.h"
#include "deploy/policy.h"
#include "deploy/resources.h"
#include "fleet/recipients.h"
#include "fleet/schedule_days.h"
#include "fleet/warnings.h"
#include "schedule/ahead.h"
#include "tasks/protocol/occurrence.h"
#include "tasks/protocol/timeouts.h"
#include "tasks/protocol/warn.h"

namespace lamplighter::deploy {
namespace {

constexpr int kLogDays = 30;
constexpr int kMemoryMegabytes = 128;
constexpr int kQueueDays = 14;

json::object tracing_statement() {
  return statement({"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules",
                    "xray:GetSamplingTargets"},
                   "*");
}

json::array inline_policy(std::string_view name, json::array statements) {
  return {json::object{{"PolicyName", json::string(name)},
                       {"PolicyDocument", policy_document(std::move(statements))}}};
}

/// Builds the template, part by part, each part naming those before it.
class TemplateBuilder {
 public:
  TemplateBuilder(const fleet::Fleet& fleet, const std::vector<Machine>& machines,
                  const TemplateOptions& options)
      : fleet_(fleet), machines_(machines), options_(options), resources_(fleet.name) {}

  Result<json::object> build() {
    for (const fleet::Notify* topic : fleet::topics_of(fleet_)) add_topic(*topic);
    add_table();
    CHECK_OK(add_function_role());
    add_function();
    add_machines();
    if (!fleet_.schedules.empty()) {
      add_queue();
      CHECK_OK(add_schedules());
    }
    json::object made{{"AWSTemplateFormatVersion", "2010-09-09"},
                      {"Description", fmt::format("Lamplighter starts and stops the fleet {}.", fleet_.name)},
                      {"Resources", resources_.take()},
                      {"Outputs", std::move(outputs_)}};
    CHECK_OK(check_no_reference(made));
    return made;
  }

 private:
  void add_topic(const fleet::Notify& of) {
    json::value topic;
    if (makes_topic(fleet_, of)) {
      topic = make_topic(of);
    } else if (of.sns.starts_with("arn:")) {
      topic = of.sns;
      for (const std::string& email : of.emails) subscribe(of, email);
    }
    // An alarm can only notify a topic of its own region. What it says is what an aborted run's report says.
    const bool hears = is_told_of(of, fleet::Occasion::always) || is_told_of(of, fleet::Occasion::aborted);
    if (!topic.is_null() && hears && of.region == home_region(fleet_)) alarmed_.push_back(std::move(topic));
  }

  json::object make_topic(const fleet::Notify& of) {
    json::object topic{{"TopicName", of.sns}};
    if (!of.emails.empty()) {
      json::array subscriptions;
      for (const std::string& email : of.emails) {
        subscriptions.push_back(json::object{{"Protocol", "email"}, {"Endpoint", email}});
      }
      topic["Subscription"] = std::move(subscriptions);
    }
    const std::string id = resources_.add_tagged("Topic", "AWS::SNS::Topic", std::move(topic), of.sns);
    output(id, "Where the reports and the alarms go", reference(id));
    return reference(id);
  }

  /// Its items are few and small: each environment's lease.
  void add_table() {
    if (!makes_table(fleet_)) return;
    const auto key = [](std::string_view name, std::string_view type) {
      return json::object{{"AttributeName", json::string(name)}, {"KeyType", json::string(type)}};
    };
    const auto text = [](std::string_view name) {
      return json::object{{"AttributeName", json::string(name)}, {"AttributeType", "S"}};
    };
    resources_.add_tagged("Coordination", "AWS::DynamoDB::Table",
                          {{"TableName", fleet_.coordination.table},
                           {"BillingMode", "PAY_PER_REQUEST"},
                           {"AttributeDefinitions",
                            json::array{text(coordination::kPartitionKey), text(coordination::kSortKey)}},
                           {"KeySchema", json::array{key(coordination::kPartitionKey, "HASH"),
                                                     key(coordination::kSortKey, "RANGE")}}});
    output("Coordination", "Where runs agree on who acts", reference("Coordination"));
  }

  void subscribe(const fleet::Notify& topic, const std::string& email) {
    resources_.add(
        logical_id("Subscription", email), "AWS::SNS::Subscription",
        {{"TopicArn", topic.sns}, {"Region", topic.region}, {"Protocol", "email"}, {"Endpoint", email}},
        topic.sns + email);
  }

  Status add_function_role() {
    resources_.add_tagged(
        "FunctionRole", "AWS::IAM::Role",
        {{"RoleName", part_name(fleet_, "function")}, {"AssumeRolePolicyDocument", function_trust()}});
    output("FunctionRoleArn", "The role that environments' own roles must trust",
           attribute("FunctionRole", "Arn"));
    auto policy = function_policy(fleet_, Account::of_stack());
    if (options_.xray) policy["Statement"].as_array().push_back(tracing_statement());
    int number = 0;
    for (const json::object& part : TRY(split_policy(policy))) {
      ++number;
      resources_.add(number == 1 ? "FunctionPolicy" : fmt::format("FunctionPolicy{}", number),
                     "AWS::IAM::ManagedPolicy",
                     {{"Description", fmt::format("What Lamplighter may do for the fleet {}", fleet_.name)},
                      {"Roles", json::array{reference("FunctionRole")}},
                      {"PolicyDocument", substituted(part)}});
    }
    return {};
  }

  /// Lambda sets no aws:SourceAccount when it takes on a function's role.
  static json::object function_trust() {
    return policy_document({json::object{{"Effect", "Allow"},
                                         {"Principal", json::object{{"Service", "lambda.amazonaws.com"}}},
                                         {"Action", "sts:AssumeRole"}}});
  }

  void add_function() {
    const std::string name = stack_name(fleet_);
    add_logs("FunctionLog", "/aws/lambda/" + name);
    json::object function{
        {"FunctionName", name},
        {"Description", fmt::format("Starts and stops servers of the fleet {}", fleet_.name)},
        {"Runtime", "provided.al2023"},
        {"Architectures", json::array{"x86_64"}},
        {"Handler", "bootstrap"},
        {"Code", "lambda.zip"},
        {"MemorySize", kMemoryMegabytes},
        {"Timeout", function_timeout().count()},
        {"Role", attribute("FunctionRole", "Arn")},
        {"LoggingConfig", json::object{{"LogGroup", reference("FunctionLog")}}}};
    if (options_.xray) function["TracingConfig"] = json::object{{"Mode", "Active"}};
    resources_.add_tagged("Function", "AWS::Lambda::Function", std::move(function));
    resources_.mark_packaged("Function");
  }

  /// A call in the style of the original function waits until its servers are ready.
  [[nodiscard]] std::chrono::seconds function_timeout() const {
    return fleet_.classic.empty() ? tasks::kFunctionTimeout : limits::kInvocation;
  }

  void add_logs(const std::string& id, const std::string& name) {
    resources_.add_tagged(id, "AWS::Logs::LogGroup", {{"LogGroupName", name}, {"RetentionInDays", kLogDays}});
  }

  void add_machines() {
    // Names that begin so share one resource policy, which else would outgrow its limit in a busy account.
    add_logs("MachineLog", "/aws/vendedlogs/states/" + stack_name(fleet_));
    add_machine_role();
    for (const Machine& machine : machines_) add_machine(machine);
  }

  void add_machine_role() {
    json::array statements{
        statement({"lambda:InvokeFunction"}, attribute("Function", "Arn")),
        // Log deliveries have no ARNs to limit them by.
        statement({"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery",
                   "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy",
                   "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"},
                  "*")};
    if (options_.xray) statements.push_back(tracing_statement());
    resources_.add_tagged("MachineRole", "AWS::IAM::Role",
                          {{"RoleName", part_name(fleet_, "machine")},
                           {"AssumeRolePolicyDocument", trust("states.amazonaws.com")},
                           {"Policies", inline_policy("machine", std::move(statements))}});
  }

  void add_machine(const Machine& machine) {
    json::object destination{
        {"CloudWatchLogsLogGroup", json::object{{"LogGroupArn", attribute("MachineLog", "Arn")}}}};
    json::object properties{
        {"StateMachineName", part_name(fleet_, machine.label, 80)},
        {"StateMachineType", "STANDARD"},
        {"DefinitionS3Location", fmt::format("definitions/{}.asl.json", machine.label)},
        {"RoleArn", attribute("MachineRole", "Arn")},
        {"LoggingConfiguration", json::object{{"Level", "ALL"},
                                              {"IncludeExecutionData", true},
                                              {"Destinations", json::array{std::move(destination)}}}}};
    if (options_.xray) properties["TracingConfiguration"] = json::object{{"Enabled", true}};
    const std::string id =
        resources_.add_tagged(logical_id("Machine", machine.label), "AWS::StepFunctions::StateMachine",
                              std::move(properties), machine.label);
    resources_.mark_packaged(id);
    machine_ids_.push_back(id);
    output(id + "Arn", fmt::format("The state machine {}", machine.label), reference(id));
    add_failure_alarm(machine, id);
  }

  /// An aborted run ends its execution as failed too.
  void add_failure_alarm(const Machine& machine, const std::string& machine_id) {
    add_alarm(logical_id("FailedAlarm", machine.label), part_name(fleet_, machine.label + "-failed", 255),
              fmt::format("An execution of {} failed", part_name(fleet_, machine.label, 80)), "AWS/States",
              "ExecutionsFailed", "StateMachineArn", reference(machine_id));
  }

  /// Goes off once the metric is above zero within five minutes.
  void add_alarm(const std::string& id, const std::string& name, const std::string& description,
                 std::string_view space, std::string_view metric, std::string_view dimension,
                 json::object value) {
    json::object alarm{{"AlarmName", name},
                       {"AlarmDescription", description},
                       {"Namespace", json::string(space)},
                       {"MetricName", json::string(metric)},
                       {"Dimensions", json::array{json::object{{"Name", json::string(dimension)},
                                                               {"Value", std::move(value)}}}},
                       {"Statistic", "Maximum"},
                       {"Period", 300}};
    alarm["EvaluationPeriods"] = 1;
    alarm["Threshold"] = 1;
    alarm["ComparisonOperator"] = "GreaterThanOrEqualToThreshold";
    alarm["TreatMissingData"] = "notBreaching";
    if (!alarmed_.empty()) alarm["AlarmActions"] = alarmed_;
    resources_.add_tagged(id, "AWS::CloudWatch::Alarm", std::move(alarm), name);
  }

  void add_queue() {
    const std::string name = part_name(fleet_, "undelivered", 80);
    resources_.add_tagged("Undelivered", "AWS::SQS::Queue",
                          {{"QueueName", name},
                           {"MessageRetentionPeriod", kQueueDays * 24 * 3600},
                           {"SqsManagedSseEnabled", true}});
    add_alarm("UndeliveredAlarm", name,
              "A schedule could not start its state machine: the reason is in the queue", "AWS/SQS",
              "ApproximateNumberOfMessagesVisible", "QueueName", attribute("Undelivered", "QueueName"));
  }

  Status add_schedules() {
    resources_.add_tagged("ScheduleGroup", "AWS::Scheduler::ScheduleGroup", {{"Name", stack_name(fleet_)}});
    const auto schedules = TRY(all_schedules());
    // At a keep's end the other machine than the schedules' own may be started too.
    json::array machines;
    for (const std::string& id : machine_ids_) machines.push_back(reference(id));
    UniqueNames names;
    resources_.add_tagged(
        "SchedulerRole", "AWS::IAM::Role",
        {{"RoleName", part_name(fleet_, "scheduler")},
         {"AssumeRolePolicyDocument", trust("scheduler.amazonaws.com")},
         {"Policies",
          inline_policy("scheduler", {statement({"states:StartExecution"}, std::move(machines)),
                                      statement({"sqs:SendMessage"}, attribute("Undelivered", "Arn"))})}});
    for (const fleet::Schedule& schedule : schedules) {
      CHECK_OK(add_schedule(schedule, names.take(aws_name(label_of(schedule)), key_of(schedule))));
    }
    return {};
  }

  /// What tells it from all others, by which names stay the same: a warning may take several.
  static std::string key_of(const fleet::Schedule& schedule) {
    return schedule.ahead > Duration::zero() ? label_of(schedule) + schedule.expression : schedule.name;
  }

  /// The fleet's, and their warnings: EventBridge Scheduler knows nothing of `ahead`.
  Result<std::vector<fleet::Schedule>> all_schedules() {
    std::vector<fleet::Schedule> all = fleet_.schedules;
    for (const fleet::Schedule& warning : fleet::warnings_of(fleet_)) {
      const auto ahead = std::chrono::floor<std::chrono::minutes>(warning.ahead);
      const auto expressions = schedule::ahead_of(TRY(schedule::parse_expression(warning.expression)), ahead);
      if (!expressions) {
        return tl::unexpected(
            with_context(expressions.error(), fmt::format("the warning of \"{}\"", warning.name)));
      }
      for (const std::string& expression : *expressions) all.push_back(moved(warning, expression));
    }
    return all;
  }

  static fleet::Schedule moved(fleet::Schedule warning, const std::string& expression) {
    warning.expression = expression;
    if (warning.start_date) *warning.start_date -= warning.ahead;
    if (warning.end_date) *warning.end_date -= warning.ahead;
    return warning;
  }

  /// What it is called beside its schedule.
  static std::string label_of(const fleet::Schedule& schedule) {
    return schedule.ahead > Duration::zero() ? "warning of " + schedule.name : schedule.name;
  }

  Status add_schedule(const fleet::Schedule& schedule, const std::string& name) {
    json::object properties{{"Name", name},
                            {"GroupName", reference("ScheduleGroup")},
                            {"Description", describe(schedule)},
                            {"ScheduleExpression", schedule.expression},
                            {"ScheduleExpressionTimezone", schedule.timezone}};
    if (schedule.start_date) properties["StartDate"] = format_time(*schedule.start_date);
    if (schedule.end_date) properties["EndDate"] = format_time(*schedule.end_date);
    properties["FlexibleTimeWindow"] = window(schedule);
    properties["State"] = "ENABLED";
    properties["Target"] = TRY(target(schedule));
    resources_.add(logical_id("Schedule", label_of(schedule)), "AWS::Scheduler::Schedule",
                   std::move(properties), key_of(schedule));
    return {};
  }

  static std::string describe(const fleet::Schedule& schedule) {
    const std::string what = schedule.environments.empty()
                                 ? "all environments"
                                 : fmt::format("{}", fmt::join(schedule.environments, ", "));
    return fmt::format("{}: {} {}", label_of(schedule), tasks::to_string(schedule.action), what)
        .substr(0, 512);
  }

  static json::object window(const fleet::Schedule& schedule) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(schedule.flexible_window).count();
    if (minutes == 0) return {{"Mode", "OFF"}};
    return {{"Mode", "FLEXIBLE"}, {"MaximumWindowInMinutes", minutes}};
  }

  static json::object retry_policy(const fleet::Retry& retry) {
    return {{"MaximumEventAgeInSeconds", std::chrono::floor<std::chrono::seconds>(retry.age).count()},
            {"MaximumRetryAttempts", retry.attempts}};
  }

  Result<json::object> target(const fleet::Schedule& schedule) {
    auto calendar = TRY(fleet::days_ahead(fleet_, schedule, options_.now));
    const tasks::ScheduleInput input{schedule.name, schedule.action, schedule.environments,
                                     std::move(calendar)};
    return json::object{
        {"Arn", reference(machine_id(schedule))},
        {"RoleArn", attribute("SchedulerRole", "Arn")},
        {"Input", json_text(schedule.ahead > Duration::zero() ? tasks::warning_input(input, schedule.ahead)
                                                              : to_json(input))},
        {"RetryPolicy", retry_policy(schedule.retry)},
        {"DeadLetterConfig", json::object{{"Arn", attribute("Undelivered", "Arn")}}}};
  }

  [[nodiscard]] const std::string& machine_id(const fleet::Schedule& schedule) const {
    const Machine& machine = machine_for(machines_, schedule);
    return machine_ids_[static_cast<std::size_t>(&machine - machines_.data())];
  }

  void output(const std::string& id, const std::string& description, json::value value) {
    outputs_[id] = json::object{{"Description", description}, {"Value", std::move(value)}};
  }

  const fleet::Fleet& fleet_;
  const std::vector<Machine>& machines_;
  const TemplateOptions& options_;
  Resources resources_;
  json::object outputs_;
  json::array alarmed_;                   ///< the topics that alarms notify
  std::vector<std::string> machine_ids_;  ///< logical ids, as machines_
};

}  // namespace

Result<json::object> make_template(const fleet::Fleet& fleet, const std::vector<Machine>& machines,
                                   const TemplateOptions& options) {
  return TemplateBuilder(fleet, machines, options).build();
}

bool makes_topic(const fleet::Fleet& fleet, const fleet::Notify& topic) {
  return !topic.sns.empty() && !topic.sns.starts_with("arn:") && topic.region == home_region(fleet);
}

}  // namespace lamplighter::deploy
