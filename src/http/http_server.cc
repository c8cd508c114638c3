#include "http/http_server.h"

#include <mutex>
#include <thread>
#include <unordered_set>

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <fmt/format.h>

namespace lamplighter::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::size_t kDrainBytes = std::size_t{16} << 10;

class Session;

/// What the sessions of one server share. Everything but `workers` and `handler` belongs to the I/O thread.
struct Shared {
  Shared(HttpOptions given_options, Handler given_handler)
      : options(std::move(given_options)), handler(std::move(given_handler)), workers(options.workers) {}

  HttpOptions options;
  Handler handler;
  asio::thread_pool workers;
  std::unordered_set<Session*> sessions;
  std::function<void()> when_empty;  ///< called when the last session goes, while stopping
  bool stopping = false;
};

Request to_request(http::request<http::string_body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  request.url = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  return request;
}

Response plain(int status, std::string text) {
  return Response{status, {{"Content-Type", "text/plain"}}, std::move(text) + "\n"};
}

std::optional<Response> call(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const std::exception&) {
    return plain(500, "internal error");
  }
}

int status_of(const error_code& error) {
  if (error == http::error::header_limit) return 431;
  if (error == http::error::body_limit) return 413;
  return 400;
}

/// Whether the client sent something that is no HTTP, or too much of it (as opposed to having gone away).
bool is_client_mistake(const error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

/// One connection: reads a request, has it answered by a worker, writes the answer, and again. Lives as long
/// as one of its operations is under way; runs on the I/O thread only.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
    shared_.sessions.insert(this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    shared_.sessions.erase(this);
    if (shared_.stopping && shared_.sessions.empty() && shared_.when_empty) shared_.when_empty();
  }

  void start() { read_header(); }

  void refuse() {
    stream_.expires_after(shared_.options.io_timeout);
    write(plain(503, "too many connections"), false);
  }

  /// Ends the connection now where it waits for a request, else after the answer.
  void finish() {
    if (!answering_) close();
  }

 private:
  void read_header() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.options.max_header_bytes));
    parser_->body_limit(shared_.options.max_body_bytes);
    stream_.expires_after(shared_.options.idle_timeout);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->give_up(error);
                              self->answering_ = true;
                              self->stream_.expires_after(self->shared_.options.io_timeout);
                              self->invite_body();
                            });
  }

  void invite_body() {
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return read_body();
    invitation_ = {http::status::continue_, parser_->get().version()};
    http::async_write(stream_, invitation_,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (error) return self->give_up(error);
                        self->read_body();
                      });
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](const error_code& error, std::size_t) {
                       if (error) return self->give_up(error);
                       self->answer();
                     });
  }

  void answer() {
    stream_.expires_never();
    version_ = parser_->get().version();
    head_only_ = parser_->get().method() == http::verb::head;
    const bool keep_alive = parser_->get().keep_alive();
    auto request = std::make_shared<Request>(to_request(parser_->release()));
    auto work = asio::make_work_guard(stream_.get_executor());
    asio::post(shared_.workers, [self = shared_from_this(), request, keep_alive, work]() mutable {
      auto response = call(self->shared_.handler, *request);
      auto& session = *self;
      // The last reference must go away on the I/O thread, so it is moved along.
      asio::post(session.stream_.get_executor(),
                 [self = std::move(self), response = std::move(response), keep_alive]() mutable {
                   if (!response) return self->reset();
                   self->stream_.expires_after(self->shared_.options.io_timeout);
                   self->write(std::move(*response), keep_alive && !self->shared_.stopping);
                 });
    });
  }

  void write(Response response, bool keep_alive) {
    response_ = {};
    response_.version(version_);
    response_.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) response_.insert(name, value);
    response_.keep_alive(keep_alive);
    response_.content_length(response.body.size());
    if (!head_only_) response_.body() = std::move(response.body);
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](const error_code& error, std::size_t) {
                        self->answering_ = false;
                        if (error || self->shared_.stopping) return self->close();
                        keep_alive ? self->read_header() : self->begin_close();
                      });
  }

  void give_up(const error_code& error) {
    if (!is_client_mistake(error) || shared_.stopping) return close();
    stream_.expires_after(shared_.options.io_timeout);
    write(plain(status_of(error), error.message()), false);
  }

  /// Says that nothing more comes and lets the client read that: closing at once, with bytes of it still
  /// unread, would reset the connection and take the answer away.
  void begin_close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLinger);
    drain();
  }

  void drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kDrainBytes),
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              error ? self->close() : self->drain();
                            });
  }

  void close() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.close();
  }

  void reset() {
    error_code ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.close();
  }

  beast::tcp_stream stream_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::empty_body> invitation_;
  http::response<http::string_body> response_;
  unsigned version_ = 11;
  bool head_only_ = false;
  bool answering_ = false;
};

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpOptions& options, Handler handler)
      : shared(options, std::move(handler)), acceptor(io), stop_deadline(io) {}

  Status listen() {
    error_code error;
    const auto address = asio::ip::make_address(shared.options.address, error);
    if (error) {
      return fail(ErrorKind::bad_input, "InvalidAddress",
                  fmt::format("found \"{}\", expected an IP address", shared.options.address));
    }
    const tcp::endpoint endpoint(address, shared.options.port);
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) local = acceptor.local_endpoint(error);
    if (!error) return {};
    return fail(ErrorKind::internal, "CannotListen",
                fmt::format("cannot listen on {}:{}: {}", shared.options.address, shared.options.port,
                            error.message()));
  }

  void accept() {
    acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
      if (shared.stopping) return;
      if (error) return accept_later();
      socket.set_option(tcp::no_delay(true), ignored);
      const bool full = shared.sessions.size() >= shared.options.max_connections;
      auto session = std::make_shared<Session>(std::move(socket), shared);
      full ? session->refuse() : session->start();
      accept();
    });
  }

  /// Out of file descriptors, most likely: waits for some to come back rather than spin.
  void accept_later() {
    accept_pause.expires_after(std::chrono::milliseconds(100));
    accept_pause.async_wait([this](const error_code&) {
      if (!shared.stopping) accept();
    });
  }

  void begin_stop() {
    shared.stopping = true;
    shared.when_empty = [this] { stop_deadline.cancel(); };
    acceptor.close(ignored);
    accept_pause.cancel();
    if (shared.sessions.empty()) return;
    for (Session* session : shared.sessions) session->finish();
    stop_deadline.expires_after(shared.options.stop_timeout);
    stop_deadline.async_wait([this](const error_code& error) {
      if (!error) io.stop();
    });
  }

  void stop() {
    const std::scoped_lock lock(stop_mutex);
    if (!thread.joinable()) return;
    asio::post(io, [this] { begin_stop(); });
    thread.join();
    shared.when_empty = nullptr;
    shared.workers.join();
  }

  // Sessions live in io's queue and refer to `shared`: it must outlive io.
  Shared shared;
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

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, Handler handler) {
  auto impl = std::make_unique<Impl>(options, std::move(handler));
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
