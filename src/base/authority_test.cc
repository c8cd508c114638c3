#include "base/authority.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

using namespace std::string_view_literals;

TEST(Authority, ReadsNamesAddressesAndPorts) {
  const auto name = parse_authority("EC2.eu-west-1.AmazonAWS.com:8443");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->host, "ec2.eu-west-1.amazonaws.com");
  EXPECT_EQ(name->port, 8443);
  const auto address = parse_authority("[2001:DB8::1]");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "2001:db8::1");
  EXPECT_FALSE(address->port);
  for (const auto* good : {"a", "my_host.test.", "10.0.0.1:1", "[::ffff:10.0.0.1]:65535", "1password.com"}) {
    EXPECT_TRUE(parse_authority(good)) << good;
  }
}

TEST(Authority, KnowsThisMachine) {
  for (const auto* here :
       {"localhost", "LocalHost:80", "127.0.0.1", "127.1.2.3:9", "[::1]", "[::1]:80", "[0:0:0:0:0:0:0:1]"}) {
    const auto found = parse_authority(here);
    ASSERT_TRUE(found) << here;
    EXPECT_TRUE(found->is_loopback) << here;
  }
  for (const auto* elsewhere : {"localhost.evil.com", "localhost.", "notlocalhost", "127.evil.com", "[::2]",
                                "[::ffff:127.0.0.1]", "128.0.0.1"}) {
    const auto found = parse_authority(elsewhere);
    ASSERT_TRUE(found) << elsewhere;
    EXPECT_FALSE(found->is_loopback) << elsewhere;
  }
}

TEST(Authority, RefusesWhatReadersReadInDifferentWays) {
  for (const auto bad : {""sv,
                         ":80"sv,
                         "[::1].evil.com"sv,
                         "[::1]evil"sv,
                         "[::1"sv,
                         "::1"sv,
                         "[]"sv,
                         "[127.0.0.1]"sv,
                         "[::1%25eth0]"sv,
                         "[fe80::1%eth0]"sv,
                         "localhost:80@evil"sv,
                         "localhost@evil"sv,
                         "user:pass@localhost"sv,
                         "localhost:"sv,
                         "localhost:0"sv,
                         "localhost:65536"sv,
                         "localhost:+80"sv,
                         "localhost: 80"sv,
                         "localhost:80:80"sv,
                         "localhost:80 "sv,
                         " localhost"sv,
                         "localhost,evil"sv,
                         "local host"sv,
                         "a..b"sv,
                         ".a"sv,
                         "."sv,
                         "a%2eb"sv,
                         "127.1"sv,
                         "2130706433"sv,
                         "0x7f000001"sv,
                         "127.0.0.1."sv,
                         "127.0.0.01.1"sv,
                         "127.0.0.256"sv,
                         "localhost/"sv,
                         "localhost\\evil"sv,
                         "localhost#evil"sv,
                         "localhost\0evil"sv,
                         "[::1\0]"sv,
                         "caf\xC3\xA9"sv}) {
    EXPECT_FALSE(parse_authority(bad)) << bad;
  }
  EXPECT_FALSE(parse_authority(std::string(64, 'a')));
}

TEST(Authority, IsFoundInAUrl) {
  EXPECT_EQ(authority_of("http://a:1/b:2"), "a:1");
  EXPECT_EQ(authority_of("http://a?b"), "a");
  EXPECT_EQ(authority_of("http://localhost#@evil"), "localhost");
  EXPECT_EQ(authority_of("/a"), "");
  EXPECT_TRUE(is_loopback_url("http://[::1]:80/x"));
  EXPECT_FALSE(is_loopback_url("http://[::1].evil.com/"));
  EXPECT_FALSE(is_loopback_url("http://127.evil.com/"));
  EXPECT_FALSE(is_loopback_url("http://localhost:80@evil/"));
  EXPECT_FALSE(is_loopback_url("localhost"));
}

}  // namespace
}  // namespace lamplighter
