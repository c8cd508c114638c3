// What is known to fail is found before the first change: survey and admit over the same count.
#include "tasks/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tasks/protocol/survey.h"
#include "tests/support/fake_cloud.h"
#include "tests/support/partly_dark.h"

namespace lamplighter::tasks {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

DescribedEnvironment environment(const std::string& name, const Selector& db, const Selector& app) {
  return {
      name, "us-east-1", "", {{"db", db, std::chrono::minutes{15}}, {"app", app, std::chrono::minutes{15}}}};
}
Selector named(const std::vector<std::string>& names) { return {names, {}, {}}; }
Selector tagged(const std::string& key, const std::string& value) { return {{}, {}, {{{key, value}}}}; }

class SurveyTask : public testing::Test {
 protected:
  SurveyAnswer survey() {
    payload_.fleet = "fleet";
    const auto answer = run_task({cloud_, clock_}, to_json(payload_));
    EXPECT_TRUE(answer) << answer.error().message;
    EXPECT_THAT(cloud_.calls, Each(Not(MatchesRegex("^(Start|Stop|Enable|Disable|Tag|Untag|Publish).*"))));
    return read_survey_answer(answer.value_or(json::value())).value();
  }
  /// "run", or "halted db: …".
  std::string verdict(const std::string& name) {
    for (const auto& environment : survey().environments) {
      if (environment.name != name) continue;
      const std::string word(to_string(environment.verdict));
      return environment.reason.empty() ? word : word + " " + environment.phase + ": " + environment.reason;
    }
    return "";
  }

  FakeCloud cloud_;
  ManualClock clock_;
  SurveyPayload payload_;
};

TEST_F(SurveyTask, WarnsOfCalendarsThatEndAndRefusesAMistakeInThem) {
  for (const auto* name : {"a", "b"}) cloud_.add(name, "stopped");
  payload_.environments = {environment("dev", named({"a"}), named({"b"}))};
  payload_.input = parse_json(R"({"occurrence":{"schedule":"mornings","due":"2026-12-25T06:00:00Z"},
      "calendar":{"timezone":"UTC","until":"2028-11-30","except":{"holidays":["2026-12-25"]}}})")
                       .value();
  EXPECT_THAT(survey().warnings, testing::IsEmpty());
  payload_.input.at("calendar").as_object()["until"] = "2026-12-24";
  EXPECT_THAT(survey().warnings, testing::ElementsAre(HasSubstr("known until 2026-12-24 only")));
  payload_.input.at("calendar").as_object()["until"] = "soon";
  const auto refused = run_task({cloud_, clock_}, to_json(payload_));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("input.calendar.until: found \"soon\""));
}

TEST_F(SurveyTask, TheInputChooses) {
  for (const auto* name : {"a", "b", "c", "d"}) cloud_.add(name, "stopped");
  payload_.environments = {environment("dev", named({"a"}), named({"b"})),
                           environment("test", named({"c"}), named({"d"}))};
  EXPECT_EQ(verdict("dev"), "run");
  EXPECT_EQ(verdict("test"), "run");
  payload_.chosen = {"test"};
  EXPECT_EQ(verdict("dev"), "skipped");
  EXPECT_EQ(verdict("test"), "run");
  payload_.chosen = {"prod"};
  const auto answer = run_task({cloud_, clock_}, to_json(payload_));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "the input's environments: found \"prod\", expected one of dev, test");
}

TEST_F(SurveyTask, WhatIsMissingHaltsItsEnvironmentAndNoOther) {
  for (const auto* name : {"a", "c", "d"}) cloud_.add(name, "running");
  payload_.action = Action::stop;
  payload_.environments = {environment("dev", named({"a"}), named({"ghost"})),
                           environment("test", named({"c"}), named({"d"}))};
  EXPECT_EQ(verdict("dev"), "halted app: ghost: no server is called ghost");
  EXPECT_EQ(verdict("test"), "run");
}

