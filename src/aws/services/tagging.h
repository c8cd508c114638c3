// The Resource Groups Tagging API, version 2017-01-26: tags of many resources at once.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client/caller.h"
#include "aws/client/pages_so_far.h"

namespace lamplighter::aws {

struct TaggedResource {
  std::string arn;
  std::map<std::string, std::string> tags;
};

/// The resources with a tag, as far as they were listed.
struct TaggedListing {
  std::vector<TaggedResource> resources;
  PagesSoFar pages;
  bool complete = false;
};

/// The resources that a call did not reach, each with its own error: aws, with the code of the tagging API or
/// of the resource's service.
using FailedResources = std::map<std::string, Error>;

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class Tagging {
 public:
  static constexpr std::size_t kMostArns = 20;

  Tagging(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// At most kMostArns resources. Error: what concerns the call as a whole.
  Result<FailedResources> tag(const std::vector<std::string>& arns,
                              const std::map<std::string, std::string>& tags);
  Result<FailedResources> untag(const std::vector<std::string>& arns, const std::vector<std::string>& keys);

  /// Goes on with listing the resources of `type` ("cloudwatch:alarm") that have the tag `key`, until that is
  /// complete. After an error it stands at the page that could not be read.
  Status list(std::string_view type, std::string_view key, TaggedListing& listing);

 private:
  Result<json::value> call(std::string_view action, const json::object& body);

  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
