#include "lambda/invocation_transport.h"

#include <algorithm>

namespace lamplighter::lambda {
namespace {

constexpr Duration kTimeToAnswer = std::chrono::seconds(1);

}  // namespace

Result<aws::HttpResponse> InvocationTransport::send(const aws::HttpRequest& request) {
  const auto left = deadline_ - kTimeToAnswer - clock_.now();
  if (left <= Duration::zero()) {
    return fail(ErrorKind::aws, "DeadlineReached",
                "the function's time is used up; give it a longer timeout");
  }
  auto bounded = request;
  bounded.timeout = std::min<Duration>(request.timeout, left);
  return inner_.send(bounded);
}

}  // namespace lamplighter::lambda
