#include "aws/services/sns.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "aws/client/error_codes.h"
#include "aws/client/pages.h"
#include "aws/client/xml.h"
#include "base/arn.h"
#include "base/limits.h"

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxSubject = 99;

Status check_limits(const std::string& subject, const std::string& message) {
  const auto is_printable = [](char c) { return c >= ' ' && c <= '~'; };
  if (subject.empty() || subject.size() > kMaxSubject ||
      !std::all_of(subject.begin(), subject.end(), is_printable)) {
    return fail(ErrorKind::bad_input, "InvalidSubject", "expected 1 to 99 printable ASCII characters");
  }
  if (message.empty() || message.size() > limits::kMessageBytes) {
    return fail(ErrorKind::bad_input, "InvalidMessage",
                fmt::format("expected 1 to {} bytes", limits::kMessageBytes));
  }
  return {};
}

/// 0 for what is no number.
std::int64_t count_in(const std::string& text) {
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace

Undelivered undelivered_by(const Error& error) {
  // An answer that says nothing is none.
  constexpr std::array<std::string_view, 3> kUnknown{http::kAnswerLost, "InvalidResponse",
                                                     "ResponseTooLarge"};
  if (std::find(kUnknown.begin(), kUnknown.end(), error.code) != kUnknown.end()) return Undelivered::unknown;
  return find_error_code(error.code).concern == Concern::nobody ? Undelivered::passing : Undelivered::refused;
}

Target Sns::target_of(const std::string& topic_arn) const {
  auto target = target_;
  if (const auto arn = parse_arn(topic_arn); arn && !arn->region.empty()) target.region = arn->region;
  return target;
}

Result<std::string> Sns::find_topic(const std::string& name) {
  if (name.starts_with("arn:")) return name;
  std::string found;
  const auto read_page = [&](const pugi::xml_node& root) {
    for (const auto& topic : items_at(root, "ListTopicsResult/Topics", "member")) {
      const auto arn = text_at(topic, "TopicArn");
      const auto parts = parse_arn(arn);
      if (parts && parts->resource == name) found = arn;
    }
    return found.size();
  };
  const auto next_token = [&](const pugi::xml_node& root) {
    return found.empty() ? text_at(root, "ListTopicsResult/NextToken") : std::string();
  };
  CHECK_OK(Lister(caller_, target_, "sns", "ListTopics").list({}, read_page, next_token));
  if (!found.empty()) return found;
  return fail(ErrorKind::aws, "TopicNotFound",
              "no SNS topic is called \"" + name + "\" in " +
                  (target_.region.empty() ? "the region" : target_.region));
}

Result<Topic> Sns::get_topic(const std::string& topic_arn) {
  const auto document = TRY(parse_xml(
      TRY(caller_.call(target_of(topic_arn), "sns", "GetTopicAttributes", {{"TopicArn", topic_arn}}))));
  Topic topic{topic_arn};
  const auto root = document->document_element();
  for (const auto& entry : items_at(root, "GetTopicAttributesResult/Attributes", "entry")) {
    const auto key = text_at(entry, "key");
    if (key == "SubscriptionsConfirmed") topic.confirmed = count_in(text_at(entry, "value"));
    if (key == "SubscriptionsPending") topic.pending = count_in(text_at(entry, "value"));
  }
  return topic;
}

Result<std::string> Sns::publish(const std::string& topic_arn, const std::string& subject,
                                 const std::string& message) {
  CHECK_OK(check_limits(subject, message));
  const Parameters parameters{{"TopicArn", topic_arn}, {"Subject", subject}, {"Message", message}};
  const auto document = TRY(parse_xml(TRY(caller_.call(target_of(topic_arn), "sns", "Publish", parameters))));
  return text_at(document->document_element(), "PublishResult/MessageId");
}

}  // namespace lamplighter::aws
