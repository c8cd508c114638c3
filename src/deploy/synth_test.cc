#include "deploy/synth.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "deploy/coordination.h"
#include "deploy/machines.h"
#include "json/json.h"
#include "machine/compile.h"
#include "machine/events.h"
#include "tests/support/test_fleet.h"

namespace lamplighter::deploy {
namespace {

using testing::HasSubstr;
using testing::Key;

const json::value& resource(const json::value& made, std::string_view id) {
  return made.at("Resources").at(id).at("Properties");
}

json::value template_of(const fleet::Fleet& fleet, const TemplateOptions& options = {}) {
  return parse_json(synthesize(fleet, options).value().at("template.json")).value();
}

TEST(Synth, IsTheSameEachTime) {
  EXPECT_EQ(synthesize(small_fleet()).value(), synthesize(small_fleet()).value());
}

TEST(Synth, DeploysWhatCompilePrints) {
  const fleet::Fleet fleet = in_cloud(small_fleet());
  const auto options = cloud_options(fleet);
  EXPECT_EQ(options.function_name, "lamplighter-small");
  EXPECT_EQ(synthesize(fleet).value().at("definitions/stop.asl.json"),
            pretty(machine::compile(fleet, tasks::Action::stop, options).value()));
}

TEST(Synth, MakesOneMachineAnActionAndSchedulesSayWhichEnvironments) {
  fleet::Fleet fleet = fleet_of(3);
  fleet.schedules = {schedule("two", tasks::Action::stop, {"env1", "env0"}),
                     schedule("every", tasks::Action::stop, {}),
                     schedule("mornings", tasks::Action::start, {"env2"})};
  EXPECT_THAT(synthesize(fleet).value(), testing::UnorderedElementsAre(Key("README.md"), Key("template.json"),
                                                                       Key("definitions/start.asl.json"),
                                                                       Key("definitions/stop.asl.json")));
  const auto made = template_of(fleet);
  const auto target_of = [&](std::string_view id) {
    const auto& target = resource(made, id).at("Target");
    return get_string(target.at("Arn"), "Ref") + " " + get_string(target, "Input");
  };
  EXPECT_EQ(target_of("ScheduleTwo"),
            R"(MachineStop {"schedule":"two","action":"stop","environments":["env1","env0"],)"
            R"("occurrence":{"schedule":"two","due":"<aws.scheduler.scheduled-time>"}})");
  EXPECT_THAT(target_of("ScheduleEvery"),
              HasSubstr(R"(MachineStop {"schedule":"every","action":"stop","environments":[],)"));
  EXPECT_THAT(target_of("ScheduleMornings"),
              HasSubstr(R"(MachineStart {"schedule":"mornings","action":"start","environments":["env2"],)"));
}

TEST(Synth, ASchedulesInputHasItsCalendarsDaysForAMonthTheSame) {
  fleet::Fleet fleet = small_fleet();
  fleet.calendars = {{"holidays", {schedule::parse_days("2026-12-25..2026-12-26").value()}, "", nullptr}};
  fleet.schedules = {schedule("nights", tasks::Action::stop, {}),
                     schedule("always", tasks::Action::stop, {})};
  fleet.schedules[0].except = {"holidays"};
  const auto at = [](std::string_view moment) { return TemplateOptions{.now = parse_time(moment).value()}; };
  const auto made = template_of(fleet, at("2026-11-27T12:00:00Z"));
  const auto input = [&](std::string_view id) {
    return parse_json(get_string(resource(made, id).at("Target"), "Input")).value();
  };
  EXPECT_EQ(json_text(input("ScheduleNights").at("calendar")),
            R"({"timezone":"UTC","until":"2028-11-30","except":{"holidays":["2026-12-25..2026-12-26"]}})");
  EXPECT_FALSE(input("ScheduleAlways").as_object().contains("calendar"));
  EXPECT_EQ(synthesize(fleet, at("2026-11-27T12:00:00Z")).value(),
            synthesize(fleet, at("2026-11-03T12:00:00Z")).value());
  EXPECT_THAT(synthesize(fleet, at("2026-11-27T12:00:00Z")).value().at("README.md"),
              HasSubstr("known until 2028-11-30"));
  EXPECT_THAT(synthesize(small_fleet()).value().at("README.md"), testing::Not(HasSubstr("known until")));
}

TEST(Synth, KeepsSchedulesApartWhoseNamesBecomeEqual) {
  fleet::Fleet fleet = small_fleet();
  fleet.schedules = {schedule("a b", tasks::Action::stop, {}), schedule("a-b", tasks::Action::stop, {})};
  int schedules = 0;
  const json::value made = template_of(fleet);
  for (const auto& [id, value] : made.at("Resources").as_object()) {
    schedules += value.at("Type") == "AWS::Scheduler::Schedule" ? 1 : 0;
  }
  EXPECT_EQ(schedules, 2);
}

TEST(Synth, TheReadmeSaysHowToStartSomeEnvironments) {
  const auto text = synthesize(small_fleet()).value().at("README.md");
  EXPECT_THAT(text, HasSubstr("| `lamplighter-small-stop` | stops the environments that its input names"));
  EXPECT_THAT(text, HasSubstr(R"(--input '{"environments": ["dev"]}')"));
}

TEST(Synth, WritesAScheduleOut) {
  fleet::Fleet fleet = small_fleet();
  fleet.schedules = {{"mornings",
                      tasks::Action::start,
                      {},
                      "cron(0 6 ? * MON-FRI *)",
                      "America/New_York",
                      std::chrono::minutes{15},
                      parse_time("2027-01-01T00:00:00Z").value(),
                      parse_time("2028-01-01T00:00:00Z").value()}};
  const auto made = resource(template_of(fleet), "ScheduleMornings");
  EXPECT_EQ(made.at("ScheduleExpression"), "cron(0 6 ? * MON-FRI *)");
  EXPECT_EQ(made.at("ScheduleExpressionTimezone"), "America/New_York");
  EXPECT_EQ(made.at("FlexibleTimeWindow").at("MaximumWindowInMinutes"), 15);
  EXPECT_EQ(made.at("StartDate"), "2027-01-01T00:00:00.000Z");
  EXPECT_EQ(made.at("EndDate"), "2028-01-01T00:00:00.000Z");
}

TEST(Synth, AWarningIsAsManySchedulesOfItsOwnMachineAsItsMomentsTake) {
  fleet::Fleet fleet = small_fleet();
  fleet.schedules = {schedule("nights", tasks::Action::stop, {"dev"})};
  fleet.schedules[0].expression = "cron(0,30 20 ? * MON-FRI *)";
  fleet.schedules[0].start_date = parse_time("2027-01-01T00:00:00Z").value();
  fleet.schedules[0].warn = std::chrono::minutes{15};
  const auto files = synthesize(fleet).value();
  EXPECT_TRUE(files.contains("definitions/warn.asl.json"));
  EXPECT_THAT(files.at("README.md"),
              HasSubstr("| `lamplighter-small-warn` | warns, before a stop, of the env"));
  const auto made = template_of(fleet);
  std::map<std::string, json::value> warnings;
  for (const auto& [id, value] : made.at("Resources").as_object()) {
    const json::value& properties = value.at("Properties");
    if (value.at("Type") == "AWS::Scheduler::Schedule" && id != "ScheduleNights")
      warnings[get_string(properties, "ScheduleExpression")] = properties;
  }
  EXPECT_THAT(warnings, testing::UnorderedElementsAre(Key("cron(45 19 ? * 2,3,4,5,6 *)"),
                                                      Key("cron(15 20 ? * 2,3,4,5,6 *)")));
  const json::value& warning = warnings.begin()->second;
  EXPECT_EQ(warning.at("StartDate"), "2026-12-31T23:45:00.000Z");
  EXPECT_EQ(get_string(warning.at("Target").at("Arn"), "Ref"), "MachineWarn");
  EXPECT_EQ(get_string(warning.at("Target"), "Input"),
            R"({"schedule":"nights","action":"stop","environments":["dev"],)"
            R"("occurrence":{"schedule":"nights","due":"<aws.scheduler.scheduled-time>"},"ahead":900})");
  EXPECT_EQ(warning.at("Target").at("RetryPolicy").at("MaximumEventAgeInSeconds"), 900);
  EXPECT_THAT(json_text(resource(made, "SchedulerRole")), HasSubstr(R"({"Ref":"MachineWarn"})"));
}

TEST(Synth, AWarningThatNoExpressionSaysIsRefused) {
  fleet::Fleet fleet = small_fleet();
  fleet.schedules = {schedule("months", tasks::Action::stop, {})};
  fleet.schedules[0].expression = "cron(0 0 1 * ? *)";
  fleet.schedules[0].warn = std::chrono::minutes{15};
  const auto refused = synthesize(fleet);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the warning of \"months\": no cron expression says"));
}

