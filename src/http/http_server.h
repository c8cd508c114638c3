// A small HTTP/1.1 server: the only one in Lamplighter, shared by the simulated cloud and the APIs.
// Boost.Beast stays in session.cc (it is slow to compile).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace lamplighter::http {

/// Looks at a request's header before its body is read: a Response is sent instead of that, and the
/// connection closed; nullopt reads on. Called on the I/O thread, so it must be quick.
using Gate = std::function<std::optional<Response>(const Request& header)>;

/// Answers one request. nullopt: the connection is reset without an answer (a fault of the simulated cloud).
/// An exception becomes a plain 500.
using Handler = std::function<std::optional<Response>(const Request&)>;

struct HttpOptions {
  std::string address = "127.0.0.1";  ///< an IP address
  std::uint16_t port = 0;             ///< 0 picks a free one
  /// Instead of address and port: a Unix-domain socket there, mode 0600, for processes of the same user and
  /// root's. What a process that has died left there is replaced.
  std::filesystem::path socket = {};
  bool group = false;                            ///< the socket is its group's, too (mode 0660)
  std::chrono::milliseconds socket_look{1'000};  ///< one that was deleted is made again after this at most
  std::size_t workers = 4;  ///< threads that call the handler; 1: one request after the other
  /// A further one takes the place of the one that has waited for its client longest; where all have a
  /// request with the handler, it gets 503.
  std::size_t max_connections = 256;
  std::size_t max_header_bytes = std::size_t{32} << 10;
  std::size_t max_body_bytes = std::size_t{8} << 20;
  /// Of all bodies beyond 64 KiB together, requests' and answers'; where they come to more, the connection
  /// whose client has been sending or reading one longest is closed.
  std::size_t max_buffered_bytes = std::size_t{64} << 20;
  std::chrono::milliseconds idle_timeout{60'000};  ///< to the end of the next request's header
  std::chrono::milliseconds io_timeout{30'000};    ///< to receive a body, or to send an answer
  std::chrono::milliseconds stop_timeout{3'000};   ///< what stop() gives answers under way
};

/// Whether a server of `own_uid` answers this peer. A group's members need no look: the kernel lets nobody
/// connect who may not write to the socket, and knows their groups better than we do.
constexpr bool may_connect(const Peer& peer, std::uint32_t own_uid, bool group) {
  return peer.uid == own_uid || peer.uid == 0 || group;
}

/// Listens and answers until stop() or its end. Safe to use from several threads.
class HttpServer {
 public:
  /// Listens at once, answers on its own threads. Error: bad_input "InvalidAddress"; internal "CannotListen"
  /// (the port or the socket is taken, or not allowed).
  static Result<std::unique_ptr<HttpServer>> start(const HttpOptions& options, Handler handler,
                                                   Gate gate = nullptr);

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  /// 0 for a Unix-domain socket.
  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:8083"; "http://localhost" for a Unix-domain socket.
  [[nodiscard]] std::string url() const;

  /// Takes no more connections, lets answers under way go out, and ends. Not from within the handler.
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lamplighter::http