TEST_F(SurveyTask, AServerInTwoPhasesHaltsBothEnvironmentsAndNamesBothPlaces) {
  cloud_.add("a", "running").tags["Tier"] = "shared";
  for (const auto* name : {"b", "c", "d", "e"}) cloud_.add(name, "running");
  payload_.environments = {environment("dev", named({"a"}), named({"b"})),
                           environment("test", named({"c"}), tagged("Tier", "shared")),
                           environment("prod", named({"d"}), named({"e"}))};
  const std::string words = "a: is in dev db and in test app: a server can be in one phase only";
  EXPECT_EQ(verdict("dev"), "halted db: " + words);
  EXPECT_EQ(verdict("test"), "halted app: " + words);
  EXPECT_EQ(verdict("prod"), "run");
  payload_.chosen = {"dev"};
  EXPECT_EQ(verdict("dev"), "halted db: " + words) << "also where the other one was not chosen";
  EXPECT_EQ(verdict("test"), "skipped");
}

TEST_F(SurveyTask, TwoPhasesOfOneEnvironmentOverlapToo) {
  cloud_.add("a", "running");
  payload_.environments = {environment("dev", named({"a"}), {{}, {cloud_.named("a").id}, {}})};
  EXPECT_THAT(verdict("dev"), HasSubstr("is in dev db and in dev app"));
}

TEST_F(SurveyTask, EnvironmentsOfOtherRegionsAreCountedToo) {
  cloud_.add("a", "running");
  payload_.environments = {environment("dev", named({"a"}), named({"a"})),
                           environment("eu", named({"ghost"}), named({"a"}))};
  payload_.environments[1].region = "eu-west-1";
  EXPECT_THAT(verdict("eu"), HasSubstr("no server is called ghost"));
}

TEST_F(SurveyTask, MembersOfGroupsAreLeftAlone) {
  struct Case {
    std::string key;
    std::string value;
    std::string words;
  };
  for (const auto& [key, value, words] :
       std::vector<Case>{{"aws:autoscaling:groupName", "web", "belongs to the Auto Scaling group web"},
                         {"AmazonECSManaged", "", "belongs to an ECS capacity provider"},
                         {"eks:nodegroup-name", "ng", "belongs to the EKS node group ng"},
                         {"kubernetes.io/cluster/k8s", "owned", "belongs to the Kubernetes cluster k8s"},
                         {"AWSBatchServiceTag", "batch", "belongs to an AWS Batch compute environment"},
                         {"aws:ec2:fleet-id", "fleet-1", "belongs to the EC2 Fleet fleet-1"}}) {
    cloud_ = FakeCloud();
    cloud_.add("own", "running").tags["Tier"] = "app";
    cloud_.add("member", "running").tags = {{"Name", "member"}, {"Tier", "app"}, {key, value}};
    cloud_.add("other", "running");
    payload_.environments = {environment("dev", named({"other"}), tagged("Tier", "app"))};
    EXPECT_EQ(verdict("dev"), "run") << key << ": beside servers of its own it is only left alone";
    const auto answer = run_task({cloud_, clock_}, admit_payload("stop", tagged("Tier", "app"))).value();
    const auto members = read_admit_answer(answer).value().members.at("db");
    EXPECT_EQ(members.ids(), std::vector<std::string>{cloud_.named("own").id}) << key;
    EXPECT_EQ(members.left_alone.at(words), std::vector<std::string>{cloud_.named("member").id}) << key;
    payload_.environments = {environment("dev", named({"other"}), named({"member", "own"}))};
    EXPECT_EQ(verdict("dev"), "halted app: member: " + words + ", and is left alone");
    cloud_.named("own").tags.erase("Tier");
    payload_.environments = {environment("dev", named({"other"}), tagged("Tier", "app"))};
    EXPECT_EQ(verdict("dev"), "halted app: member: " + words + ", and is left alone") << "it has no other";
  }
}

TEST_F(SurveyTask, AClusterThatOnlySharesAServerDoesNotOwnIt) {
  cloud_.add("a", "running").tags["kubernetes.io/cluster/k8s"] = "shared";
  cloud_.add("b", "running");
  payload_.environments = {environment("dev", named({"a"}), named({"b"}))};
  EXPECT_EQ(verdict("dev"), "run");
}