TEST(Synth, AScheduleIsTriedAgainAsItSays) {
  fleet::Fleet fleet = small_fleet();
  fleet.schedules = {schedule("nights", tasks::Action::stop, {})};
  fleet.schedules[0].retry = {3, std::chrono::minutes{90}};
  EXPECT_EQ(json_text(resource(template_of(fleet), "ScheduleNights").at("Target").at("RetryPolicy")),
            R"({"MaximumEventAgeInSeconds":5400,"MaximumRetryAttempts":3})");
}

TEST(Synth, MakesATopicOnlyWhereTheFileNamesOneInTheStacksRegion) {
  fleet::Fleet fleet = small_fleet();
  fleet.notify.front().emails = {"a@example.com"};
  EXPECT_EQ(resource(template_of(fleet), "Topic").at("Subscription").as_array().size(), 1U);
  fleet.notify.front().region = "eu-west-1";
  EXPECT_FALSE(template_of(fleet).at("Resources").as_object().contains("Topic"));
  EXPECT_THAT(synthesize(fleet).value().at("README.md"), HasSubstr("`mailme` stands in eu-west-1"));
  fleet.notify = {{"arn:aws:sns:us-east-1:111122223333:mailme", "us-east-1", {"a@example.com"}}};
  const auto made = template_of(fleet);
  EXPECT_FALSE(made.at("Resources").as_object().contains("Topic"));
  EXPECT_EQ(resource(made, "SubscriptionAExampleCom").at("TopicArn").as_string(), fleet.notify.front().sns);
  EXPECT_EQ(resource(made, "FailedAlarmStart").at("AlarmActions").at(0).as_string(),
            fleet.notify.front().sns);
}

