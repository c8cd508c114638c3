#include "aws/client/service.h"

#include <array>

namespace lamplighter::aws {
namespace {

constexpr std::array<Service, 11> kServices{{
    {"ec2", "ec2", "EC2", "2016-11-15"},
    {"cloudwatch", "monitoring", "CLOUDWATCH", "2010-08-01"},
    {"sns", "sns", "SNS", "2010-03-31"},
    {"sts", "sts", "STS", "2011-06-15"},
    {"lambda", "lambda", "LAMBDA", ""},
    {"sfn", "states", "SFN", "", "AWSStepFunctions", "1.0"},
    {"resource_groups_tagging_api", "tagging", "RESOURCE_GROUPS_TAGGING_API", "",
     "ResourceGroupsTaggingAPI_20170126"},
    {.id = "scheduler", .host = "scheduler", .variable = "SCHEDULER", .api_version = "", .rest = true},
    {"dynamodb", "dynamodb", "DYNAMODB", "", "DynamoDB_20120810", "1.0"},
    {"ssm", "ssm", "SSM", "", "AmazonSSM"},
    {"eventbridge", "events", "EVENTBRIDGE", "", "AWSEvents"},
}};

}  // namespace

std::span<const Service> services() { return kServices; }

Result<Service> find_service(std::string_view id) {
  for (const auto& service : kServices) {
    if (service.id == id) return service;
  }
  return fail(ErrorKind::internal, "UnknownService", "no AWS service \"" + std::string(id) + "\" is known");
}

}  // namespace lamplighter::aws
