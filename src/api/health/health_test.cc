#include "api/health/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lamplighter::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

http::Request get(std::string url, http::Headers headers = {{"Host", "127.0.0.1:8083"}}) {
  return {"GET", std::move(url), std::move(headers), ""};
}

class HealthTest : public testing::Test {
 protected:
  Health health(std::optional<std::string> token = std::nullopt) {
    return {std::move(token),
            {[this] { return hanging_; }, [this] { return unready_; }, [] { return "a 1\n"; }}};
  }
  std::vector<std::string> hanging_;
  std::vector<std::string> unready_;
};

TEST_F(HealthTest, SaysThatAllIsWell) {
  EXPECT_EQ(health().handle(get("/healthz")).status, 200);
  EXPECT_EQ(health().handle(get("/readyz")).body, "ok\n");
  const auto metrics = health().handle(get("/metrics?x=1"));
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.body, "a 1\n");
  EXPECT_THAT(std::string(http::header(metrics.headers, "content-type")),
              StartsWith("text/plain; version=0.0.4"));
}

TEST_F(HealthTest, SaysWhatIsWrongALineEach) {
  unready_ = {"the disk is full", "it\nends"};
  const auto answer = health().handle(get("/readyz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, "the disk is full\nit ends\n");
  EXPECT_EQ(health().handle(get("/healthz")).status, 200) << "it is alive all the same";
  hanging_ = {"the engine"};
  EXPECT_EQ(health().handle(get("/healthz")).status, 503);
}

TEST_F(HealthTest, KnowsThreePathsAndTwoMethods) {
  for (const char* path : {"/", "/metrics/", "/metricsx", "//metrics", "/healthz/x", "/%6detrics", ""})
    EXPECT_EQ(health().handle(get(path)).status, 404) << path;
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"}) {
    auto request = get("/metrics");
    request.method = method;
    const auto refused = health().refuse(request);
    ASSERT_TRUE(refused) << "before its body is read";
    EXPECT_EQ(refused->status, 405) << method;
    EXPECT_EQ(http::header(refused->headers, "allow"), "GET, HEAD");
  }
  auto head = get("/healthz");
  head.method = "HEAD";
  EXPECT_EQ(health().handle(head).status, 200);
}

/// A web page whose own name was made to lead to this machine.
TEST_F(HealthTest, OnLoopbackAForeignNameFindsNothing) {
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "", "localhost.evil:80"})
    EXPECT_EQ(health().handle(get("/metrics", {{"Host", host}})).status, 404) << host;
  EXPECT_EQ(health().handle(get("/metrics", {{"Host", "localhost"}})).status, 200);
}

TEST_F(HealthTest, ElsewhereTheTokenIsAskedFor) {
  const Health guarded = health("secret+/0");
  const auto with = [&](const char* authorization) {
    return guarded.handle(get("/metrics", {{"Host", "10.0.0.1"}, {"Authorization", authorization}}));
  };
  EXPECT_EQ(with("Bearer secret+/0").status, 200);
  for (const char* wrong :
       {"", "Bearer", "Bearer ", "Bearer secret+/", "Bearer secret+/00", "Basic secret+/0", "secret+/0"}) {
    const auto refused = with(wrong);
    EXPECT_EQ(refused.status, 401) << wrong;
    EXPECT_EQ(http::header(refused.headers, "www-authenticate"), "Bearer");
    EXPECT_THAT(refused.body, testing::Not(HasSubstr("secret")));
  }
  EXPECT_EQ(guarded.handle(get("/healthz")).status, 401) << "also by a loopback name";
}

TEST(HealthToken, IsMadeOnceAndForItsOwnerOnly) {
  std::string name = testing::TempDir() + "lamplighter-token-XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const auto first = load_or_make_health_token(name);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->size(), 44U);
  EXPECT_EQ(*load_or_make_health_token(name), *first);
  struct stat info {};
  ASSERT_EQ(::stat(health_token_file(name).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  ::chmod(health_token_file(name).c_str(), 0644);
  EXPECT_EQ(load_or_make_health_token(name).error().code, "UnsafeKeyFile");
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace lamplighter::api
