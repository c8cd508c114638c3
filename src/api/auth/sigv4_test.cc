#include "api/auth/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::api {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;

const KeyPair key_pair{"LAMPABCDEFGHIJKLMNOP", "secretsecretsecretsecretsecretsecret1234"};
const Time signed_at = *parse_time("2026-11-24T06:00:00Z");

/// Signed by botocore 1.43 with key_pair at signed_at.
http::Request signed_post() {
  return {"POST",
          "/",
          {{"Host", "127.0.0.1:8083"},
           {"X-Amz-Target", "AWSStepFunctions.ListStateMachines"},
           {"Content-Type", "application/x-amz-json-1.0"},
           {"User-Agent", "not signed"},
           {"X-Amz-Date", "20261124T060000Z"},
           {"Authorization",
            "AWS4-HMAC-SHA256 Credential=LAMPABCDEFGHIJKLMNOP/20261124/us-east-1/states/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
            "Signature=9c686f44107fa2d64fa3e8f1c42f608a909f6f76648552097995e042545812b6"}},
          "{}"};
}

std::string code_of(const http::Request& request, Time now = signed_at, std::string_view service = "states") {
  const auto status = verify_signature(request, key_pair, service, now);
  return status ? "" : status.error().code;
}

std::string& value_of(http::Request& request, std::string_view name) {
  for (auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return request.headers.emplace_back(name, "").second;
}

void replace(std::string& text, std::string_view from, std::string_view to) {
  text.replace(text.find(from), from.size(), to);
}

TEST(SigV4, AcceptsWhatBotocoreSigned) { EXPECT_EQ(code_of(signed_post()), ""); }

TEST(SigV4, AcceptsQueriesPathsAndBlanksAsBotocoreSignsThem) {
  const http::Request request{
      "GET",
      "/a%20b/c?b=2&a=x%20y&flag",
      {{"Host", "127.0.0.1:8083"},
       {"X-Note", "  two   blanks "},
       {"X-Amz-Date", "20261124T060000Z"},
       {"Authorization",
        "AWS4-HMAC-SHA256 Credential=LAMPABCDEFGHIJKLMNOP/20261124/us-east-1/states/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-note, "
        "Signature=8a36cacfe5d9d82db954bfb3d49b5b825eb46f5c8a7af5982d79b3d4e0a243a0"}},
      ""};
  EXPECT_EQ(code_of(request), "");
}

TEST(SigV4, RefusesAnythingChangedAfterSigning) {
  auto body = signed_post();
  body.body = "{ }";
  EXPECT_EQ(code_of(body), "InvalidSignatureException");
  auto target = signed_post();
  value_of(target, "X-Amz-Target") = "AWSStepFunctions.DeleteStateMachine";
  EXPECT_EQ(code_of(target), "InvalidSignatureException");
  auto host = signed_post();
  value_of(host, "Host") = "other";
  EXPECT_EQ(code_of(host), "InvalidSignatureException");
  auto path = signed_post();
  path.url = "/other";
  EXPECT_EQ(code_of(path), "InvalidSignatureException");
  auto signature = signed_post();
  replace(value_of(signature, "Authorization"), "Signature=9c", "Signature=9d");
  EXPECT_EQ(code_of(signature), "InvalidSignatureException");
}

TEST(SigV4, RefusesUnsignedRequests) {
  auto request = signed_post();
  value_of(request, "Authorization") = "";
  EXPECT_EQ(code_of(request), "MissingAuthenticationTokenException");
}

TEST(SigV4, RefusesAnotherKey) {
  auto request = signed_post();
  replace(value_of(request, "Authorization"), "LAMPABC", "LAMPXYZ");
  EXPECT_EQ(code_of(request), "UnrecognizedClientException");
}

TEST(SigV4, AllowsAQuarterOfAnHourOfSkewAndNoMore) {
  EXPECT_EQ(code_of(signed_post(), signed_at + minutes(15)), "");
  EXPECT_EQ(code_of(signed_post(), signed_at - minutes(15)), "");
  EXPECT_EQ(code_of(signed_post(), signed_at + minutes(16)), "InvalidSignatureException");
  EXPECT_EQ(code_of(signed_post(), signed_at - minutes(16)), "InvalidSignatureException");
}

TEST(SigV4, RefusesAnotherService) {
  EXPECT_EQ(code_of(signed_post(), signed_at, "lambda"), "InvalidSignatureException");
}

TEST(SigV4, HostAndEveryAmzHeaderMustBeSigned) {
  auto added = signed_post();
  value_of(added, "X-Amz-Security-Token") = "x";
  const auto status = verify_signature(added, key_pair, "states", signed_at);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("'x-amz-security-token' must be a signed header"));
  auto hostless = signed_post();
  replace(value_of(hostless, "Authorization"), "host;", "");
  EXPECT_EQ(code_of(hostless), "InvalidSignatureException");
}

TEST(SigV4, RefusesMalformedHeaders) {
  for (const auto* value :
       {"Basic abc", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b", "AWS4-HMAC-SHA256 ,,,=,",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Signature=0"}) {
    auto request = signed_post();
    value_of(request, "Authorization") = value;
    EXPECT_EQ(code_of(request), "IncompleteSignatureException") << value;
  }
  for (const auto* date : {"", "20261124T0600", "20261124 060000Z", "99999999T999999Z"}) {
    auto request = signed_post();
    value_of(request, "X-Amz-Date") = date;
    EXPECT_NE(code_of(request), "") << date;
  }
}

TEST(SigV4, AHeaderAloneShowsTheKeyAndTheDate) {
  const auto code = [](const http::Request& header, Time now) {
    const auto status = verify_header(header, key_pair, "states", now);
    return status ? "" : status.error().code;
  };
  auto header = signed_post();
  header.body.clear();
  EXPECT_EQ(code(header, signed_at), "");
  EXPECT_EQ(code(header, signed_at + minutes(16)), "InvalidSignatureException");
  replace(value_of(header, "Authorization"), "LAMP", "OTHE");
  EXPECT_EQ(code(header, signed_at), "UnrecognizedClientException");
}

TEST(SigV4, ADeclaredBodyHashIsVerifiedBeforeTheBodyCame) {
  auto header = signed_post();
  header.body.clear();
  value_of(header, "X-Amz-Content-Sha256") = std::string(64, '0');
  replace(value_of(header, "Authorization"), "host;", "host;x-amz-content-sha256;");
  EXPECT_EQ(verify_header(header, key_pair, "states", signed_at).error().code, "InvalidSignatureException");
}

}  // namespace
}  // namespace lamplighter::api
