// The only way out: one request, one answer. CurlTransport goes over the network; the simulated cloud
// stands in for it in-process (simcloud/transport.h); tests script it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace lamplighter::http {

/// A key pair, with a session token where it is temporary. Never printed, never stored.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;
};

/// How a request is to be signed (AWS Signature Version 4).
struct Signing {
  std::string region;
  std::string service;  ///< the signing name: "ec2", "monitoring", "sns", "sts", "lambda", "states"
  Credentials credentials;
};

/// A request as a client sends it.
struct OutgoingRequest : Request {
  std::optional<Signing> signing;
  std::chrono::milliseconds timeout{30'000};  ///< zero: none
  /// To be made once: what may have been carried out is not sent again, also where its connection broke.
  bool once = false;
};

/// The code of what went out and whose answer was lost: nobody knows whether it was carried out.
inline constexpr std::string_view kAnswerLost = "AnswerLost";

/// Safe to use from several threads.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends one request and waits for its answer, whatever its HTTP status. Error: aws "ConnectionError"
  /// (refused, reset, not resolved, TLS) or "RequestTimeout"; of a request that is to be made once these say
  /// that nothing of it went out, and kAnswerLost that it did.
  virtual Result<Response> send(const OutgoingRequest& request) = 0;
};

}  // namespace lamplighter::http
