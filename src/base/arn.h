// Amazon Resource Names, "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE", and the partitions that AWS is
// divided into.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter {

struct Arn {
  std::string partition;
  std::string service;
  std::string region;    ///< "" for global services (IAM)
  std::string account;   ///< "" where it has none
  std::string resource;  ///< the rest, colons included: "function:start-stop:live"

  [[nodiscard]] std::string text() const;
};

/// nullopt where `text` is none.
std::optional<Arn> parse_arn(std::string_view text);

struct Partition {
  std::string_view name;        ///< "aws", "aws-us-gov"
  std::string_view dns_suffix;  ///< what its hosts end with: "amazonaws.com"
};

/// The partition of a region, by its name; "aws" for a region that is not known.
Partition partition_of(std::string_view region);

/// The ARN of what lies in `region`, whose partition goes in front.
Arn arn_in(std::string_view region, std::string_view service, std::string_view account,
           std::string_view resource);

/// The same of a service without regions: "iam", "sts".
Arn global_arn_in(std::string_view region, std::string_view service, std::string_view account,
                  std::string_view resource);

}  // namespace lamplighter
