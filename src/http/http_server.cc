#include "http/http_server.h"

#include <cstring>
#include <mutex>
#include <thread>

#include <boost/asio.hpp>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/session.h"
#include "http/socket_path.h"

namespace lamplighter::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using Protocol = asio::generic::stream_protocol;
using boost::system::error_code;

namespace {

/// The process at a Unix-domain socket's other end; nullopt for TCP.
std::optional<Peer> peer_of(Socket& socket) {
  ucred found{};
  socklen_t size = sizeof found;
  const bool known = ::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &found, &size) == 0;
  if (!known) return std::nullopt;
  return Peer{found.pid, found.uid, found.gid};
}

/// Of a TCP connection's other end; "" where it is gone already.
std::string address_of(const Socket& socket) {
  error_code error;
  const auto found = socket.remote_endpoint(error);
  if (error) return "";
  tcp::endpoint endpoint;
  if (found.size() > endpoint.capacity()) return "";
  endpoint.resize(found.size());
  std::memcpy(endpoint.data(), found.data(), found.size());
  return endpoint.address().to_string(error);
}

/// Whether somebody answers there.
bool is_alive(const asio::local::stream_protocol::endpoint& endpoint, asio::io_context& io) {
  asio::local::stream_protocol::socket socket(io);
  error_code error;
  socket.connect(endpoint, error);
  return !error;
}

/// Makes room at `path` for a socket: one that nobody answers on goes, all else stays.
error_code take_place(const std::filesystem::path& path, const asio::local::stream_protocol::endpoint& place,
                      asio::io_context& io) {
  std::error_code trouble;
  if (!std::filesystem::is_socket(path, trouble)) return {};
  if (is_alive(place, io)) return asio::error::address_in_use;
  std::filesystem::remove(path, trouble);
  return {};
}

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpOptions& options, Handler handler, Gate gate)
      : context(options, std::move(handler), std::move(gate)), acceptor(io), stop_deadline(io) {}

  Status listen() { return context.options.socket.empty() ? listen_to_port() : listen_to_socket(); }

  Status listen_to_port() {
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
    if (!error) read_local_endpoint(error);
    if (!error) return {};
    return fail(ErrorKind::internal, "CannotListen",
                fmt::format("cannot listen on {}:{}: {}", context.options.address, context.options.port,
                            error.message()));
  }

  /// Nobody can connect before it listens, and by then it has its mode.
  Status listen_to_socket() {
    const auto& path = context.options.socket;
    const SocketPath short_path(path);
    error_code error;
    if (short_path.text().size() > SocketPath::kLongest) error = asio::error::name_too_long;
    if (!error) {
      const asio::local::stream_protocol::endpoint endpoint(short_path.text());
      error = take_place(path, endpoint, io);
      if (!error) acceptor.open(endpoint.protocol(), error);
      if (!error) acceptor.bind(endpoint, error);
    }
    is_bound = !error;
    const mode_t mode = context.options.group ? 0660 : 0600;
    if (!error && ::chmod(path.c_str(), mode) != 0) error.assign(errno, boost::system::system_category());
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    return fail(ErrorKind::internal, "CannotListen",
                fmt::format("cannot listen on the socket {}: {}", path.string(), error.message()));
  }

  void read_local_endpoint(error_code& error) {
    const auto found = acceptor.local_endpoint(error);
    if (error) return;
    local.resize(found.size());
    std::memcpy(local.data(), found.data(), found.size());
  }

  void accept() {
    acceptor.async_accept([this](const error_code& error, Socket socket) {
      if (context.stopping) return;
      if (error) return accept_later();
      welcome(std::move(socket));
      accept();
    });
  }

  void welcome(Socket socket) {
    const auto& options = context.options;
    if (options.socket.empty()) socket.set_option(tcp::no_delay(true), ignored);
    const auto peer = options.socket.empty() ? std::nullopt : peer_of(socket);
    const bool may = options.socket.empty() || (peer && may_connect(*peer, ::geteuid(), options.group));
    if (!context.connections.make_room()) {
      refuse_session(std::move(socket), 503, "too many connections", context);
    } else if (!may) {
      refuse_session(std::move(socket), 403, "this socket is another user's", context);
    } else {
      auto address = options.socket.empty() ? address_of(socket) : "";
      begin_session(std::move(socket), peer, std::move(address), context);
    }
  }

  /// Who tidies up in the directory cuts nobody off: what is deleted is made again. What stands in its place
  /// stays, and is looked at again.
  void keep_socket() {
    if (context.options.socket.empty()) return;
    next_look.expires_after(context.options.socket_look);
    next_look.async_wait([this](const error_code& error) {
      if (error || context.stopping) return;
      std::error_code trouble;
      const bool is_gone = !std::filesystem::exists(context.options.socket, trouble) && !trouble;
      if (is_gone) acceptor.close(ignored);  // accept() then tries again
      if (is_gone) (void)listen_to_socket();
      keep_socket();
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
    next_look.cancel();
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
    remove_socket();
    context.connections.when_none(nullptr);
    context.workers.join();
  }

  ~Impl() { remove_socket(); }

  void remove_socket() {
    if (std::exchange(is_bound, false)) ::unlink(context.options.socket.c_str());
  }

  SessionContext context;  // outlives the sessions in io's queue
  asio::io_context io{1};
  asio::basic_socket_acceptor<Protocol> acceptor;
  asio::steady_timer accept_pause{io};
  asio::steady_timer next_look{io};
  asio::steady_timer stop_deadline;
  tcp::endpoint local;
  bool is_bound = false;  // to a socket in the file system, which then goes at the end
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
  impl->keep_socket();
  impl->thread = std::thread([&running = *impl] { running.io.run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const {
  return impl_->context.options.socket.empty() ? impl_->local.port() : std::uint16_t{0};
}

std::string HttpServer::url() const {
  if (!impl_->context.options.socket.empty()) return "http://localhost";
  const auto address = impl_->local.address();
  if (address.is_v6()) return fmt::format("http://[{}]:{}", address.to_string(), port());
  return fmt::format("http://{}:{}", address.to_string(), port());
}

void HttpServer::stop() { impl_->stop(); }

}  // namespace lamplighter::http
