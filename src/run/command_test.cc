#include "run/command.h"

#include <gtest/gtest.h>

#include "tests/support/fake_aws.h"

namespace lamplighter::run {
namespace {

TEST(CommandText, HasWhatWasGivenAndNoMore) {
  EXPECT_EQ(command_text({.verb = "resume"}, aws::FakeHost()), "lamplighter resume");
  Command all{.verb = "start",
              .arguments = {"dev", "test"},
              .file = "fleet.yaml",
              .region = "eu-west-1",
              .state_dir = "/var/lib/l",
              .speed = 60};
  all.aws = AwsOptions{.endpoint_url = "http://127.0.0.1:4566", .profile = "ops", .region = ""};
  EXPECT_EQ(command_text(all, aws::FakeHost()),
            "lamplighter start dev test --file fleet.yaml --region eu-west-1 --profile ops --endpoint-url "
            "http://127.0.0.1:4566 --state-dir /var/lib/l --speed 60");
}

TEST(CommandText, WhatAShellWouldReadOtherwiseIsQuoted) {
  EXPECT_EQ(command_text({.verb = "start", .file = "-my fleet.yaml"}, aws::FakeHost()),
            "lamplighter start --file='-my fleet.yaml'");
}

TEST(CommandText, VariablesStandForTheOptionsThatWereNotGiven) {
  aws::FakeHost host;
  host.variables = {
      {"AWS_PROFILE", "my ops"}, {"AWS_ENDPOINT_URL", "http://h:1"}, {"XDG_STATE_HOME", "/state"}};
  EXPECT_EQ(command_text({.verb = "start", .aws = AwsOptions()}, host),
            "AWS_PROFILE='my ops' AWS_ENDPOINT_URL=http://h:1 XDG_STATE_HOME=/state lamplighter start");
  Command given{.verb = "resume", .state_dir = "s"};
  given.aws = AwsOptions{.endpoint_url = "", .profile = "ops", .region = ""};
  EXPECT_EQ(command_text(given, host),
            "AWS_ENDPOINT_URL=http://h:1 lamplighter resume --profile ops --state-dir s");
}

TEST(CommandText, AFileThatCameFromStandardInputIsAskedForAgain) {
  EXPECT_EQ(command_text({.verb = "start", .file = "-"}, aws::FakeHost()),
            "lamplighter start --file - < FLEET_FILE");
}

/// Pasted into another shell without them, it would reach AWS itself.
TEST(CommandText, AServicesOwnEndpointStandsForTheOptionToo) {
  aws::FakeHost host;
  host.variables = {{"AWS_ENDPOINT_URL_EC2", "http://h:1"}, {"AWS_ENDPOINT_URL_DYNAMODB", "http://h:2"}};
  EXPECT_EQ(command_text({.verb = "start", .aws = AwsOptions()}, host),
            "AWS_ENDPOINT_URL_EC2=http://h:1 AWS_ENDPOINT_URL_DYNAMODB=http://h:2 lamplighter start");
  Command given{.verb = "start"};
  given.aws = AwsOptions{.endpoint_url = "http://h:3", .profile = "", .region = ""};
  EXPECT_EQ(command_text(given, host), "lamplighter start --endpoint-url http://h:3");
}

TEST(CommandText, WhatAnExecutionRemembersIsNotRepeated) {
  aws::FakeHost host;
  host.variables = {{"AWS_PROFILE", "ops"}, {"AWS_ENDPOINT_URL", "http://h:1"}, {"XDG_STATE_HOME", "/state"}};
  EXPECT_EQ(command_text({.verb = "resume", .arguments = {"start-1"}}, host),
            "XDG_STATE_HOME=/state lamplighter resume start-1");
}

}  // namespace
}  // namespace lamplighter::run
