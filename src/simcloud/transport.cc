#include "simcloud/transport.h"

namespace lamplighter::simcloud {
namespace {

constexpr double kFastestMilliseconds = 20;
constexpr double kSlowestMilliseconds = 200;
/// DynamoDB answers by its key within single-digit milliseconds, beside the way there.
constexpr double kDynamoDbShare = 0.1;

bool is_dynamodb(const http::OutgoingRequest& request) {
  return http::header(request.headers, "X-Amz-Target").starts_with("DynamoDB_");
}

}  // namespace

/// Calls of DynamoDB draw from their own numbers, so that a run with leases meets the same cloud as one
/// without.
Duration Transport::draw_latency(const http::OutgoingRequest& request) {
  const bool is_quick = is_dynamodb(request);
  const double milliseconds =
      (is_quick ? dynamodb_random_ : random_).uniform(kFastestMilliseconds, kSlowestMilliseconds);
  return Duration(static_cast<Duration::rep>(is_quick ? milliseconds * kDynamoDbShare : milliseconds));
}

Result<http::Response> Transport::send(const http::OutgoingRequest& request) {
  Duration latency{};
  {
    const std::lock_guard lock(mutex_);
    latency = draw_latency(request);
  }
  clock_.sleep(latency / 2);
  std::optional<http::Response> response;
  {
    const std::lock_guard lock(mutex_);
    response = cloud_.handle(request, clock_.now());
  }
  clock_.sleep(latency - latency / 2);
  if (!response) {
    return fail(ErrorKind::aws, request.once ? std::string(http::kAnswerLost) : "ConnectionError",
                "the connection was reset");
  }
  return *std::move(response);
}

}  // namespace lamplighter::simcloud
