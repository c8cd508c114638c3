// The way out of a function to AWS, for as long as one event has time.
#pragma once

#include "base/clock.h"
#include "http/transport.h"
#include "lambda_runtime/runtime_api.h"

namespace lamplighter::lambda_runtime {

/// Passes requests on, each with a timeout that leaves the function a second to answer before its deadline,
/// and with the event's trace header. Error besides the inner transport's: aws "DeadlineReached", which is
/// not tried again. Keeps references to both. For the loop's thread alone.
class InvocationTransport final : public http::Transport {
 public:
  InvocationTransport(http::Transport& inner, Clock& clock) : inner_(inner), clock_(clock) {}

  /// From now on requests belong to this event.
  void begin(const Invocation& invocation) { deadline_ = invocation.deadline; }

  Result<http::Response> send(const http::OutgoingRequest& request) override;

 private:
  http::Transport& inner_;
  Clock& clock_;
  Time deadline_ = Time::max();
};

}  // namespace lamplighter::lambda_runtime
