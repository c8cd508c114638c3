// One connection's life on the server's side. Only session.cc knows Beast, which is slow to compile.
#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>

#include "http/connections.h"
#include "http/http_server.h"

namespace lamplighter::http {

/// TCP or Unix-domain.
using Socket = boost::asio::generic::stream_protocol::socket;

/// What the sessions of one server share. Everything but `workers` and `handler` belongs to the I/O thread.
/// Outlives them: they live in the I/O context's queue.
struct SessionContext {
  SessionContext(const HttpOptions& given_options, Handler given_handler, Gate given_gate)
      : options(given_options),
        handler(std::move(given_handler)),
        gate(std::move(given_gate)),
        workers(options.workers),
        connections(options.max_connections, options.max_buffered_bytes) {}

  const HttpOptions options;
  const Handler handler;
  const Gate gate;
  boost::asio::thread_pool workers;
  Connections connections;
  bool stopping = false;
};

/// Answers the requests that come over `socket` until its client or the server has enough. On the I/O thread.
void begin_session(Socket socket, std::optional<Peer> peer, std::string address, SessionContext& context);

/// Answers with that status and closes. On the I/O thread.
void refuse_session(Socket socket, int status, std::string why, SessionContext& context);

}  // namespace lamplighter::http
