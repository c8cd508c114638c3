#include "aws/client/requester.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "aws/client/api_error.h"
#include "aws/client/error_codes.h"
#include "aws/client/service.h"
#include "http/signature.h"

namespace lamplighter::aws {
namespace {

Result<http::OutgoingRequest> addressed(const ApiRequest& request, const Endpoints& endpoints,
                                        const Credentials* credentials) {
  http::OutgoingRequest out;
  out.method = request.method;
  out.url = TRY(endpoints.url(request.service, request.region)) + request.path;
  out.headers = request.headers;
  out.body = request.body;
  out.timeout = request.timeout;
  out.once = request.once;
  if (credentials != nullptr) {
    out.signing =
        http::Signing{request.region, std::string(TRY(find_service(request.service)).host), *credentials};
  }
  return out;
}

/// By ourselves: libcurl is not to sign it.
http::OutgoingRequest sign(const http::OutgoingRequest& request, Time now) {
  auto out = http::signed_request(request, *request.signing, now);
  out.signing.reset();
  return out;
}

/// `timeout`, or what is left until then; nullopt for nothing.
std::optional<std::chrono::milliseconds> within(const Until& until, std::chrono::milliseconds timeout) {
  const auto left = until.left();
  if (!left) return timeout;
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(*left);
  if (whole <= std::chrono::milliseconds::zero()) return std::nullopt;
  return std::min(whole, timeout);
}

/// Whether anything is left after that wait.
bool leaves(const Until& until, Duration wait) { return wait < until.left().value_or(Duration::max()); }

Error described(Error error, const ApiRequest& request, const Credentials* credentials) {
  if (credentials != nullptr) error.message = redact(std::move(error.message), *credentials);
  return with_context(std::move(error),
                      fmt::format("{}:{} in {}", request.service, request.action, request.region));
}

}  // namespace

Result<http::Response> Requester::send(const ApiRequest& request, const Credentials* credentials) {
  auto http = TRY(addressed(request, endpoints_, credentials));
  const bool is_rest = http.signing && TRY(find_service(request.service)).rest;
  int paid = 0;
  for (int attempt = 1;; ++attempt) {
    const auto timeout = within(request.until, request.timeout);
    if (!timeout) {
      return tl::unexpected(
          described({ErrorKind::aws, "RequestTimeout", "no time is left to ask"}, request, credentials));
    }
    http.timeout = *timeout;
    count(request, counts_);
    // Anew each time: a signature is dated.
    auto outcome = send_once(is_rest ? sign(http, clock_.now()) : http);
    if (outcome) {
      retry_.succeeded(paid);
      return *std::move(outcome);
    }
    if (find_error_code(outcome.error().error.code).throttled) count(request, throttles_);
    const auto wait = retry_.next(outcome.error(), attempt, paid);
    if (!wait || !leaves(request.until, *wait))
      return tl::unexpected(described(std::move(outcome.error().error), request, credentials));
    clock_.sleep(*wait);
  }
}

tl::expected<http::Response, Failure> Requester::send_once(const http::OutgoingRequest& request) {
  auto response = transport_.send(request);
  if (!response) return tl::unexpected(Failure{std::move(response).error(), 0});
  const int status = response->status;
  if (status >= 200 && status < 300) return *std::move(response);
  Failure failure{api_error(*response), status};
  // A gateway's words, not the service's, which it lost touch with.
  if (request.once && (status == 502 || status == 504))
    failure = {{ErrorKind::aws, std::string(http::kAnswerLost), failure.error.message}, 0};
  return tl::unexpected(std::move(failure));
}

void Requester::count(const ApiRequest& request, CallCounts& counts) {
  const std::lock_guard lock(mutex_);
  ++counts[request.service + ":" + request.action];
}

CallCounts Requester::throttles() const {
  const std::lock_guard lock(mutex_);
  return throttles_;
}

CallCounts Requester::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace lamplighter::aws
