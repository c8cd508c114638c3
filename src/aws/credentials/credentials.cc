#include "aws/credentials/credentials.h"

#include <algorithm>

#include "aws/client/query.h"

namespace lamplighter::aws {

Result<Credentials> CachedCredentials::get() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  if (!last_ || now >= refresh_at_) {
    const auto fetched = fetch(now);
    if (!fetched && (!last_ || now >= required_at_)) return tl::unexpected(fetched.error());
  }
  return last_->credentials;
}

Status CachedCredentials::fetch(Time now) {
  using std::chrono::minutes;
  last_ = TRY(source_());
  const auto life = std::max(last_->expires - now, Duration::zero());
  refresh_at_ = last_->expires - std::min<Duration>(minutes(15), life / 4);
  required_at_ = last_->expires - std::min<Duration>(minutes(10), life / 6);
  return {};
}

Result<std::string> CredentialsCaller::call(const Target& target, std::string_view service,
                                            std::string_view action, const Parameters& parameters) {
  return TRY(send(TRY(query_request(target.region, service, action, parameters)))).body;
}

Result<http::Response> CredentialsCaller::send(const ApiRequest& request) {
  if (!credentials_) return requester_.send(request, nullptr);
  const auto credentials = TRY(credentials_->get());
  return requester_.send(request, &credentials);
}

}  // namespace lamplighter::aws
