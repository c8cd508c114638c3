#include "run/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/session.h"
#include "tests/support/fake_aws.h"

namespace lamplighter::run {
namespace {

using ::testing::HasSubstr;

constexpr const char* kRole = "arn:aws:iam::222222222222:role/r";

/// Own credentials of account 1…, a role in 2….
class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest() {
    transport_.otherwise = [this](const http::OutgoingRequest& request) { return answer(request); };
    aws::SessionOptions options;
    options.credentials = {"OWN", "s", ""};
    session_ = *aws::Session::make(options, host_, transport_, clock_);
  }

  void add(const std::string& name, const std::string& role, const std::string& account) {
    fleet_.environments.push_back({name, "us-east-1", role, {}, account});
    shape_.environments.push_back({{name, "us-east-1", role, {}}, "", {}});
  }

  [[nodiscard]] Result<http::Response> answer(const http::OutgoingRequest& request) const {
    if (request.body.find("AssumeRole") != std::string::npos) {
      if (!may_assume_) return http::Response{403, {}, "<E><Error><Code>AccessDenied</Code></Error></E>"};
      return http::Response{200,
                            {},
                            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</"
                            "AccessKeyId><SecretAccessKey>s"
                            "</SecretAccessKey><Expiration>2126-11-24T06:00:00Z</Expiration></Credentials>"
                            "</AssumeRoleResult></AssumeRoleResponse>"};
    }
    const bool own = request.signing->credentials.access_key_id == "OWN";
    return http::Response{200,
                          {},
                          std::string("<GetCallerIdentityResponse><GetCallerIdentityResult><Account>") +
                              (own ? "111111111111" : "222222222222") +
                              "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"};
  }
  Status checked() { return check_accounts(*session_, fleet_, shape_); }

  bool may_assume_ = true;
  aws::FakeHost host_;
  aws::FakeTransport transport_;
  ManualClock clock_;
  std::unique_ptr<aws::Session> session_;
  fleet::Fleet fleet_;
  machine::Shape shape_;
};

TEST_F(AccountsTest, EachEnvironmentByItsOwnCredentialsAskedOnceARole) {
  add("dev", "", "111111111111");
  add("test", "", "");
  add("prod", kRole, "222222222222");
  EXPECT_TRUE(checked());
  EXPECT_EQ(session_->counts().at("sts:GetCallerIdentity"), 2U);
  fleet_.environments[1].account = "222222222222";
  const auto error = checked().error();
  EXPECT_EQ(error.kind, ErrorKind::bad_input);
  EXPECT_THAT(error.message, HasSubstr("found account 111111111111 for test, expected 222222222222"));
}

TEST_F(AccountsTest, NothingIsAskedWhereTheFileNamesNoAccount) {
  add("dev", "", "");
  EXPECT_TRUE(checked());
  EXPECT_TRUE(transport_.requests.empty());
}

TEST_F(AccountsTest, AnAccountThatCanNotBeAskedIsAnErrorOnlyWhereItMatters) {
  may_assume_ = false;
  add("dev", "", "111111111111");
  add("prod", kRole, "");
  EXPECT_TRUE(checked());
  fleet_.environments[1].account = "222222222222";
  EXPECT_EQ(checked().error().code, "AccessDenied");
  EXPECT_THAT(checked().error().message, HasSubstr("the account of prod can't be checked"));
}

}  // namespace
}  // namespace lamplighter::run
