// The Step Functions API (protocol AWS JSON 1.0, target AWSStepFunctions.*) over the embedded engine: what
// the AWS CLI, boto3 and the console's friends speak. docs/api.md says which calls, and where they differ.
#pragma once

#include <optional>

#include "api/auth/door.h"
#include "engine/runtime/engine.h"
#include "http/http_server.h"

namespace lamplighter::api {

/// Safe to use from several threads. Keeps references to the engine and the door.
class StepFunctions {
 public:
  StepFunctions(engine::Engine& engine, const Door& door) : engine_(engine), door_(door) {}

  /// Answers one request: 200 with the call's result, or {"__type", "message"} with 400 (the request is at
  /// fault), 403 (not authenticated), 500 (we are).
  [[nodiscard]] http::Response handle(const http::Request& request) const;

  /// The refusal that a request's header alone gives reason for; nullopt where its body may be read.
  [[nodiscard]] std::optional<http::Response> refuse(const http::Request& header) const;

 private:
  [[nodiscard]] Result<json::object> perform(const http::Request& request) const;

  engine::Engine& engine_;
  const Door& door_;
};

}  // namespace lamplighter::api
