// Amazon SNS, API version 2010-03-31.
#pragma once

#include <string>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class Sns {
 public:
  Sns(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// The ARN of the topic called `name` (an ARN is given back as it is), searched through all pages of
  /// ListTopics. Error: aws "TopicNotFound".
  Result<std::string> find_topic(const std::string& name);

  /// Gives the message id. `subject`: under 100 printable ASCII characters; `message`: at most 262,144 bytes.
  Result<std::string> publish(const std::string& topic_arn, const std::string& subject,
                              const std::string& message);

 private:
  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