TEST_F(SurveyTask, APlaceThatCannotBeAskedForNowMayRun) {
  cloud_.add("a", "running");
  cloud_.add("b", "running");
  payload_.environments = {environment("dev", named({"a"}), named({"b"})),
                           environment("eu", named({"a"}), named({"b"}))};
  payload_.environments[1].region = "eu-west-1";
  PartlyDark caller(cloud_, clock_);
  caller.dark = "eu";
  const auto answer = read_survey_answer(run_task({caller, clock_}, to_json(payload_)).value()).value();
  EXPECT_EQ(answer.environments[1].verdict, Verdict::run) << "its admission tries again";
}

TEST_F(SurveyTask, WhereNoPlaceAnswersThereIsNothingToDoYet) {
  payload_.environments = {environment("dev", named({"a"}), named({"b"}))};
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "ConnectionError", "nobody is there"};
  const auto answer = run_task({cloud_, clock_}, to_json(payload_));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ConnectionError") << "the machine asks again";
}

TEST_F(SurveyTask, APlaceThatRefusesIsHalted) {
  payload_.environments = {environment("dev", named({"a"}), named({"b"}))};
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "UnauthorizedOperation", "not you"};
  EXPECT_EQ(verdict("dev"), "halted : UnauthorizedOperation: not you");
}

TEST_F(SurveyTask, AnEnvironmentOfAnotherAccountIsHaltedAndNoOther) {
  for (const auto* name : {"a", "b", "c", "d"}) cloud_.add(name, "stopped");
  payload_.environments = {environment("dev", named({"a"}), named({"b"})),
                           environment("test", named({"c"}), named({"d"}))};
  EXPECT_EQ(verdict("dev"), "run");
  EXPECT_TRUE(cloud_.calls_of("GetCallerIdentity").empty()) << "nobody said an account";
  payload_.environments[0].account = FakeCloud::kAccount;
  payload_.environments[1].account = "999999999999";
  EXPECT_EQ(verdict("dev"), "run");
  EXPECT_EQ(verdict("test"),
            fmt::format("halted : nothing was changed: found account {} for test, expected 999999999999 as "
                        "the fleet file says",
                        FakeCloud::kAccount));
}

/// An account that survey could not ask for.
TEST_F(SurveyTask, AdmissionIsOnlyToTheAccountThatTheFileSays) {
  cloud_.add("a", "stopped");
  cloud_.add("b", "stopped");
  AdmitPayload task{Action::start, "fleet", environment("dev", named({"a"}), named({"b"})), "e"};
  const auto admitted = [&] { return run_task({cloud_, clock_}, to_json(task)); };
  task.environment.account = FakeCloud::kAccount;
  EXPECT_EQ(read_admit_answer(admitted().value()).value().status, Admission::run);
  task.environment.account = "999999999999";
  const auto halted = read_admit_answer(admitted().value()).value();
  EXPECT_EQ(halted.status, Admission::halted);
  EXPECT_THAT(halted.reason, HasSubstr("expected 999999999999"));
  cloud_.errors["GetCallerIdentity"] = {ErrorKind::aws, "RequestTimeout", "it is silent"};
  EXPECT_EQ(admitted().error().code, "RequestTimeout") << "the machine asks again";
}

TEST_F(SurveyTask, TheFewerPhasesTheMoreLooks) {
  for (int i = 0; i < 200; ++i) {
    const std::string name = "e" + std::to_string(i);
    cloud_.add(name + "d", "stopped");
    cloud_.add(name + "a", "stopped");
    payload_.environments.push_back(environment(name, named({name + "d"}), named({name + "a"})));
  }
  const int all = survey().looks;
  EXPECT_GE(all, 4);
  EXPECT_LT(all, 10);
  payload_.chosen = {"e1"};
  EXPECT_EQ(survey().looks, 200);
}

TEST_F(SurveyTask, MoreThanOneExecutionCanCarryIsSaidBeforeAnythingIsDone) {
  for (int i = 0; i < 14'000; ++i) cloud_.add("s" + std::to_string(i), "stopped").tags["Tier"] = "db";
  cloud_.add("app", "stopped");
  payload_.environments = {environment("dev", tagged("Tier", "db"), named({"app"}))};
  EXPECT_THAT(verdict("dev"), HasSubstr("14001 servers take"));
  EXPECT_THAT(verdict("dev"), HasSubstr("run fewer environments at once"));
}

}  // namespace
}  // namespace lamplighter::tasks