TEST(Synth, MakesTheTableByWhichRunsAgreeUnlessTheFileSaysOtherwise) {
  fleet::Fleet fleet = small_fleet();
  const auto has_table = [&] {
    return template_of(fleet).at("Resources").as_object().contains("Coordination");
  };
  const auto definition = [&] { return synthesize(fleet).value().at("definitions/start.asl.json"); };
  const auto made = resource(template_of(fleet), "Coordination");
  EXPECT_EQ(made.at("TableName"), "lamplighter-small-coordination");
  EXPECT_EQ(made.at("KeySchema").as_array().size(), 2U);
  EXPECT_THAT(definition(), HasSubstr(R"("table": "lamplighter-small-coordination")"));

  fleet.coordination = {tasks::Coordination::Kind::table, "agreement", "eu-west-1"};
  EXPECT_FALSE(has_table());
  EXPECT_THAT(definition(), HasSubstr(R"("table": "agreement")"));

  fleet.coordination = {tasks::Coordination::Kind::none, "", ""};
  EXPECT_FALSE(has_table());
  EXPECT_THAT(definition(), HasSubstr(R"("coordination": "none")"));
}

TEST(Synth, NoNameReachesCloudFormationAsADynamicReference) {
  fleet::Fleet fleet = small_fleet();
  fleet.environments[0].phases[0].servers.names = {"{{resolve:ssm:/x}}"};
  fleet.environments[0].phases[1].servers.tags = {{{"Owner", "{{resolve:secretsmanager:y}}"}}};
  const auto files = synthesize(fleet).value();
  for (const auto& [name, text] : files) EXPECT_EQ(text.find("{{resolve:"), std::string::npos) << name;
  const auto definition = parse_json(files.at("definitions/start.asl.json")).value();
  EXPECT_THAT(json_text(definition), HasSubstr("{{resolve:ssm:/x}}")) << "it means what it meant";

  fleet.schedules = {schedule("{{resolve:ssm:/x}}", tasks::Action::stop, {})};
  const auto refused = synthesize(fleet);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(refused.error().message, HasSubstr("{{resolve:ssm:/x}}"));
}

