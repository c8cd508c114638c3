// From configuration to signed requests: credentials of every source, roles, refresh, retries, counts.
#include "aws/client/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/limited_caller.h"
#include "aws/services/ec2.h"
#include "aws/services/lambda.h"
#include "aws/services/sns.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

std::string role_xml(const std::string& key, Time expires) {
  return "<R><AssumeRoleResult><Credentials><AccessKeyId>" + key +
         "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>" +
         format_time(expires) + "</Expiration></Credentials></AssumeRoleResult></R>";
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    host_.variables = {{"HOME", "/home/a"}, {"AWS_EC2_METADATA_DISABLED", "true"}};
    clock_.set(*parse_time("2026-11-24T06:00:00Z"));
  }

  Session& session() {
    if (!session_) {
      auto made = Session::make(options_, host_, transport_, clock_);
      if (!made) throw std::runtime_error(made.error().message);
      session_ = *std::move(made);
    }
    return *session_;
  }
  void use_keys() {
    host_.variables.insert({{"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "hush-hush"}});
  }
  Result<std::string> call(const Target& target = {"eu-west-1", ""}) {
    return session().call(target, "cloudwatch", "DescribeAlarms", {{"A", "b c/d"}});
  }
  /// The access key that signed the last request.
  [[nodiscard]] std::string signer() const {
    return transport_.requests.back().signing->credentials.access_key_id;
  }

  FakeHost host_;
  FakeTransport transport_;
  ManualClock clock_;
  SessionOptions options_;
  std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, SendsASignedForm) {
  use_keys();
  host_.variables["AWS_SESSION_TOKEN"] = "token";
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_EQ(*call(), "<DescribeAlarmsResponse/>");
  const auto& request = transport_.requests.at(0);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://monitoring.eu-west-1.amazonaws.com/");
  EXPECT_EQ(request.body, "Action=DescribeAlarms&Version=2010-08-01&A=b%20c%2Fd");
  EXPECT_EQ(request.signing->service, "monitoring");
  EXPECT_EQ(request.signing->region, "eu-west-1");
  EXPECT_EQ(request.signing->credentials.session_token, "token");
}

TEST_F(SessionTest, AnAnswerThatIsNotTheCallsIsNone) {
  use_keys();
  for (const std::string body : {"<html><body>Sign in</body></html>", "", "<!DOCTYPE a><a/>", "<!-- only",
                                 "{}", "<DescribeAlarmsResponsible/>", "<StopInstancesResponse/>"}) {
    transport_.answer(200, body);
    const auto answer = call();
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, "InvalidResponse") << body;
    EXPECT_THAT(answer.error().message, HasSubstr("cloudwatch:DescribeAlarms in eu-west-1"));
  }
  for (const std::string body :
       {"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- > --><DescribeAlarmsResponse xmlns=\"x\"/>",
        "<a:DescribeAlarmsResponse xmlns:a=\"x\"/>"}) {
    transport_.answer(200, body);
    EXPECT_TRUE(call()) << body;
  }
}

TEST_F(SessionTest, ResolvesTheRegion) {
  host_.files["/home/a/.aws/config"] = "[default]\nregion = profile-1\n";
  EXPECT_EQ(session().region(), "profile-1");
  session_.reset();
  host_.variables["AWS_DEFAULT_REGION"] = "default-1";
  EXPECT_EQ(session().region(), "default-1");
  session_.reset();
  host_.variables["AWS_REGION"] = "env-1";
  EXPECT_EQ(session().region(), "env-1");
  session_.reset();
  options_.region = "option-1";
  EXPECT_EQ(session().region(), "option-1");
}

TEST_F(SessionTest, WithoutARegionOrCredentialsSaysSo) {
  EXPECT_EQ(call({"", ""}).error().code, "NoRegion");
  EXPECT_EQ(call().error().code, "NoCredentials");
  EXPECT_THAT(transport_.requests, SizeIs(0));
}

TEST_F(SessionTest, AStandInOnThisMachineNeedsNoCredentials) {
  host_.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:5000";
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_EQ(*call(), "<DescribeAlarmsResponse/>");
  EXPECT_EQ(transport_.requests.at(0).signing->service, "monitoring");
}

TEST_F(SessionTest, RetriesAndCounts) {
  use_keys();
  transport_.answer(503,
                    "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>");
  transport_.lose();
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  const auto before = clock_.now();
  EXPECT_TRUE(call());
  EXPECT_GT(clock_.now(), before);
  EXPECT_THAT(session().counts(), ElementsAre(Pair("cloudwatch:DescribeAlarms", 3)));
  EXPECT_THAT(session().throttles(), ElementsAre(Pair("cloudwatch:DescribeAlarms", 1)));
}

TEST_F(SessionTest, GivesUpAfterThreeAttemptsWithTheLastError) {
  use_keys();
  for (int i = 0; i < 4; ++i) transport_.lose("RequestTimeout");
  const auto answer = call();
  EXPECT_EQ(answer.error().code, "RequestTimeout");
  EXPECT_EQ(answer.error().kind, ErrorKind::aws);
  EXPECT_EQ(answer.error().message, "cloudwatch:DescribeAlarms in eu-west-1: lost");
  EXPECT_THAT(transport_.requests, SizeIs(3));
}

TEST_F(SessionTest, WhatMayHaveBeenPublishedIsNotPublishedAgain) {
  use_keys();
  const auto publish = [&] { return Sns(session(), {"eu-west-1", ""}).publish("arn:1", "subject", "body"); };
  transport_.lose("AnswerLost");
  EXPECT_EQ(publish().error().code, "AnswerLost");
  ASSERT_THAT(transport_.requests, SizeIs(1));
  EXPECT_TRUE(transport_.requests[0].once);
  transport_.answer(504, "<html>Gateway Timeout</html>");
  EXPECT_EQ(publish().error().code, "AnswerLost");
  EXPECT_THAT(transport_.requests, SizeIs(2));
  transport_.answer(400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>");
  transport_.answer(
      200, "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>");
  EXPECT_EQ(*publish(), "m") << "what was refused has not been sent";
  EXPECT_THAT(transport_.requests, SizeIs(4));
}

TEST_F(SessionTest, ACallEndsInTimeAndATaskWithItsOwn) {
  use_keys();
  transport_.otherwise = [&](const http::OutgoingRequest& request) -> Result<http::Response> {
    clock_.sleep(request.timeout);  // a dark region
    return fail(ErrorKind::aws, "RequestTimeout", "silent");
  };
  const auto began = clock_.steady();
  const std::chrono::seconds patience{30};
  EXPECT_EQ(session()
                .call({"eu-west-1", "", {&clock_, began + patience}}, "ec2", "DescribeInstances", {})
                .error()
                .code,
            "RequestTimeout");
  EXPECT_LE(clock_.steady() - began, patience);
  LimitedCaller limited(session(), clock_, began + patience + std::chrono::seconds{5});
  EXPECT_FALSE(limited.call({"eu-west-1", ""}, "ec2", "DescribeInstances", {}));
  const auto requests = transport_.requests.size();
  EXPECT_FALSE(limited.call({"eu-west-1", ""}, "ec2", "DescribeInstances", {}));
  EXPECT_EQ(transport_.requests.size(), requests) << "nothing is asked when no time is left";
  EXPECT_EQ(session().call({"eu-west-1", "", {&clock_, began}}, "ec2", "StopInstances", {}).error().code,
            "RequestTimeout");
  EXPECT_EQ(transport_.requests.size(), requests) << "nor by a process that was stopped meanwhile";
  EXPECT_LE(clock_.steady() - began, patience + std::chrono::seconds{5});
}

TEST_F(SessionTest, LackOfCapacityIsNotTriedAgain) {
  use_keys();
  transport_.answer(500,
                    "<Response><Errors><Error><Code>InsufficientInstanceCapacity</Code><Message>m</Message></"
                    "Error></Errors></Response>");
  EXPECT_EQ(Ec2(session(), {"eu-west-1", ""}).start_instances({"i-1"}).error().code,
            "InsufficientInstanceCapacity");
  EXPECT_THAT(transport_.requests, SizeIs(1));
}

TEST_F(SessionTest, ExpiredCredentialsAreNamedWithTheirCodeAndTheRemedy) {
  use_keys();
  const auto message_of = [&](const std::string& code) {
    session_.reset();
    transport_.answer(
        400, "<ErrorResponse><Error><Code>" + code + "</Code><Message>m.</Message></Error></ErrorResponse>");
    return call().error().message;
  };
  for (const char* code : {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}) {
    EXPECT_EQ(message_of(code),
              "cloudwatch:DescribeAlarms in eu-west-1: m. (" + std::string(code) +
                  ": the credentials have expired; renew AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                  "AWS_SESSION_TOKEN)");
  }
  EXPECT_EQ(message_of("AccessDenied"), "cloudwatch:DescribeAlarms in eu-west-1: m.");
  host_.files["/home/a/.aws/credentials"] = "[the ops]\naws_access_key_id = D\naws_secret_access_key = s\n";
  options_.profile = "the ops";
  EXPECT_THAT(message_of("ExpiredToken"), HasSubstr("aws sso login --profile 'the ops'"));
}

TEST_F(SessionTest, AnAttemptTakesTwentySecondsAtMost) {
  use_keys();
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_TRUE(call());
  EXPECT_EQ(transport_.requests.at(0).timeout, std::chrono::seconds(20));
}

TEST_F(SessionTest, NoSecretInAnError) {
  use_keys();
  host_.variables["AWS_SESSION_TOKEN"] = "to/ken==";
  transport_.answer(403,
                    "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>canonical: "
                    "x-amz-security-token:to/ken== hush-hush</Message></Error></ErrorResponse>");
  const auto message = call().error().message;
  EXPECT_THAT(message, HasSubstr("canonical"));
  EXPECT_THAT(message, Not(HasSubstr("to/ken==")));
  EXPECT_THAT(message, Not(HasSubstr("hush-hush")));
}

TEST_F(SessionTest, StaticProfileByNameWinsOverTheEnvironment) {
  use_keys();
  host_.files["/home/a/.aws/credentials"] = "[dev]\naws_access_key_id = DEV\naws_secret_access_key = s\n";
  transport_.otherwise = [](const auto&) { return http::Response{200, {}, "<DescribeAlarmsResponse/>"}; };
  host_.variables["AWS_PROFILE"] = "dev";
  EXPECT_TRUE(call());
  EXPECT_EQ(signer(), "AKIA");
  session_.reset();
  options_.profile = "dev";
  EXPECT_TRUE(call());
  EXPECT_EQ(signer(), "DEV");
}

TEST_F(SessionTest, HalfAKeyPairInTheEnvironmentIsNoReasonToTakeAProfile) {
  host_.files["/home/a/.aws/credentials"] = "[default]\naws_access_key_id = D\naws_secret_access_key = s\n";
  const auto error_with = [&](const std::string& variable) {
    host_.variables[variable] = "half";
    const auto made = Session::make(options_, host_, transport_, clock_);
    host_.variables.erase(variable);
    return made ? Error{} : made.error();
  };
  const auto no_secret = error_with("AWS_ACCESS_KEY_ID");
  EXPECT_EQ(no_secret.kind, ErrorKind::bad_input);
  EXPECT_THAT(no_secret.message, HasSubstr("found AWS_ACCESS_KEY_ID without AWS_SECRET_ACCESS_KEY"));
  EXPECT_THAT(error_with("AWS_SECRET_ACCESS_KEY").message,
              HasSubstr("found AWS_SECRET_ACCESS_KEY without AWS_ACCESS_KEY_ID"));
  options_.profile = "default";  // by name it wins over the environment, whatever that holds
  EXPECT_EQ(error_with("AWS_ACCESS_KEY_ID").message, "");
}

TEST_F(SessionTest, AnUnknownOrBrokenProfileIsBadInput) {
  const auto error_of = [&](const std::string& profile) {
    options_.profile = profile;
    const auto made = Session::make(options_, host_, transport_, clock_);
    EXPECT_FALSE(made);
    EXPECT_EQ(made.error().kind, ErrorKind::bad_input);
    return made.error().message;
  };
  host_.files["/home/a/.aws/config"] =
      "[profile half]\naws_access_key_id = A\n"
      "[profile mfa]\nrole_arn = r\nmfa_serial = m\nsource_profile = half\n"
      "[profile alone]\nrole_arn = r\n"
      "[profile loop1]\nrole_arn = r\nsource_profile = loop2\n"
      "[profile loop2]\nrole_arn = r\nsource_profile = loop1\n"
      "[profile lost]\nrole_arn = r\nsource_profile = nowhere\n";
  EXPECT_THAT(error_of("none"), HasSubstr("no profile \"none\""));
  EXPECT_THAT(error_of("half"), HasSubstr("expected both"));
  EXPECT_THAT(error_of("mfa"), HasSubstr("mfa_serial"));
  EXPECT_THAT(error_of("alone"), HasSubstr("source_profile or credential_source"));
  EXPECT_THAT(error_of("loop1"), HasSubstr("leads back to itself"));
  EXPECT_THAT(error_of("lost"), HasSubstr("\"nowhere\" has no credentials"));
}

TEST_F(SessionTest, RoleProfileAssumesItsRoleOnce) {
  host_.files["/home/a/.aws/config"] =
      "[profile ops]\nrole_arn = arn:aws:iam::1:role/ops\nsource_profile = base\nexternal_id = x1\n"
      "[profile base]\naws_access_key_id = BASE\naws_secret_access_key = s\n";
  options_.profile = "ops";
  transport_.answer(200, role_xml("ASIA", clock_.now() + std::chrono::hours(1)));
  transport_.otherwise = [](const auto&) { return http::Response{200, {}, "<DescribeAlarmsResponse/>"}; };
  EXPECT_TRUE(call());
  EXPECT_TRUE(call());
  ASSERT_THAT(transport_.requests, SizeIs(3));
  EXPECT_EQ(transport_.requests[0].signing->credentials.access_key_id, "BASE");
  EXPECT_THAT(transport_.requests[0].body, HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fops"));
  EXPECT_THAT(transport_.requests[0].body, HasSubstr("ExternalId=x1"));
  EXPECT_EQ(signer(), "ASIA");
}

TEST_F(SessionTest, TargetRolesAreAssumedAndRefreshed) {
  use_keys();
  int assumed = 0;
  bool sts_works = true;
  transport_.otherwise = [&](const http::OutgoingRequest& request) -> Result<http::Response> {
    if (request.signing->service != "sts") return http::Response{200, {}, "<DescribeAlarmsResponse/>"};
    if (!sts_works) {
      return http::Response{
          403, {}, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"};
    }
    ++assumed;
    return http::Response{
        200, {}, role_xml("ASIA" + std::to_string(assumed), clock_.now() + std::chrono::hours(1))};
  };
  const Target target{"eu-west-1", "arn:aws:iam::2:role/r"};
  EXPECT_TRUE(call(target));
  EXPECT_EQ(signer(), "ASIA1");
  clock_.sleep(std::chrono::minutes(44));
  EXPECT_TRUE(call(target));
  EXPECT_EQ(signer(), "ASIA1");
  clock_.sleep(std::chrono::minutes(2));  // within 15 minutes of the end: refreshed
  EXPECT_TRUE(call(target));
  EXPECT_EQ(signer(), "ASIA2");
  sts_works = false;
  clock_.sleep(std::chrono::minutes(48));  // a refresh that fails is tolerated …
  EXPECT_TRUE(call(target));
  EXPECT_EQ(signer(), "ASIA2");
  clock_.sleep(std::chrono::minutes(3));  // … until 10 minutes before the end
  EXPECT_EQ(call(target).error().code, "AccessDenied");
  EXPECT_TRUE(call({"eu-west-1", ""}));
  EXPECT_EQ(signer(), "AKIA");
  EXPECT_EQ(session().counts().at("sts:AssumeRole"), 4U);
}

TEST_F(SessionTest, CredentialProcess) {
  host_.files["/home/a/.aws/config"] = "[default]\ncredential_process = /bin/give me\n";
  host_.programs["/bin/give me"] =
      R"({"Version": 1, "AccessKeyId": "PROC", "SecretAccessKey": "s", "SessionToken": "t"})";
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_TRUE(call());
  EXPECT_EQ(signer(), "PROC");
  session_.reset();
  host_.programs["/bin/give me"] = "hush-hush";
  const auto error = call().error();
  EXPECT_EQ(error.code, "InvalidCredentials");
  EXPECT_THAT(error.message, Not(HasSubstr("hush-hush")));
}

TEST_F(SessionTest, SignInBySso) {
  host_.files["/home/a/.aws/config"] =
      "[default]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = Op s\n"
      "[sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n";
  EXPECT_THAT(call().error().message, HasSubstr("aws sso login --profile default"));
  session_.reset();
  const std::string cached =
      "/home/a/.aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json";  // SHA-1 of "work"
  host_.files[cached] = R"({"accessToken":"sso-token","expiresAt":"2026-11-24T07:00:00Z"})";
  transport_.answer(200,
                    R"({"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t",)"
                    R"("expiration":1795506000000}})");
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  const auto answer = call();
  EXPECT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(transport_.requests[0].url,
            "https://portal.sso.eu-west-1.amazonaws.com/federation/"
            "credentials?account_id=123456789012&role_name=Op%20s");
  EXPECT_EQ(http::header(transport_.requests[0].headers, "x-amz-sso_bearer_token"), "sso-token");
  EXPECT_EQ(signer(), "SSO");
  session_.reset();
  host_.files[cached] = R"({"accessToken":"sso-token","expiresAt":"2026-11-24T05:00:00Z"})";
  EXPECT_THAT(call().error().message, HasSubstr("has ended"));
  session_.reset();
  host_.files[cached] = R"({"accessToken":"sso-token","expiresAt":"2026-11-24T07:00:00Z"})";
  transport_.answer(401, R"({"message":"Session token not found"})",
                    {{"x-amzn-ErrorType", "UnauthorizedException"}});
  EXPECT_EQ(
      call().error().message,
      "the sign-in is not accepted any more (UnauthorizedException): run aws sso login --profile default");
}

TEST_F(SessionTest, WebIdentityFromTheEnvironment) {
  host_.variables.insert({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"}, {"AWS_ROLE_ARN", "arn:role"}});
  host_.files["/token"] = "jwt";
  transport_.answer(
      200,
      "<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>WEB</AccessKeyId><SecretAccessKey>s"
      "</SecretAccessKey><Expiration>2026-11-24T07:00:00Z</Expiration></Credentials>"
      "</AssumeRoleWithWebIdentityResult></R>");
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_TRUE(call());
  EXPECT_FALSE(transport_.requests[0].signing);
  EXPECT_THAT(transport_.requests[0].body, HasSubstr("WebIdentityToken=jwt"));
  EXPECT_EQ(signer(), "WEB");
}

TEST_F(SessionTest, ContainerEndpoint) {
  host_.variables.insert({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1"},
                          {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}});
  host_.files["/token"] = "secret-token\n";
  transport_.answer(500, "");
  transport_.answer(
      200, R"({"AccessKeyId":"BOX","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-24T07:00:00Z"})");
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_TRUE(call());
  EXPECT_EQ(transport_.requests[1].url, "http://169.254.170.23/v1");
  EXPECT_EQ(http::header(transport_.requests[1].headers, "authorization"), "secret-token");
  EXPECT_EQ(signer(), "BOX");
  session_.reset();
  for (const char* uri :
       {"http://evil.example.com/", "http://169.254.170.23.evil.example.com/", "http://localhost:1@evil/"}) {
    host_.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = uri;
    session_.reset();
    EXPECT_EQ(call().error().code, "InvalidCredentials") << uri;
  }
}

TEST_F(SessionTest, InstanceMetadataVersionTwo) {
  host_.variables.erase("AWS_EC2_METADATA_DISABLED");
  transport_.answer(200, "imds-token");
  transport_.answer(200, "my-role\n");
  transport_.answer(
      200,
      R"({"Code":"Success","AccessKeyId":"EC2","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-24T12:00:00Z"})");
  transport_.answer(200, "<DescribeAlarmsResponse/>");
  EXPECT_TRUE(call());
  EXPECT_EQ(transport_.requests[0].method, "PUT");
  EXPECT_EQ(transport_.requests[2].url,
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/my-role");
  EXPECT_EQ(http::header(transport_.requests[2].headers, "x-aws-ec2-metadata-token"), "imds-token");
  EXPECT_EQ(signer(), "EC2");
}

TEST_F(SessionTest, LambdaIsInvokedByName) {
  use_keys();
  transport_.answer(200, R"({"errorType":"Boom"})",
                    {{"X-Amz-Function-Error", "Unhandled"}, {"X-Amz-Executed-Version", "3"}});
  const auto answer =
      Lambda(session(), {"us-east-1", ""})
          .invoke("arn:aws:lambda:eu-west-1:1:function:start-stop:live", R"({"task":"report"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->function_error, "Unhandled");
  EXPECT_EQ(answer->executed_version, "3");
  EXPECT_EQ(answer->payload, R"({"errorType":"Boom"})");
  const auto& request = transport_.requests.at(0);
  EXPECT_EQ(
      request.url,
      "https://lambda.eu-west-1.amazonaws.com/2015-03-31/functions/start-stop/invocations?Qualifier=live");
  EXPECT_EQ(request.body, R"({"task":"report"})");
  EXPECT_EQ(request.signing->service, "lambda");
}

TEST_F(SessionTest, LambdaErrorsKeepTheirName) {
  use_keys();
  transport_.answer(404, R"({"Type":"User","Message":"Function not found"})",
                    {{"x-amzn-ErrorType", "ResourceNotFoundException"}});
  EXPECT_EQ(Lambda(session(), {"us-east-1", ""}).invoke("gone", "{}").error().code,
            "ResourceNotFoundException");
  for (const char* name : {"", "a/b", "a b", "arn:aws:sns:x:1:function:y", "name:$(x)"}) {
    EXPECT_EQ(Lambda(session(), {"us-east-1", ""}).invoke(name, "{}").error().code, "InvalidFunctionName")
        << name;
  }
}

}  // namespace
}  // namespace lamplighter::aws
