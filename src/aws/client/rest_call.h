// The services that speak REST with JSON: a path and a query in, an object out.
#pragma once

#include <string>
#include <string_view>

#include "aws/client/caller.h"
#include "aws/client/session.h"

namespace lamplighter::aws {

/// What a call asks for.
struct RestRequest {
  std::string_view service;
  std::string_view action;        ///< for counts and errors
  std::vector<std::string> path;  ///< its segments, as they are: {"schedules", "tonight"}
  Parameters query = {};
  std::string method = "GET";
  json::value body = {};  ///< null for none
};

/// Safe to use from several threads.
class RestCaller {
 public:
  virtual ~RestCaller() = default;
  /// The body of a success. Errors: as Caller::call's.
  virtual Result<std::string> send(const Target& target, const RestRequest& request) = 0;
};

/// By way of a session, to which it keeps a reference.
class SessionRestCaller final : public RestCaller {
 public:
  explicit SessionRestCaller(Session& session) : session_(session) {}
  Result<std::string> send(const Target& target, const RestRequest& request) override;

 private:
  Session& session_;
};

/// "/schedules/tonight?groupName=g", percent-encoded.
std::string url_of(const RestRequest& request);

}  // namespace lamplighter::aws
