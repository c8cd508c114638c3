#include "simcloud/transport.h"

namespace lamplighter::simcloud {
namespace {

constexpr double kFastestMilliseconds = 20;
constexpr double kSlowestMilliseconds = 200;

}  // namespace

Result<http::Response> Transport::send(const http::OutgoingRequest& request) {
  Duration latency{};
  {
    const std::lock_guard lock(mutex_);
    latency =
        Duration(static_cast<Duration::rep>(random_.uniform(kFastestMilliseconds, kSlowestMilliseconds)));
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
