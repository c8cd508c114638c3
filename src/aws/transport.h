// The only way out to AWS: one request, one answer. CurlTransport goes over the network; the simulated cloud
// stands in for it in-process (sim/transport.h); tests script it.
#pragma once

#include "aws/http.h"
#include "base/result.h"

namespace lamplighter::aws {

/// Safe to use from several threads.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Sends one request and waits for its answer, whatever its HTTP status. Error: aws "ConnectionError"
  /// (refused, reset, not resolved, TLS) or "RequestTimeout".
  virtual Result<HttpResponse> send(const HttpRequest& request) = 0;
};

}  // namespace lamplighter::aws
