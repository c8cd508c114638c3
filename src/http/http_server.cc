#include "http/http_server.h"

#include <algorithm>
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
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kSmallBody = std::size_t{64} << 10;  // so much of a body counts as nothing

class Session;

/// What the sessions of one server share. Everything but `workers` and `handler` belongs to the I/O thread.
struct Shared {
  Shared(HttpOptions given_options, Handler given_handler, Gate given_gate)
      : options(std::move(given_options)),
        handler(std::move(given_handler)),
        gate(std::move(given_gate)),
        workers(options.workers) {}

  /// Makes room for one more connection; false where all are busy.
  [[nodiscard]] bool make_room();
  /// Closes connections that send a large body until all together hold no more than they may.
  void keep_within_budget();

  HttpOptions options;
  Handler handler;
  Gate gate;
  asio::thread_pool workers;
  std::unordered_set<Session*> sessions;
  std::size_t buffered = 0;          ///< bytes of all bodies that are no small ones
  std::function<void()> when_empty;  ///< called when the last session goes, while stopping
  bool stopping = false;
};

/// Everything but the body.
Request to_request(const http::request<http::string_body>& message) {
  Request request;
  request.method = std::string(message.method_string());
  request.url = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return request;
}

/// The status for what a server must refuse (RFC 9112) and Beast lets through; 0 for what is in order. Who
/// reads a request's end, or its host, in another way than we do could smuggle a second one past us.
int refusal_of(const http::request<http::string_body>& message) {
  if (message.count(http::field::host) > 1 || !message.target().starts_with('/')) return 400;
  const auto codings = message.count(http::field::transfer_encoding);
  if (codings == 0) return 0;
  if (message.version() < 11) return 400;
  return codings == 1 && beast::iequals(message[http::field::transfer_encoding], "chunked") ? 0 : 501;
}

Response plain(int status, std::string text) {
  return Response{status, {{"Content-Type", "text/plain"}}, std::move(text) + "\n"};
}

std::optional<Response> call(const std::function<std::optional<Response>(const Request&)>& handler,
                             const Request& request) {
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
  using Moment = std::chrono::steady_clock::time_point;

  Session(tcp::socket socket, Shared& shared)
      : stream_(std::move(socket)), shared_(shared), buffer_(shared.options.max_header_bytes + kReadBytes) {
    shared_.sessions.insert(this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    hold(0);
    shared_.sessions.erase(this);
    if (shared_.stopping && shared_.sessions.empty() && shared_.when_empty) shared_.when_empty();
  }

  void start() { read_header(); }

  void refuse() {
    stream_.expires_after(shared_.options.io_timeout);
    write(plain(503, "too many connections"), false);
  }

  /// Ends the connection now where it waits for a request or its body, else after the answer.
  void finish() {
    if (receiving_) close();
  }

  [[nodiscard]] bool is_open() const { return stream_.socket().is_open(); }
  /// Since when nothing but the client keeps this connection open; nullopt while a handler works for it.
  [[nodiscard]] std::optional<Moment> waits_since() const { return waits_since_; }
  /// How many bytes of a body it holds; 0 for a small one.
  [[nodiscard]] std::size_t held() const { return held_; }

  void close() {
    hold(0);
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.close();
  }

 private:
  void read_header() {
    receiving_ = true;
    waits_since_ = std::chrono::steady_clock::now();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.options.max_header_bytes));
    parser_->body_limit(shared_.options.max_body_bytes);
    stream_.expires_after(shared_.options.idle_timeout);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->give_up(error);
                              self->look_at_header();
                            });
  }

  void look_at_header() {
    stream_.expires_after(shared_.options.io_timeout);
    version_ = parser_->get().version();
    head_only_ = parser_->get().method() == http::verb::head;
    if (const int status = refusal_of(parser_->get())) return write(plain(status, "no such request"), false);
    request_ = to_request(parser_->get());
    if (shared_.gate) {
      if (auto refusal = call(shared_.gate, request_)) return write(std::move(*refusal), false);
    }
    parser_->eager(true);
    invite_body();
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

  /// Piece by piece, so that no more is held than what came.
  void read_body() {
    if (!is_open()) return;  // it had to give way while this piece came
    const std::size_t size = parser_->get().body().size();
    hold(size > kSmallBody ? size : 0);
    shared_.keep_within_budget();
    if (parser_->is_done() && is_open()) return answer();
    http::async_read_some(stream_, buffer_, *parser_,
                          [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (error) return self->give_up(error);
                            self->read_body();
                          });
  }

  void answer() {
    stream_.expires_never();
    receiving_ = false;
    waits_since_ = std::nullopt;
    const bool keep_alive = parser_->get().keep_alive();
    request_.body = std::move(parser_->get().body());
    auto request = std::make_shared<const Request>(std::move(request_));
    auto work = asio::make_work_guard(stream_.get_executor());
    asio::post(shared_.workers, [self = shared_from_this(), request, keep_alive, work]() mutable {
      auto response = call(self->shared_.handler, *request);
      request.reset();
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
    receiving_ = false;
    waits_since_ = std::chrono::steady_clock::now();
    hold(0);
    response_ = {};
    response_.version(version_);
    response_.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) response_.insert(name, value);
    response_.keep_alive(keep_alive);
    response_.content_length(response.body.size());
    if (!head_only_) response_.body() = std::move(response.body);
    http::async_write(stream_, response_,
                      [self = shared_from_this(), keep_alive](const error_code& error, std::size_t) {
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

  void hold(std::size_t bytes) {
    shared_.buffered = shared_.buffered - held_ + bytes;
    held_ = bytes;
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
  Request request_;
  std::optional<Moment> waits_since_ = std::chrono::steady_clock::now();
  std::size_t held_ = 0;
  unsigned version_ = 11;
  bool head_only_ = false;
  bool receiving_ = true;
};

/// Of the sessions that only wait for their client, and are `wanted`, the one that has waited longest.
template <class Wanted>
Session* longest_waiting(const std::unordered_set<Session*>& sessions, Wanted wanted) {
  Session* longest = nullptr;
  for (Session* session : sessions) {
    if (!session->is_open() || !session->waits_since() || !wanted(*session)) continue;
    if (longest == nullptr || *session->waits_since() < *longest->waits_since()) longest = session;
  }
  return longest;
}

bool Shared::make_room() {
  const auto open = std::count_if(sessions.begin(), sessions.end(), [](auto* one) { return one->is_open(); });
  if (static_cast<std::size_t>(open) < options.max_connections) return true;
  auto* longest = longest_waiting(sessions, [](const Session&) { return true; });
  if (longest != nullptr) longest->close();
  return longest != nullptr;
}

void Shared::keep_within_budget() {
  while (buffered > options.max_buffered_bytes) {
    auto* longest = longest_waiting(sessions, [](const Session& session) { return session.held() > 0; });
    if (longest == nullptr) return;
    longest->close();
  }
}

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpOptions& options, Handler handler, Gate gate)
      : shared(options, std::move(handler), std::move(gate)), acceptor(io), stop_deadline(io) {}

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
      const bool room = shared.make_room();
      auto session = std::make_shared<Session>(std::move(socket), shared);
      room ? session->start() : session->refuse();
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