TEST(Synth, EachPartitionHasItsOwnArnsAndHosts) {
  struct Row {
    std::string region, partition, dns_suffix;
  };
  for (const Row& row : {Row{"us-gov-west-1", "aws-us-gov", "amazonaws.com"},
                         {"cn-north-1", "aws-cn", "amazonaws.com.cn"},
                         {"eusc-de-east-1", "aws-eusc", "amazonaws.eu"},
                         {"us-iso-east-1", "aws-iso", "c2s.ic.gov"},
                         {"us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"},
                         {"eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"},
                         {"us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"}}) {
    fleet::Fleet fleet = fleet_of(3);
    fleet.region = fleet.notify.front().region = row.region;
    for (auto& environment : fleet.environments) environment.region = row.region;
    fleet.environments[1].role_arn = "arn:" + row.partition + ":iam::444455556666:role/Lamplighter";
    for (int i = 0; i < 200; ++i) {
      fleet.schedules.push_back(schedule("evening" + std::to_string(i), tasks::Action::stop, {}));
    }
    const auto files = synthesize(fleet).value();
    for (const auto& [name, text] : files) {
      EXPECT_EQ(text.find("arn:aws:"), std::string::npos) << name << " of " << row.region;
      if (name == "template.json") {
        for (const auto* service : {"lambda", "states", "scheduler"}) {
          EXPECT_THAT(text, HasSubstr("\"" + std::string(service) + ".amazonaws.com\"")) << row.region;
        }
      }
      if (name.starts_with("definitions/")) {
        EXPECT_THAT(text, HasSubstr("arn:" + row.partition + ":states:::lambda:invoke"));
      }
      if (name == "README.md") {
        EXPECT_THAT(text, HasSubstr(".s3.$AWS_DEFAULT_REGION." + row.dns_suffix + "/"));
      }
    }
  }
}

TEST(Synth, TracesWhenAsked) {
  EXPECT_FALSE(
      resource(template_of(small_fleet()), "MachineStart").as_object().contains("TracingConfiguration"));
  const auto traced = template_of(small_fleet(), {.xray = true});
  EXPECT_EQ(resource(traced, "MachineStart").at("TracingConfiguration").at("Enabled"), true);
  EXPECT_EQ(resource(traced, "Function").at("TracingConfig").at("Mode"), "Active");
}

TEST(Synth, GivesTheOriginalsCallsTimeToWait) {
  fleet::Fleet fleet = small_fleet();
  EXPECT_EQ(resource(template_of(fleet), "Function").at("Timeout"), 300);
  fleet.classic = {"dev/db"};
  EXPECT_EQ(resource(template_of(fleet), "Function").at("Timeout"), 900);
}

TEST(Synth, LooksInTheCloudNoMoreOftenThanEachLookIsWorth) {
  const auto definition = synthesize(small_fleet()).value().at("definitions/stop.asl.json");
  EXPECT_THAT(definition, HasSubstr(R"("pause": 5)"));
}

