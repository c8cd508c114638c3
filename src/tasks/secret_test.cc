#include "tasks/secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/session.h"
#include "tasks/outside.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;
using testing::Not;

using Kind = SecretSource::Kind;

class Secrets : public testing::Test {
 protected:
  Secrets() {
    aws::SessionOptions options;
    options.credentials = aws::Credentials{"AKIA", "secret", ""};
    session_ = aws::Session::make(options, host_, transport_, clock_).value();
  }
  Result<std::string> of(Kind kind, const std::string& name) {
    return fetch_secret({.caller = *session_, .clock = clock_, .outside = &outside_}, {kind, name},
                        "eu-west-1");
  }

  aws::FakeHost host_;
  aws::FakeTransport transport_;
  Outside outside_{transport_, host_};
  ManualClock clock_;
  std::unique_ptr<aws::Session> session_;
};

TEST_F(Secrets, StandInAVariableOrAFileWithoutTheBlanksAroundThem) {
  host_.variables["HOOK"] = " value\n";
  host_.files["/hook"] = "\r\nvalue\r\n";
  EXPECT_EQ(of(Kind::env, "HOOK").value(), "value");
  EXPECT_EQ(of(Kind::file, "/hook").value(), "value");
  EXPECT_EQ(of(Kind::env, "OTHER").error().message, "the variable OTHER is not set");
  EXPECT_EQ(of(Kind::file, "/other").error().message, "the file /other is not there");
  host_.files["/hook"] = "\n";
  EXPECT_EQ(of(Kind::file, "/hook").error().message, "the file /hook is empty");
  host_.files["/hook"] = std::string(5'000, 'x');
  EXPECT_EQ(of(Kind::file, "/hook").error().message, "the file /hook has more than 4096 bytes");
}

TEST_F(Secrets, AreDecryptedParametersOfSsm) {
  transport_.answer(200, R"({"Parameter": {"Name": "/hook", "Value": "value"}})");
  EXPECT_EQ(of(Kind::ssm, "/hook").value(), "value");
  const auto& request = transport_.requests.front();
  EXPECT_THAT(request.url, HasSubstr("ssm.eu-west-1."));
  EXPECT_EQ(http::header(request.headers, "X-Amz-Target"), "AmazonSSM.GetParameter");
  EXPECT_EQ(request.body, R"({"Name":"/hook","WithDecryption":true})");
}

TEST_F(Secrets, AreInNoError) {
  for (const auto* answer : {R"({"Parameter": {"Value": ["canary"]}})", R"(["canary"])", "canary {"}) {
    transport_.answer(200, answer);
    const auto found = of(Kind::ssm, "/hook");
    ASSERT_FALSE(found) << answer;
    EXPECT_THAT(found.error().message, Not(HasSubstr("canary")));
  }
}

}  // namespace
}  // namespace lamplighter::tasks
