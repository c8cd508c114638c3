#include "http/session.h"

#include <future>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

namespace lamplighter::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::chrono::milliseconds kLookAround{50};
constexpr std::size_t kDrainBytes = std::size_t{16} << 10;
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kSmallBody = std::size_t{64} << 10;  // so much of a body counts as nothing

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

/// A worker goes on once the I/O thread has its answer: what lies between the two is counted by nobody.
void wait_until_taken(const std::future<void>& when_taken, const asio::any_io_executor& io) {
  const auto& context = static_cast<asio::io_context&>(asio::query(io, asio::execution::context));
  while (when_taken.wait_for(kLookAround) == std::future_status::timeout && !context.stopped()) continue;
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
class Session final : public Connection, public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, std::optional<Peer> peer, std::string address, SessionContext& context)
      : stream_(std::move(socket)),
        peer_(peer),
        address_(std::move(address)),
        context_(context),
        buffer_(context.options.max_header_bytes + kReadBytes) {
    context_.connections.add(*this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() override { context_.connections.remove(*this); }

  void start() { read_header(); }

  void refuse(int status, std::string why) {
    stream_.expires_after(context_.options.io_timeout);
    write(plain(status, std::move(why)), false);
  }

  [[nodiscard]] bool is_open() const override { return stream_.socket().is_open(); }
  [[nodiscard]] std::optional<Moment> waits_since() const override { return waits_since_; }
  [[nodiscard]] std::size_t held() const override { return held_; }
  void close() override {
    held_ = 0;
    error_code ignored;
    stream_.socket().shutdown(Socket::shutdown_send, ignored);
    stream_.close();
  }
  void finish() override {
    if (receiving_) close();
  }

 private:
  void read_header() {
    receiving_ = true;
    waits_since_ = Moment::clock::now();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
    parser_->body_limit(context_.options.max_body_bytes);
    stream_.expires_after(context_.options.idle_timeout);
    http::async_read_header(stream_, buffer_, *parser_,
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) return self->give_up(error);
                              self->look_at_header();
                            });
  }

  void look_at_header() {
    stream_.expires_after(context_.options.io_timeout);
    version_ = parser_->get().version();
    head_only_ = parser_->get().method() == http::verb::head;
    if (const int status = refusal_of(parser_->get())) return write(plain(status, "no such request"), false);
    request_ = to_request(parser_->get());
    request_.peer = peer_;
    request_.address = address_;
    if (context_.gate) {
      if (auto refusal = call(context_.gate, request_)) return write(std::move(*refusal), false);
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
    if (!hold(parser_->get().body().size())) return;
    if (parser_->is_done()) return answer();
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
    asio::post(context_.workers, [self = shared_from_this(), request, keep_alive, work]() mutable {
      auto response = call(self->context_.handler, *request);
      request.reset();
      const asio::any_io_executor io = self->stream_.get_executor();
      std::promise<void> taken;
      const auto when_taken = taken.get_future();
      // The last reference must go away on the I/O thread, so it is moved along.
      asio::post(io, [self = std::move(self), response = std::move(response), keep_alive,
                      taken = std::move(taken)]() mutable {
        taken.set_value();
        if (!response) return self->reset();
        self->stream_.expires_after(self->context_.options.io_timeout);
        self->write(std::move(*response), keep_alive && !self->context_.stopping);
      });
      wait_until_taken(when_taken, io);
    });
  }

  void write(Response response, bool keep_alive) {
    receiving_ = false;
    waits_since_ = Moment::clock::now();
    if (!hold(response.body.size())) return;
    auto& message = response_.emplace();
    message.version(version_);
    message.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    message.keep_alive(keep_alive);
    message.content_length(response.body.size());
    if (!head_only_) message.body() = std::move(response.body);
    http::async_write(stream_, message,
                      [self = shared_from_this(), keep_alive](const error_code& error, std::size_t) {
                        if (error || self->context_.stopping) return self->close();
                        self->held_ = 0;
                        self->response_.reset();
                        keep_alive ? self->read_header() : self->begin_close();
                      });
  }

  void give_up(const error_code& error) {
    if (!is_client_mistake(error) || context_.stopping) return close();
    stream_.expires_after(context_.options.io_timeout);
    write(plain(status_of(error), error.message()), false);
  }

  /// Says that nothing more comes and lets the client read that: closing at once, with bytes of it still
  /// unread, would reset the connection and take the answer away.
  void begin_close() {
    error_code ignored;
    stream_.socket().shutdown(Socket::shutdown_send, ignored);
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

  /// Counts what it holds of a body; false where it had to give way.
  bool hold(std::size_t body) {
    held_ = body > kSmallBody ? body : 0;
    context_.connections.keep_within_bounds();
    return is_open();
  }

  void reset() {
    error_code ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stream_.close();
  }

  beast::basic_stream<asio::generic::stream_protocol> stream_;
  const std::optional<Peer> peer_;
  const std::string address_;
  SessionContext& context_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::empty_body> invitation_;
  std::optional<http::response<http::string_body>> response_;
  Request request_;
  std::optional<Moment> waits_since_ = Moment::clock::now();
  std::size_t held_ = 0;
  unsigned version_ = 11;
  bool head_only_ = false;
  bool receiving_ = true;
};

}  // namespace

void begin_session(Socket socket, std::optional<Peer> peer, std::string address, SessionContext& context) {
  std::make_shared<Session>(std::move(socket), peer, std::move(address), context)->start();
}

void refuse_session(Socket socket, int status, std::string why, SessionContext& context) {
  std::make_shared<Session>(std::move(socket), std::nullopt, "", context)->refuse(status, std::move(why));
}

}  // namespace lamplighter::http
