#include "simcloud/cloud.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simcloud/call.h"
#include "simcloud/cloudwatch.h"
#include "simcloud/dynamodb.h"
#include "simcloud/ec2.h"
#include "simcloud/events.h"
#include "simcloud/rate_limits.h"
#include "simcloud/sns.h"
#include "simcloud/ssm.h"
#include "simcloud/sts.h"
#include "simcloud/tagging.h"
#include "simcloud/world.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::string_view kLookPath = "/_lamplighter/";

struct Service {
  std::string_view signing_name;
  bool (*has)(std::string_view action);
  Answer (*answer)(World& world, const Call& call);
};

constexpr std::array<Service, 8> kServices{{{"ec2", has_ec2_action, answer_ec2},
                                            {"monitoring", has_cloudwatch_action, answer_cloudwatch},
                                            {"tagging", has_tagging_action, answer_tagging},
                                            {"sns", has_sns_action, answer_sns},
                                            {"sts", has_sts_action, answer_sts},
                                            {"dynamodb", has_dynamodb_action, answer_dynamodb},
                                            {"ssm", has_ssm_action, answer_ssm},
                                            {"events", has_events_action, answer_events}}};

/// Before or after the call is carried out.
enum class Break { none, before, after };

const Service* find_service(std::string_view signing_name) {
  const auto found = std::find_if(kServices.begin(), kServices.end(), [&](const Service& service) {
    return service.signing_name == signing_name;
  });
  return found == kServices.end() ? nullptr : &*found;
}

/// How each service says "too many requests".
ApiError throttled(std::string_view service) {
  if (service == "ec2") return {503, "RequestLimitExceeded", "Request limit exceeded."};
  if (service == "tagging") return {400, "ThrottledException", "Rate exceeded"};
  if (service == "dynamodb" || service == "ssm" || service == "events")
    return {400, "ThrottlingException", "Rate of requests exceeds the allowed throughput."};
  return {400, "Throttling", "Rate exceeded"};
}

ApiError internal_error(std::string_view service) {
  if (service == "ec2") return {500, "InternalError", "An internal error has occurred"};
  if (service == "tagging") return {500, "InternalServiceException", "An internal error has occurred"};
  if (service == "dynamodb" || service == "ssm") return {500, "InternalServerError", "Internal server error"};
  return {500, "InternalFailure", "The request processing has failed because of an unknown error."};
}

std::string_view path_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find('/'), url.size()));
  }
  return url.substr(0, url.find('?'));
}

}  // namespace

struct Cloud::State {
  explicit State(const CloudSpec& spec) : world(spec), request_ids(Random(spec.seed).fork("request ids")) {}

  World world;
  RateLimits limits;
  Random request_ids;

  std::string next_request_id() {
    const std::string hex = fmt::format("{:016x}{:016x}", request_ids.next(), request_ids.next());
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
  }

  /// Where the call's connection breaks; `struck` is the fault that strikes it as any call.
  Break breaks(const Call& call, std::optional<FaultKind> struck) {
    if (struck == FaultKind::reset) return world.faults.reset_after_the_fact() ? Break::after : Break::before;
    if (struck) return Break::none;
    const auto of_topic = broken_publish(world, call);
    if (of_topic == FaultKind::topic_lost) return Break::before;
    return of_topic || broken_put(world, call) ? Break::after : Break::none;
  }

  /// Knows the service and the action, minds the rate, then carries the call out.
  Answer carry_out(const Call& call) {
    const Service* service = find_service(call.service);
    if (service == nullptr) {
      return refuse(
          "UnknownService",
          "The simulated cloud has EC2, CloudWatch, the tagging API, SNS, STS, DynamoDB, EventBridge "
          "and SSM; the request is for none of them.",
          404);
    }
    if (!service->has(call.action)) {
      return refuse("InvalidAction", fmt::format("The action {} is not valid for this web service.",
                                                 call.action.substr(0, 100)));
    }
    const std::size_t instances = call.parameters.numbered("InstanceId").size();
    if (!limits.allow(call.region, call.service, call.action, instances, world.now))
      return tl::unexpected(throttled(call.service));
    world.visit(call.region);
    return service->answer(world, call);
  }
};

Cloud::Cloud(const CloudSpec& spec) : state_(std::make_unique<State>(spec)) {}
Cloud::~Cloud() = default;

std::optional<http::Response> Cloud::handle(const http::OutgoingRequest& request, Time now) {
  state_->world.advance(now);
  const std::string_view path = path_of(request.url);
  if (path.starts_with(kLookPath)) return look_behind(path.substr(kLookPath.size()));
  return answer(request);
}

std::optional<http::Response> Cloud::answer(const http::OutgoingRequest& request) {
  const std::string request_id = state_->next_request_id();
  const auto call = parse_call(request);
  if (!call) return write_answer(protocol_of(request), "", "", tl::unexpected(call.error()), request_id);

  FaultPlan& faults = state_->world.faults;
  const auto struck = faults.strikes_call();
  if (const auto broken = state_->breaks(*call, struck); broken != Break::none) {
    if (broken == Break::after) static_cast<void>(state_->carry_out(*call));
    return std::nullopt;
  }
  const Answer answered = struck == FaultKind::throttle ? tl::unexpected(throttled(call->service))
                          : struck == FaultKind::error  ? tl::unexpected(internal_error(call->service))
                                                        : state_->carry_out(*call);
  return write_answer(call->protocol, call->service, call->action, answered, request_id);
}

std::optional<http::Response> Cloud::look_behind(std::string_view path) {
  json::array found;
  if (path == "outbox")
    found = outbox();
  else if (path == "servers")
    found = servers(state_->world.now);
  else if (path == "alarms")
    found = alarms();
  else if (path == "events")
    found = events();
  else
    return http::Response{404,
                          {{"Content-Type", "text/plain"}},
                          "There are /_lamplighter/outbox, /_lamplighter/events, /_lamplighter/servers and "
                          "/_lamplighter/alarms.\n"};
  return http::Response{200, {{"Content-Type", "application/json"}}, pretty(found)};
}

json::array Cloud::outbox() const {
  json::array mails;
  for (const Mail& mail : state_->world.outbox) {
    mails.push_back({{"topic", mail.topic_arn},
                     {"subject", mail.subject},
                     {"message", mail.message},
                     {"at", format_time(mail.at)}});
  }
  return mails;
}

json::array Cloud::events() const {
  json::array events;
  for (const BusEvent& event : state_->world.events) {
    events.push_back({{"bus", event.bus},
                      {"source", event.source},
                      {"detail_type", event.detail_type},
                      {"detail", event.detail},
                      {"at", format_time(event.at)}});
  }
  return events;
}

json::array Cloud::servers(Time now) {
  World& world = state_->world;
  world.advance(now);
  json::array servers;
  for (const SimulatedServer& server : world.servers) {
    servers.push_back({{"id", server.id},
                       {"name", server.name()},
                       {"state", to_string(server.state())},
                       {"instance_status", server.instance_status(world.now)},
                       {"system_status", server.system_status(world.now)},
                       {"region", server.region},
                       {"start_ms", server.start_duration().count()},
                       {"stop_ms", server.stop_duration().count()}});
  }
  return servers;
}

json::array Cloud::alarms() const {
  json::array alarms;
  for (const SimulatedAlarm& alarm : state_->world.alarms) {
    alarms.push_back({{"name", alarm.name},
                      {"actions_enabled", alarm.actions_enabled},
                      {"instance_id", alarm.instance_id},
                      {"region", alarm.region},
                      {"tags", json::value_from(alarm.tags)}});
  }
  return alarms;
}

}  // namespace lamplighter::simcloud
