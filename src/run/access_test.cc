#include "run/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/service.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::run {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class AccessTest : public ::testing::Test {
 protected:
  AccessTest() {
    for (const char* name : {"dev", "prod"}) {
      shape_.environments.push_back({{name, "us-east-1", "", {}}, "", {}});
    }
    host_.variables = {{"AWS_PROFILE", "ops"},
                       {"AWS_SECRET_ACCESS_KEY", "hush"},
                       {"AWS_SESSION_TOKEN", "hush"},
                       {"AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1"}};
  }
  Access remembered() {
    Accounts accounts;
    accounts.emplace_back("111111111111");
    accounts.emplace_back(tl::unexpected(Error{ErrorKind::aws, "AccessDenied", "no"}));
    const Access access = access_of(options_, 2.5, host_, shape_, accounts);
    return *read_access(json::object{{kAccess, to_json(access)}});
  }

  machine::Shape shape_;
  aws::FakeHost host_;
  AwsOptions options_{.endpoint_url = "http://127.0.0.1:2", .profile = "", .region = "eu-west-1"};
};

TEST_F(AccessTest, ComesBackFromAnInputAsItWasAndHoldsNoSecret) {
  const Access access = remembered();
  EXPECT_EQ(access.endpoint, "http://127.0.0.1:2");
  EXPECT_EQ(access.region, "eu-west-1");
  EXPECT_EQ(access.speed, 2.5);
  EXPECT_THAT(access.variables,
              ElementsAre(Pair("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1"), Pair("AWS_PROFILE", "ops")));
  EXPECT_THAT(access.accounts, ElementsAre(Pair("dev", "111111111111")));
  EXPECT_THAT(json_text(to_json(access)), Not(HasSubstr("hush")));
  EXPECT_THAT(accounts_in(access, shape_).accounts, ElementsAre("111111111111", ""));
}

TEST_F(AccessTest, AnInputWithoutItRemembersNothing) {
  for (const char* text : {"{}", "5", R"({"access":null})", R"({"access":"x"})"}) {
    EXPECT_FALSE(read_access(*parse_json(text))) << text;
  }
}

TEST_F(AccessTest, GoesOnAsItWasStartedWhateverTheShellSaysNow) {
  const auto options = options_to_go_on("a", remembered(), {});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->endpoint_url, "http://127.0.0.1:2");
  EXPECT_EQ(options->variables.at("AWS_PROFILE"), "ops");
  EXPECT_EQ(options->variables.at("AWS_ENDPOINT_URL"), "") << "another shell's must not count";
  EXPECT_TRUE(options_to_go_on("a", remembered(),
                               {.endpoint_url = "http://127.0.0.1:2", .profile = "ops", .region = ""}));
}

TEST_F(AccessTest, AnotherEndpointIsRefused) {
  const auto options = options_to_go_on("a", remembered(),
                                        {.endpoint_url = "http://127.0.0.1:9", .profile = "", .region = ""});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(
      options.error().message,
      HasSubstr("found --endpoint-url http://127.0.0.1:9, but a was started with http://127.0.0.1:2"));
}

TEST_F(AccessTest, AnotherProfileIsTakenWhereTheAccountCanBeHeldAgainstIt) {
  Access access = remembered();
  EXPECT_EQ(options_to_go_on("a", access, {.endpoint_url = "", .profile = "renamed", .region = ""})->profile,
            "renamed");
  access.accounts.clear();
  EXPECT_FALSE(options_to_go_on("a", access, {.endpoint_url = "", .profile = "renamed", .region = ""}));
}

/// Whatever service it is that has an endpoint of its own: what goes on without it would reach AWS.
TEST_F(AccessTest, TheEndpointOfEveryServiceIsRemembered) {
  for (const aws::Service& service : aws::services()) {
    const std::string name = "AWS_ENDPOINT_URL_" + std::string(service.variable);
    host_.variables = {{name, "http://127.0.0.1:1"}};
    const Access access = remembered();
    EXPECT_THAT(access.variables, ElementsAre(Pair(name, "http://127.0.0.1:1")));
    Access other = access;
    other.variables.clear();
    EXPECT_TRUE(leads_elsewhere(access, other)) << name;
    EXPECT_EQ(options_to_go_on("a", other, {})->variables.at(name), "") << "another shell's must not count";
  }
}

TEST_F(AccessTest, LeadsElsewhereByProfileOrEndpoint) {
  const Access one = remembered();
  EXPECT_FALSE(leads_elsewhere(one, one));
  Access other = one;
  other.accounts.clear();
  other.variables["AWS_REGION"] = "eu-west-2";
  EXPECT_FALSE(leads_elsewhere(one, other));
  other.variables.erase("AWS_ENDPOINT_URL_EC2");
  EXPECT_TRUE(leads_elsewhere(one, other));
  other = one;
  other.profile = "dev";
  EXPECT_TRUE(leads_elsewhere(one, other));
}

TEST(Access, WhoAsksAHolderMustMeanItsWay) {
  const Access held{.profile = "ops", .endpoint = "http://127.0.0.1:1", .region = "", .speed = 60};
  const auto trouble = [&](const Access& given) {
    const auto status = check_same_way(given, held, "lamplighter serve (process 7)");
    return status ? "" : status.error().message;
  };
  EXPECT_EQ(trouble({}), "") << "nothing was said";
  EXPECT_EQ(trouble(held), "");
  EXPECT_EQ(trouble({.profile = "", .endpoint = "", .region = "", .variables = {{"AWS_PROFILE", "ops"}}}),
            "");
  EXPECT_NE(
      trouble({.profile = "other", .endpoint = "", .region = ""})
          .find("found --profile other, but lamplighter serve (process 7) holds the state directory and "
                "works with ops"),
      std::string::npos);
  EXPECT_NE(
      trouble({.profile = "", .endpoint = "", .region = "", .variables = {{"AWS_ENDPOINT_URL", "http://x"}}})
          .find("found --endpoint-url http://x"),
      std::string::npos);
  EXPECT_NE(trouble({.profile = "", .endpoint = "", .region = "", .speed = 2}).find("--speed 2"),
            std::string::npos);
}

}  // namespace
}  // namespace lamplighter::run
