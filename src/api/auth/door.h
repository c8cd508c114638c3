// Who may use an API of the daemon: whoever signs with its key pair; without one, whoever asks by a loopback
// name, and for no other site's page: so no web page can reach the API through a name of its own (DNS
// rebinding), nor by this one.
#pragma once

#include <optional>
#include <string_view>

#include "api/auth/key_pair.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/message.h"
#include "json/json.h"

namespace lamplighter::api {

/// Safe to use from several threads. Keeps a reference to the clock.
class Door {
 public:
  Door(std::optional<KeyPair> keys, const Clock& clock) : keys_(std::move(keys)), clock_(clock) {}

  /// `service` is the name that a signature must be for ("states"). Error: bad_input with AWS's code (403).
  [[nodiscard]] Status check(const http::Request& request, std::string_view service) const;
  /// As much of that as the header alone can show, before a body is read.
  [[nodiscard]] Status check_header(const http::Request& header, std::string_view service) const;

  /// Who sent a request that check() has let in: {"how": "socket" or "api", …}. Nothing of it is the
  /// request's own word.
  [[nodiscard]] json::object sender_of(const http::Request& request) const;

 private:
  std::optional<KeyPair> keys_;
  const Clock& clock_;
};

/// Whether the error's code says that nobody was let in: HTTP's 403.
bool is_refusal(const Error& error);

}  // namespace lamplighter::api
