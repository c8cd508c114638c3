#include "aws/client/error_codes.h"

#include <algorithm>
#include <array>

#include "http/transport.h"

namespace lamplighter::aws {
namespace {

constexpr ErrorCode nobody(std::string_view code, bool ends_tasks = false) {
  return {code, Concern::nobody, false, false, ends_tasks};
}
constexpr ErrorCode throttled(std::string_view code, bool ends_tasks = false) {
  return {code, Concern::nobody, false, false, ends_tasks, false, true};
}
constexpr ErrorCode timeout(std::string_view code, bool ends_tasks = false) {
  return {code, Concern::nobody, false, true, ends_tasks};
}
constexpr ErrorCode everyone(std::string_view code) { return {code, Concern::everyone}; }
constexpr ErrorCode expired(std::string_view code) {
  return {code, Concern::everyone, false, false, false, true};
}
constexpr ErrorCode lasting(std::string_view code) { return {code, Concern::resource, true}; }
constexpr ErrorCode resource(std::string_view code) { return {code, Concern::resource}; }

constexpr std::string_view kLackOfCapacity = "Insufficient*Capacity";

constexpr std::array kCodes{
    // What EC2, CloudWatch, SNS, STS and DynamoDB answer, or what stands for no answer.
    nobody("ConnectionError", true),
    timeout("RequestTimeout", true),
    throttled("RequestLimitExceeded", true),
    nobody("KeptToRate", true),  // not asked at all, since it would have been refused (rates.h)
    throttled("Throttling", true),
    throttled("ThrottlingException", true),
    nobody("ServiceUnavailable", true),
    nobody("Unavailable", true),
    nobody("InternalError", true),
    nobody("InternalFailure", true),
    nobody("InternalServiceError", true),
    nobody("InternalServerError", true),
    throttled("ProvisionedThroughputExceededException", true),

    // The same by the names that other services have for it.
    nobody("InternalServiceFault"),
    nobody("InternalServiceException"),
    throttled("ThrottledException"),
    throttled("RequestThrottled"),
    throttled("RequestThrottledException"),
    throttled("TooManyRequestsException"),
    nobody("TransactionInProgressException"),
    nobody("TransactionConflictException"),
    throttled("BandwidthLimitExceeded"),
    nobody("LimitExceededException"),
    throttled("SlowDown"),
    throttled("Throttled"),
    throttled("KMSThrottling"),
    throttled("EC2ThrottledException"),
    timeout("RequestTimeoutException"),
    timeout("PriorRequestNotComplete"),

    // Who calls is not known, or the account may not call at all.
    everyone("NoCredentials"),
    expired("ExpiredToken"),
    expired("ExpiredTokenException"),
    expired("RequestExpired"),
    everyone("AuthFailure"),
    everyone("InvalidClientTokenId"),
    everyone("UnrecognizedClientException"),
    everyone("SignatureDoesNotMatch"),
    everyone("IncompleteSignature"),
    everyone("MissingAuthenticationToken"),
    everyone("OptInRequired"),
    everyone("PendingVerification"),
    everyone("Blocked"),

    // A policy may permit one resource and not the next.
    lasting("UnauthorizedOperation"),
    lasting("AccessDenied"),
    lasting("AccessDeniedException"),
    lasting("OperationNotPermitted"),  // protected against being stopped
    lasting("UnsupportedOperation"),   // a one-time Spot instance, no EBS root volume: it can't be stopped
    lasting("InvalidInstanceID.Malformed"),

    // Whether it was carried out is not known, so that it must not be done again by itself.
    resource(http::kAnswerLost),

    // An answer rather than an error: another was faster (services/dynamodb.h).
    resource("ConditionalCheckFailedException"),

    // Gone, or not known everywhere yet: the next list tells.
    resource("InvalidInstanceID.NotFound"),

    // EC2 reports a lack of capacity as HTTP 500, but only waiting, or other hardware, helps.
    resource(kLackOfCapacity),
};

const ErrorCode* find_row(std::string_view code) {
  if (code.starts_with("Insufficient") && code.ends_with("Capacity")) code = kLackOfCapacity;
  const auto* row =
      std::find_if(kCodes.begin(), kCodes.end(), [&](const ErrorCode& one) { return one.code == code; });
  return row == kCodes.end() ? nullptr : row;
}

}  // namespace

ErrorCode find_error_code(std::string_view code) {
  const auto* row = find_row(code);
  return row != nullptr ? *row : resource(code);
}

bool is_known_error_code(std::string_view code) { return find_row(code) != nullptr; }

std::vector<std::string_view> passing_error_codes() {
  std::vector<std::string_view> codes;
  for (const auto& row : kCodes) {
    if (row.ends_tasks) codes.push_back(row.code);
  }
  return codes;
}

}  // namespace lamplighter::aws
