// HTTP(S) by libcurl, which also signs (CURLOPT_AWS_SIGV4).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/host.h"
#include "http/socket_path.h"
#include "http/transport.h"

namespace lamplighter::http {

struct CurlOptions {
  std::string ca_bundle;  ///< PEM file of trusted authorities; "" for libcurl's default
  std::size_t max_response_bytes = std::size_t{16} << 20U;
  std::chrono::milliseconds connect_timeout{5'000};
  /// The Unix-domain socket of a server, which then gets all requests; "" for the network.
  std::filesystem::path socket = {};
  /// Told, once a request, that its answer has not come for `slow_after`. From the thread that waits.
  std::function<void(const OutgoingRequest&)> slow = {};
  std::chrono::milliseconds slow_after{4'000};
};

/// AWS_CA_BUNDLE, SSL_CERT_FILE, else the first that exists of the places where Linux distributions keep it.
std::string find_ca_bundle(const Host& host);

/// Keeps connections open between requests: a pool of handles, each with its own, one thread a handle at a
/// time. Follows no redirects, speaks only HTTP/1.1, obeys the proxy variables except for loopback and
/// link-local hosts. Errors as Transport says, and "ResponseTooLarge", "InvalidRequest".
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlOptions options = {});
  ~CurlTransport() override;
  CurlTransport(const CurlTransport&) = delete;
  CurlTransport& operator=(const CurlTransport&) = delete;

  Result<Response> send(const OutgoingRequest& request) override;

 private:
  class Handle;
  std::unique_ptr<Handle> acquire();
  void release(std::unique_ptr<Handle> handle);

  CurlOptions options_;
  SocketPath socket_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;
};

}  // namespace lamplighter::http
