// What looks whether the daemon is well: /healthz (it is alive), /readyz (it can work) and /metrics
// (Prometheus). On a loopback address whoever asks by a loopback name is answered, elsewhere whoever has the
// bearer token.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace lamplighter::api {

/// Called on the server's threads.
struct HealthSources {
  std::function<std::vector<std::string>()> hanging;  ///< which threads hang
  std::function<std::vector<std::string>()> unready;  ///< why it can't work
  std::function<std::string()> metrics;               ///< metrics_text.h
};

/// Safe to use from several threads.
class Health {
 public:
  /// `token`: what a client must know; nullopt on loopback, where nobody has to.
  Health(std::optional<std::string> token, HealthSources sources)
      : token_(std::move(token)), sources_(std::move(sources)) {}

  /// 200, or 503 with what is wrong, a line each; 404 for another path, or by another host's name on
  /// loopback; 405 for methods other than GET and HEAD; 401 without the token.
  [[nodiscard]] http::Response handle(const http::Request& request) const;
  /// The refusal that a request's header alone gives reason for; nullopt where its body may be read.
  [[nodiscard]] std::optional<http::Response> refuse(const http::Request& header) const;

 private:
  std::optional<std::string> token_;
  HealthSources sources_;
};

/// Where the token of a state directory is kept.
std::filesystem::path health_token_file(const std::filesystem::path& state_dir);
/// It, made on first use. Errors: as load_or_make_secret (api/auth/secret_file.h).
Result<std::string> load_or_make_health_token(const std::filesystem::path& state_dir);

}  // namespace lamplighter::api
