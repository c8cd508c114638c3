#include "base/arn.h"

#include <gtest/gtest.h>

namespace lamplighter {
namespace {

TEST(Arn, IsReadAndWritten) {
  for (const auto* text : {"arn:aws:lambda:eu-west-1:123456789012:function:start-stop:live",
                           "arn:aws-us-gov:iam::123456789012:role/a/b", "arn:aws-cn:s3:::bucket"}) {
    const auto arn = parse_arn(text);
    ASSERT_TRUE(arn) << text;
    EXPECT_EQ(arn->text(), text);
  }
  const auto arn = parse_arn("arn:aws:lambda:eu-west-1:123456789012:function:start-stop:live");
  EXPECT_EQ(arn->service, "lambda");
  EXPECT_EQ(arn->resource, "function:start-stop:live");
  for (const auto* text : {"", "arn:", "arn:aws:sns:r:1", "arn:aws:sns:r:1:", "urn:aws:sns:r:1:t"}) {
    EXPECT_FALSE(parse_arn(text)) << text;
  }
}

TEST(Arn, KnowsThePartitions) {
  EXPECT_EQ(arn_in("eu-west-1", "sns", "1", "t").text(), "arn:aws:sns:eu-west-1:1:t");
  EXPECT_EQ(arn_in("us-gov-west-1", "sns", "1", "t").text(), "arn:aws-us-gov:sns:us-gov-west-1:1:t");
  EXPECT_EQ(arn_in("cn-north-1", "sns", "1", "t").text(), "arn:aws-cn:sns:cn-north-1:1:t");
  EXPECT_EQ(global_arn_in("cn-north-1", "iam", "1", "role/r").text(), "arn:aws-cn:iam::1:role/r");
  struct Row {
    std::string_view region, partition, dns_suffix;
  };
  for (const Row& row : {Row{"eu-west-1", "aws", "amazonaws.com"},
                         {"us-gov-east-1", "aws-us-gov", "amazonaws.com"},
                         {"cn-northwest-1", "aws-cn", "amazonaws.com.cn"},
                         {"eusc-de-east-1", "aws-eusc", "amazonaws.eu"},
                         {"us-iso-west-1", "aws-iso", "c2s.ic.gov"},
                         {"us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"},
                         {"eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"},
                         {"us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"}}) {
    EXPECT_EQ(partition_of(row.region).name, row.partition);
    EXPECT_EQ(partition_of(row.region).dns_suffix, row.dns_suffix) << row.region;
  }
}

}  // namespace
}  // namespace lamplighter
