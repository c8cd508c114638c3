// Credentials that are fetched when first needed and again before they end.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/client/caller.h"
#include "aws/client/requester.h"
#include "aws/services/sts.h"
#include "base/clock.h"

namespace lamplighter::aws {

/// Gets credentials anew; those without an end expire at Time::max().
using CredentialsSource = std::function<Result<TemporaryCredentials>()>;

/// What the last fetch gave, until 15 minutes before its end; then it is fetched again, and a failure of that
/// is tolerated until 10 minutes before the end. (Credentials that live for less than an hour: at a quarter
/// and a sixth of their life.) Safe to use from several threads: one fetches, the others wait.
class CachedCredentials {
 public:
  CachedCredentials(CredentialsSource source, Clock& clock) : source_(std::move(source)), clock_(clock) {}

  /// Error: the source's.
  Result<Credentials> get();

 private:
  Status fetch(Time now);

  CredentialsSource source_;
  Clock& clock_;
  std::mutex mutex_;
  std::optional<TemporaryCredentials> last_;
  Time refresh_at_{};
  Time required_at_{};
};

/// Calls as the owner of one set of credentials, whatever a target's role; unsigned where `credentials` is
/// null. Keeps a reference to `requester`.
class CredentialsCaller final : public Caller {
 public:
  CredentialsCaller(Requester& requester, std::shared_ptr<CachedCredentials> credentials)
      : requester_(requester), credentials_(std::move(credentials)) {}

  Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                           const Parameters& parameters) override;
  [[nodiscard]] CallCounts counts() const override { return requester_.counts(); }

  /// A request of any protocol.
  Result<http::Response> send(const ApiRequest& request);

 private:
  Requester& requester_;
  std::shared_ptr<CachedCredentials> credentials_;
};

}  // namespace lamplighter::aws
