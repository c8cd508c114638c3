// The way to AWS, put together: configuration, endpoints, credentials, retries. The composition roots make
// one and hand it to the actions as their Caller.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/client/caller.h"
#include "aws/client/requester.h"
#include "aws/credentials/config.h"
#include "aws/credentials/credentials.h"
#include "base/host.h"
#include "http/transport.h"

namespace lamplighter::aws {

struct SessionOptions {
  std::string region;   ///< --region; "" for AWS_REGION, AWS_DEFAULT_REGION, the profile's
  std::string profile;  ///< --profile; "" for AWS_PROFILE, else "default"
  std::string
      endpoint_url;  ///< --endpoint-url, for every service; "" for what the environment or profile says
  std::optional<Credentials> credentials;  ///< instead of looking for them: the simulated cloud takes any
  std::uint64_t seed = 1;                  ///< of the retries' jitter
};

/// Keeps references to the host, transport and clock that it was made with. Safe to use from several threads.
class Session final : public Caller {
 public:
  /// Reads the configuration; fetches nothing. Error: bad_input "ProfileNotFound", "InvalidAwsConfig", ….
  static Result<std::unique_ptr<Session>> make(const SessionOptions& options, const Host& host,
                                               http::Transport& transport, Clock& clock);

  /// As Caller says; a target without a region means the default region.
  Result<std::string> call(const Target& target, std::string_view service, std::string_view action,
                           const Parameters& parameters) override;
  Result<std::string> call_json(const Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override;
  /// The same for services with other protocols (aws/lambda.h). `request.region` is taken from the target.
  Result<http::Response> send(const Target& target, ApiRequest request);
  [[nodiscard]] CallCounts counts() const override;
  /// As Requester's.
  [[nodiscard]] CallCounts throttles() const;

  /// Whose credentials these are, for people: "profile ops", "the environment's key pair".
  [[nodiscard]] const std::string& credentials_name() const { return credentials_name_; }
  /// "" where none is configured.
  [[nodiscard]] const std::string& region() const { return region_; }

 private:
  Session() = default;
  Result<CredentialsCaller> caller_for(const Target& target);
  [[nodiscard]] Result<std::string> region_of(const Target& target) const;

  std::string region_;
  std::string credentials_name_;
  std::string renewal_;  ///< what to do where the credentials have expired
  Config config_;
  std::unique_ptr<Requester> requester_;
  std::shared_ptr<CachedCredentials> own_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<CachedCredentials>> roles_;
};

}  // namespace lamplighter::aws
