#include "api/auth/door.h"

#include <gtest/gtest.h>

namespace lamplighter::api {
namespace {

bool lets_in(const http::Headers& headers) {
  const SystemClock clock;
  const Door door(std::nullopt, clock);
  http::Request request;
  request.method = "POST";
  request.headers = headers;
  return door.check(request, "states").has_value() && door.check_header(request, "states").has_value();
}

TEST(Door, WithoutAuthenticationALoopbackNameIsAsked) {
  EXPECT_TRUE(lets_in({{"Host", "localhost:8083"}}));
  EXPECT_TRUE(lets_in({{"Host", "127.0.0.1:8083"}}));
  EXPECT_FALSE(lets_in({{"Host", "rebound.example:8083"}}));
  EXPECT_FALSE(lets_in({}));
}

TEST(Door, WithoutAuthenticationNoPageOfAnotherSiteIsAnswered) {
  const std::pair<std::string, std::string> host{"Host", "127.0.0.1:8083"};
  EXPECT_FALSE(lets_in({host, {"Origin", "http://evil.example"}}));
  EXPECT_FALSE(lets_in({host, {"Origin", "http://127.0.0.1:9000"}})) << "another program's page";
  EXPECT_FALSE(lets_in({host, {"Origin", "null"}})) << "a file's, or a sandbox's";
  EXPECT_FALSE(lets_in({host, {"Sec-Fetch-Site", "cross-site"}}));
  EXPECT_FALSE(lets_in({host, {"Sec-Fetch-Site", "same-site"}}));
  EXPECT_TRUE(lets_in({host, {"Origin", "http://127.0.0.1:8083"}, {"Sec-Fetch-Site", "same-origin"}}));
  EXPECT_TRUE(lets_in({host, {"Sec-Fetch-Site", "none"}})) << "typed by a person";
}

}  // namespace
}  // namespace lamplighter::api
