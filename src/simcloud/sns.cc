#include "simcloud/sns.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/arn.h"
#include "base/limits.h"
#include "base/uuid.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kTopicsPerPage = 100;
constexpr std::size_t kMostTopics = 10'000;
constexpr std::size_t kLongestTopicName = 256;
constexpr std::size_t kLongestSubject = 99;
constexpr std::size_t kMostMails = 1'000;
constexpr std::size_t kLargestOutbox = std::size_t{32} << 20;

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestTopicName &&
         std::all_of(name.begin(), name.end(), [](char character) {
           return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
                  (character >= '0' && character <= '9') || character == '-' || character == '_';
         });
}

/// ASCII without line breaks or control characters, that begins with something visible; under 100 characters.
bool is_subject(std::string_view subject) {
  return !subject.empty() && subject.size() <= kLongestSubject && subject.front() != ' ' &&
         std::all_of(subject.begin(), subject.end(),
                     [](char character) { return character >= ' ' && character <= '~'; });
}

bool strikes(World& world, FaultKind kind, const Call& call) {
  const auto arn = parse_arn(call.parameters.get("TopicArn"));
  return arn && world.faults.strikes(kind, arn->resource);
}

tl::expected<SimulatedTopic*, ApiError> addressed_topic(World& world, const Call& call) {
  const std::string& arn = call.parameters.get("TopicArn");
  if (!arn.starts_with("arn:")) return refuse("InvalidParameter", "Invalid parameter: TopicArn");
  SimulatedTopic* topic = world.topic(call.region, arn);
  if (topic == nullptr) return refuse("NotFound", "Topic does not exist", 404);
  return topic;
}

Answer list_topics(World& world, const Call& call) {
  const auto offset = page_offset(call.parameters.get("NextToken"));
  if (!offset) return refuse("InvalidParameter", "Invalid parameter: NextToken");
  json::array topics;
  std::size_t position = 0;
  bool more = false;
  for (const SimulatedTopic& topic : world.topics) {
    if (topic.region != call.region) continue;
    more = topics.size() == kTopicsPerPage;
    if (more) break;
    if (position++ >= *offset) topics.push_back(json::object{{"TopicArn", topic.arn}});
  }
  json::object answer{{"Topics", std::move(topics)}};
  if (more) answer["NextToken"] = page_token(position);
  return answer;
}

Answer create_topic(World& world, const Call& call) {
  const std::string& name = call.parameters.get("Name");
  if (!is_topic_name(name)) return refuse("InvalidParameter", "Invalid parameter: Topic Name");
  if (world.topics.size() >= kMostTopics) return refuse("TopicLimitExceeded", "Topic limit exceeded", 403);
  return json::object{{"TopicArn", world.add_topic(call.region, world.topic_arn(call.region, name)).arn}};
}

Answer get_topic_attributes(World& world, const Call& call) {
  const auto topic = addressed_topic(world, call);
  if (!topic) return tl::unexpected(topic.error());
  // A map in the query protocol: entries of key and value.
  json::array entries;
  const auto add = [&](std::string_view key, const std::string& value) {
    entries.push_back({{"key", key}, {"value", value}});
  };
  add("TopicArn", (*topic)->arn);
  add("Owner", world.account);
  add("DisplayName", "");
  add("SubscriptionsPending", std::to_string((*topic)->subscriptions));
  add("SubscriptionsConfirmed", std::to_string((*topic)->confirmed));
  add("SubscriptionsDeleted", "0");
  return json::object{{"Attributes", json::object{{"entry", std::move(entries)}}}};
}

Answer subscribe(World& world, const Call& call) {
  const auto topic = addressed_topic(world, call);
  if (!topic) return tl::unexpected(topic.error());
  if (call.parameters.get("Protocol").empty())
    return refuse("InvalidParameter", "Invalid parameter: Protocol");
  ++(*topic)->subscriptions;
  return json::object{{"SubscriptionArn", "pending confirmation"}};
}

/// Old mails make room, so that whoever publishes for ever does not fill the memory.
void put_in_outbox(World& world, Mail mail) {
  world.outbox.push_back(std::move(mail));
  std::size_t bytes = 0;
  for (const Mail& each : world.outbox) bytes += each.message.size();
  while (world.outbox.size() > kMostMails || (bytes > kLargestOutbox && world.outbox.size() > 1)) {
    bytes -= world.outbox.front().message.size();
    world.outbox.pop_front();
  }
}

Answer publish(World& world, const Call& call) {
  const auto topic = addressed_topic(world, call);
  if (!topic) return tl::unexpected(topic.error());
  if (strikes(world, FaultKind::topic_denied, call)) {
    return refuse("AuthorizationError",
                  fmt::format("User is not authorized to perform: SNS:Publish on resource: {} because no "
                              "resource-based policy allows the SNS:Publish action",
                              (*topic)->arn),
                  403);
  }
  if (strikes(world, FaultKind::topic_key, call)) {
    return refuse(
        "KMSAccessDenied",
        "The ciphertext refers to a customer master key that does not exist, does not exist in this "
        "region, or you are not allowed to access.");
  }
  if (strikes(world, FaultKind::topic_throttled, call)) return refuse("Throttling", "Rate exceeded");
  const std::string& message = call.parameters.get("Message");
  const std::string& subject = call.parameters.get("Subject");
  if (message.empty()) return refuse("InvalidParameter", "Invalid parameter: Empty message");
  if (message.size() > limits::kMessageBytes)
    return refuse("InvalidParameter", "Invalid parameter: Message too long");
  if (call.parameters.has("Subject") && !is_subject(subject))
    return refuse("InvalidParameter", "Invalid parameter: Subject");
  put_in_outbox(world, {(*topic)->arn, subject, message, world.now});
  const std::uint64_t high = world.random.next();
  return json::object{{"MessageId", make_uuid(high, world.random.next())}};
}

const std::map<std::string_view, Answer (*)(World&, const Call&)>& actions() {
  static const std::map<std::string_view, Answer (*)(World&, const Call&)> table{
      {"ListTopics", list_topics},
      {"CreateTopic", create_topic},
      {"GetTopicAttributes", get_topic_attributes},
      {"Subscribe", subscribe},
      {"Publish", publish},
  };
  return table;
}

}  // namespace

std::optional<FaultKind> broken_publish(World& world, const Call& call) {
  if (call.service != "sns" || call.action != "Publish") return std::nullopt;
  for (const FaultKind kind : {FaultKind::topic_lost, FaultKind::topic_unanswered}) {
    if (strikes(world, kind, call)) return kind;
  }
  return std::nullopt;
}

bool has_sns_action(std::string_view action) { return actions().contains(action); }

Answer answer_sns(World& world, const Call& call) { return actions().at(call.action)(world, call); }

}  // namespace lamplighter::simcloud
