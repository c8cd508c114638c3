#include "http/http_server.h"

#include <mutex>
#include <thread>

#include <boost/asio.hpp>
#include <fmt/format.h>

#include "http/session.h"

namespace lamplighter::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct HttpServer::Impl {
  Impl(const HttpOptions& options, Handler handler, Gate gate)
      : context(options, std::move(handler), std::move(gate)), acceptor(io), stop_deadline(io) {}

  Status listen() {
    error_code error;
    const auto address = asio::ip::make_address(context.options.address, error);
    if (error) {
      return fail(ErrorKind::bad_input, "InvalidAddress",
                  fmt::format("found \"{}\", expected an IP address", context.options.address));
    }
    const tcp::endpoint endpoint(address, context.options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) local = acceptor.local_endpoint(error);
    if (!error) return {};
    return fail(ErrorKind::internal, "CannotListen",
                fmt::format("cannot listen on {}:{}: {}", context.options.address, context.options.port,
                            error.message()));
  }

  void accept() {
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
      if (context.stopping) return;
      if (error) return accept_later();
      socket.set_option(tcp::no_delay(true), ignored);
      const bool room = context.connections.make_room();
      (room ? begin_session : refuse_session)(std::move(socket), context);
      accept();
    });
  }

  /// Out of file descriptors, most likely: waits for some to come back rather than spin.
  void accept_later() {
    accept_pause.expires_after(std::chrono::milliseconds(100));
    accept_pause.async_wait([this](const error_code&) {
      if (!context.stopping) accept();
    });
  }

  void begin_stop() {
    context.stopping = true;
    acceptor.close(ignored);
    accept_pause.cancel();
    stop_deadline.expires_after(context.options.stop_timeout);
    stop_deadline.async_wait([this](const error_code& error) {
      if (!error) io.stop();
    });
    context.connections.finish();
    context.connections.when_none([this] { stop_deadline.cancel(); });
  }

  void stop() {
    const std::scoped_lock lock(stop_mutex);
    if (!thread.joinable()) return;
    asio::post(io, [this] { begin_stop(); });
    thread.join();
    context.connections.when_none(nullptr);
    context.workers.join();
  }

  SessionContext context;  // outlives the sessions in io's queue
  asio::io_context io{1};
  tcp::acceptor acceptor;
  asio::steady_timer accept_pause{io};
  asio::steady_timer stop_deadline;
  tcp::endpoint local;
  error_code ignored;
  std::mutex stop_mutex;
  std::thread thread;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, Handler handler,
                                                      Gate gate) {
  auto impl = std::make_unique<Impl>(options, std::move(handler), std::move(gate));
  CHECK_OK(impl->listen());
  impl->accept();
  impl->thread = std::thread([&running = *impl] { running.io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->local.port(); }

std::string HttpServer::url() const {
  const auto address = impl_->local.address();
  if (address.is_v6()) return fmt::format("http://[{}]:{}", address.to_string(), port());
  return fmt::format("http://{}:{}", address.to_string(), port());
}

void HttpServer::stop() { impl_->stop(); }

}  // namespace lamplighter::http