/// Environments of two phases, with names as people give them.
fleet::Fleet customers(int count) {
  fleet::Fleet fleet = fleet_of(count);
  fleet.name = "customers";
  for (int i = 0; i < count; ++i) {
    auto& environment = fleet.environments[static_cast<std::size_t>(i)];
    environment.name = fmt::format("customer-{:03}", i);
    environment.phases[0].settle = std::chrono::minutes{10};
  }
  return fleet;
}

TEST(Synth, AHundredAndFortyEnvironmentsOfTwoPhasesFit) {
  const auto files = synthesize(customers(140));
  ASSERT_TRUE(files) << files.error().message;
  for (const auto* action : {"start", "stop"}) {
    EXPECT_LT(files->at(fmt::format("definitions/{}.asl.json", action)).size(), limits::kDefinitionBytes);
  }
}

TEST(Synth, AnEnvironmentOfTwoPhasesTakesAtMost7KilobytesBesideItsSelectors) {
  const auto size_of = [](int count, std::size_t selectors) {
    fleet::Fleet fleet = customers(count);
    for (auto& environment : fleet.environments) {
      environment.phases[0].servers.names = {std::string(selectors, 'x')};
    }
    return json_text(machine::compile(fleet, tasks::Action::start, cloud_options(fleet)).value()).size();
  };
  const std::size_t described =
      json_text(json::value{
                    {"name", "customer-000"},
                    {"region", "us-east-1"},
                    {"phases",
                     {{{"name", "db"}, {"servers", tasks::to_json(tasks::Selector())}, {"timeout", 900}},
                      {{"name", "app"}, {"servers", tasks::to_json(tasks::Selector())}, {"timeout", 900}}}}})
          .size();
  EXPECT_LE((size_of(20, 1) - size_of(10, 1)) / 10 - described, 7 * 1024U);
  EXPECT_LE(size_of(10, 201) - size_of(10, 1), 10 * 200U) << "a selector stands once";
}

TEST(Synth, RefusesWhatStepFunctionsCannotHold) {
  fleet::Fleet crowded = fleet_of(1);
  for (int i = 0; i < 800; ++i) {
    crowded.environments[0].phases.push_back(phase("p" + std::to_string(i), {"s" + std::to_string(i)}));
  }
  const auto events = synthesize(crowded);
  ASSERT_FALSE(events);
  EXPECT_EQ(events.error().code, "TooManyEvents");
  EXPECT_THAT(events.error().message, HasSubstr("25000"));

  const auto bytes = synthesize(customers(200));
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().code, "FleetTooLarge");
  EXPECT_THAT(bytes.error().message, HasSubstr("1048576"));
}

TEST(Synth, EveryTopicThatIsToldOfRunsHearsTheAlarms) {
  fleet::Fleet fleet = small_fleet();
  fleet.notify.push_back({"on-call", "us-east-1", {}});
  fleet.notify.push_back({"warned", "us-east-1", {}});
  fleet.notify.back().on = {fleet::Occasion::warning};
  const auto made = template_of(fleet);
  EXPECT_EQ(resource(made, "FailedAlarmStart").at("AlarmActions").as_array().size(), 2U);
  std::size_t topics = 0;
  for (const auto& [id, one] : made.at("Resources").as_object())
    topics += get_string(one, "Type") == "AWS::SNS::Topic" ? 1 : 0;
  EXPECT_EQ(topics, 3U);
}

TEST(Synth, TheFunctionHasNoVariablesAndNoFilesForSecrets) {
  fleet::Fleet fleet = small_fleet();
  fleet::Notify hook;
  hook.webhook = tasks::Webhook{.url = {tasks::SecretSource::Kind::env, "SLACK"}};
  fleet.notify.push_back(hook);
  EXPECT_EQ(synthesize(fleet).error().code, "NotInCloud");
  EXPECT_THAT(synthesize(fleet).error().message,
              HasSubstr("found the URL of the webhook of the variable SLACK"));
  fleet.notify.back().on = {fleet::Occasion::missed};
  EXPECT_TRUE(synthesize(fleet)) << "of what is missed only a daemon tells";
}

}  // namespace
}  // namespace lamplighter::deploy
