// The wire: what is sent to AWS and what comes back. Plain data, shared by the transports, the typed calls
// and the simulated cloud.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lamplighter::aws {

using Headers = std::vector<std::pair<std::string, std::string>>;

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

struct HttpRequest {
  std::string method = "POST";
  std::string url;  ///< scheme, host, port, path
  Headers headers;
  std::string body;
  std::optional<Signing> signing;
  std::chrono::milliseconds timeout{30'000};  ///< zero: none
};

struct HttpResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// The first header called `name`, in any case; "" where there is none.
std::string_view header(const Headers& headers, std::string_view name);

}  // namespace lamplighter::aws
