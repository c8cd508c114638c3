// One API request, signed and tried again until it succeeds or there is no point.
#pragma once

#include <mutex>
#include <string>

#include "aws/client/caller.h"
#include "aws/client/endpoint.h"
#include "aws/client/retry.h"
#include "http/transport.h"

namespace lamplighter::aws {

/// How long an attempt may take: who is silent for longer is given up.
inline constexpr std::chrono::milliseconds kAttemptTimeout{20'000};

/// A request to one service, before it is addressed and signed.
struct ApiRequest {
  std::string service;  ///< "ec2", "cloudwatch", "sns", "sts", "lambda"
  std::string action;   ///< "DescribeInstances": for counts and errors
  std::string region;
  std::string method = "POST";
  std::string path = "/";  ///< with its query, percent-encoded and sorted
  http::Headers headers;
  std::string body;
  std::chrono::milliseconds timeout = kAttemptTimeout;  ///< of one attempt
  Until until{};                                        ///< as Target's
  bool once = false;  ///< as http::OutgoingRequest's: where its answer is lost, it is not made again
};

/// Keeps references to `transport` and `clock`. Safe to use from several threads.
class Requester {
 public:
  Requester(http::Transport& transport, Clock& clock, Endpoints endpoints, std::uint64_t seed,
            int max_attempts = 3)
      : transport_(transport), clock_(clock), endpoints_(std::move(endpoints)), retry_(seed, max_attempts) {}

  /// Gives the answer of a success (2xx); unsigned where `credentials` is null. Error: aws, as
  /// Caller::call's; of a request that is to be made once http::kAnswerLost too.
  Result<http::Response> send(const ApiRequest& request, const Credentials* credentials);

  [[nodiscard]] CallCounts counts() const;
  /// Those of them that the service refused since there were too many.
  [[nodiscard]] CallCounts throttles() const;
  [[nodiscard]] http::Transport& transport() { return transport_; }
  [[nodiscard]] Clock& clock() { return clock_; }
  [[nodiscard]] const Endpoints& endpoints() const { return endpoints_; }

 private:
  void count(const ApiRequest& request, CallCounts& counts);
  tl::expected<http::Response, Failure> send_once(const http::OutgoingRequest& request);

  http::Transport& transport_;
  Clock& clock_;
  Endpoints endpoints_;
  RetryPolicy retry_;
  mutable std::mutex mutex_;
  CallCounts counts_;
  CallCounts throttles_;
};

}  // namespace lamplighter::aws
