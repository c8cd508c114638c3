// Amazon SNS, API version 2010-03-31.
#pragma once

#include <cstdint>
#include <string>

#include "aws/client/caller.h"

namespace lamplighter::aws {

/// A topic, as far as its attributes tell.
struct Topic {
  std::string arn;
  std::int64_t confirmed = 0;  ///< subscriptions that get what is published
  std::int64_t pending = 0;    ///< those that nobody has confirmed yet
};

/// What a failed publish() says of its message.
enum class Undelivered {
  refused,  ///< not sent, nor would it be another time: no such topic, no permission, a key out of use, …
  passing,  ///< not sent; another time it may be: throttled, out of order, no connection
  unknown,  ///< the request went out, and its answer was lost: whether it was sent nobody can say
};
Undelivered undelivered_by(const Error& error);

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make.
class Sns {
 public:
  Sns(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  /// The ARN of the topic called `name` (an ARN is given back as it is), searched through all pages of
  /// ListTopics. Error: aws "TopicNotFound".
  Result<std::string> find_topic(const std::string& name);

  /// Error: aws "NotFound", "AuthorizationError", ….
  Result<Topic> get_topic(const std::string& topic_arn);

  /// Gives the message id. `subject`: under 100 printable ASCII characters; `message`: at most 262,144 bytes.
  /// Never made twice: what an error says of the message is undelivered_by().
  Result<std::string> publish(const std::string& topic_arn, const std::string& subject,
                              const std::string& message);

 private:
  /// An ARN brings its own region.
  [[nodiscard]] Target target_of(const std::string& topic_arn) const;

  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
