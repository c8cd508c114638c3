#include "aws/client/endpoint.h"

#include <gtest/gtest.h>

#include "tests/support/fake_aws.h"

namespace lamplighter::aws {
namespace {

constexpr const char* kConfig =
    "[default]\n"
    "endpoint_url = http://profile:1/\n"
    "services = local\n"
    "[services local]\n"
    "ec2 =\n"
    "  endpoint_url = http://section:2\n";

/// What `service` in eu-west-1 resolves to on `host` for the default profile.
std::string resolve(const FakeHost& host, const std::string& service, const std::string& override_url = "",
                    const std::string& region = "eu-west-1") {
  const auto config = load_config(host);
  if (!config) return config.error().message;
  const auto profile = config->profiles.find("default");
  const auto endpoints = Endpoints::make(override_url, host, *config,
                                         profile == config->profiles.end() ? Profile{} : profile->second);
  if (!endpoints) return endpoints.error().message;
  const auto url = endpoints->url(service, region);
  return url ? *url : url.error().message;
}

TEST(Endpoints, AwsOwnHostsByPartition) {
  const FakeHost host;
  EXPECT_EQ(resolve(host, "ec2"), "https://ec2.eu-west-1.amazonaws.com");
  EXPECT_EQ(resolve(host, "cloudwatch"), "https://monitoring.eu-west-1.amazonaws.com");
  EXPECT_EQ(resolve(host, "sfn", "", "us-gov-west-1"), "https://states.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(resolve(host, "sns", "", "cn-north-1"), "https://sns.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(resolve(host, "sts", "", "eusc-de-east-1"), "https://sts.eusc-de-east-1.amazonaws.eu");
  EXPECT_EQ(resolve(host, "ec2", "", "us-iso-east-1"), "https://ec2.us-iso-east-1.c2s.ic.gov");
  EXPECT_EQ(resolve(host, "ec2", "", "us-isob-east-1"), "https://ec2.us-isob-east-1.sc2s.sgov.gov");
  EXPECT_EQ(resolve(host, "ec2", "", "eu-isoe-west-1"), "https://ec2.eu-isoe-west-1.cloud.adc-e.uk");
  EXPECT_EQ(resolve(host, "ec2", "", "us-isof-south-1"), "https://ec2.us-isof-south-1.csp.hci.ic.gov");
}

TEST(Endpoints, OverridesInTheirOrder) {
  FakeHost host;
  host.variables = {{"HOME", "/home/a"}};
  host.files["/home/a/.aws/config"] = kConfig;
  EXPECT_EQ(resolve(host, "ec2"), "http://section:2");
  EXPECT_EQ(resolve(host, "sns"), "http://profile:1");
  host.variables["AWS_ENDPOINT_URL"] = "http://global:3";
  EXPECT_EQ(resolve(host, "ec2"), "http://global:3");
  host.variables["AWS_ENDPOINT_URL_EC2"] = "https://own:4/base/";
  EXPECT_EQ(resolve(host, "ec2"), "https://own:4/base");
  EXPECT_EQ(resolve(host, "sns"), "http://global:3");
  host.variables["AWS_ENDPOINT_URL_DYNAMODB"] = "http://table:6";
  host.variables["AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API"] = "http://tags:7";
  EXPECT_EQ(resolve(host, "dynamodb"), "http://table:6");
  EXPECT_EQ(resolve(host, "resource_groups_tagging_api"), "http://tags:7");
  EXPECT_EQ(resolve(host, "ec2", "http://option:5"), "http://option:5");
  host.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(resolve(host, "ec2"), "https://ec2.eu-west-1.amazonaws.com");
  EXPECT_EQ(resolve(host, "ec2", "http://option:5"), "http://option:5");
}

TEST(Endpoints, RefusesWhatIsNoUrlOrRegion) {
  const FakeHost host;
  for (const char* url :
       {"localhost:1", "ftp://a", "http://", "http://user:pw@host", "http://a/?q", "http://a/b%20"}) {
    EXPECT_EQ(resolve(host, "ec2", url).rfind("--endpoint-url: expected a URL", 0), 0U) << url;
  }
  for (const char* region : {"", "us east", "evil.example.com/", "US-EAST-1"}) {
    EXPECT_EQ(resolve(host, "ec2", "", region).rfind("found region", 0), 0U) << region;
  }
}

TEST(Endpoints, KindsThatAreNotKnownAreRefusedAndNotIgnored) {
  for (const char* name : {"AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"}) {
    FakeHost host;
    host.variables[name] = "true";
    EXPECT_EQ(resolve(host, "ec2").find(std::string("found ") + name + " to be true, which is not supported"),
              0U)
        << resolve(host, "ec2");
    EXPECT_EQ(resolve(host, "ec2", "http://127.0.0.1:1").find("found "), 0U);
    host.variables[name] = "false";
    EXPECT_EQ(resolve(host, "ec2"), "https://ec2.eu-west-1.amazonaws.com");
  }
  for (const std::string key : {"use_fips_endpoint", "use_dualstack_endpoint"}) {
    FakeHost host;
    host.variables["HOME"] = "/h";
    host.files["/h/.aws/config"] = "[default]\n" + key + " = true\n";
    EXPECT_EQ(resolve(host, "ec2").find("found the profile's " + key), 0U) << resolve(host, "ec2");
  }
  FakeHost host;  // the variable wins over the profile
  host.variables = {{"HOME", "/h"}, {"AWS_USE_FIPS_ENDPOINT", "false"}};
  host.files["/h/.aws/config"] = "[default]\nuse_fips_endpoint = true\n";
  EXPECT_EQ(resolve(host, "ec2"), "https://ec2.eu-west-1.amazonaws.com");
}

}  // namespace
}  // namespace lamplighter::aws
