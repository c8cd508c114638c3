#include "lambda_runtime/invocation_transport.h"

#include <algorithm>

namespace lamplighter::lambda_runtime {
namespace {

constexpr Duration kTimeToAnswer = std::chrono::seconds(1);

}  // namespace

Result<http::Response> InvocationTransport::send(const http::OutgoingRequest& request) {
  const auto left = deadline_ - kTimeToAnswer - clock_.now();
  if (left <= Duration::zero()) {
    return fail(ErrorKind::aws, "DeadlineReached",
                "the function's time is used up; give it a longer timeout");
  }
  auto bounded = request;
  bounded.timeout = std::min<Duration>(request.timeout, left);
  return inner_.send(bounded);
}

}  // namespace lamplighter::lambda_runtime
