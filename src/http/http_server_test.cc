#include "http/http_server.h"

#include <atomic>
#include <future>
#include <thread>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lamplighter::http {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A bare TCP client, so that the tests decide on every byte.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  [[nodiscard]] bool connected() const { return connected_; }
  void send(std::string_view text) const { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }

  /// Waits for the server's next bytes, and leaves them unread; false if none come for 10 s.
  [[nodiscard]] bool something_came() const {
    pollfd wait{socket_, POLLIN, 0};
    return ::poll(&wait, 1, 10'000) > 0;
  }
  /// What comes until the server closes or, where `until` is given, until that is its end. "RESET" for a
  /// reset, with "TIMEOUT" appended if nothing comes for 10 s.
  [[nodiscard]] std::string read(std::string_view until = "") const {
    std::string text;
    char block[4096];
    while (until.empty() || !std::string_view(text).ends_with(until)) {
      if (!something_came()) return text + "TIMEOUT";
      const auto count = ::recv(socket_, block, sizeof block, 0);
      if (count < 0) return "RESET";
      if (count == 0) return text;
      text.append(block, static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  int socket_;
  bool connected_ = false;
};

std::optional<Response> echo(const Request& request) {
  return Response{200,
                  {{"X-Host", std::string(header(request.headers, "host"))}},
                  fmt::format("{} {} [{}]", request.method, request.url, request.body)};
}

std::unique_ptr<HttpServer> serve(const HttpOptions& options = {}, Handler handler = echo,
                                  Gate gate = nullptr) {
  auto server = HttpServer::start(options, std::move(handler), std::move(gate));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(*server);
}

std::string post(std::string_view body, std::string_view headers = "") {
  return fmt::format("POST /a?b=c HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", headers,
                     body.size(), body);
}

TEST(HttpServer, AnswersSeveralRequestsOnOneConnection) {
  const auto server = serve();
  const Client client(server->port());
  for (const auto* body : {"one", "two"}) {
    client.send(post(body));
    const auto answer = client.read("]");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("X-Host: h\r\n"));
    EXPECT_THAT(answer, EndsWith(fmt::format("POST /a?b=c [{}]", body)));
  }
}

TEST(HttpServer, TellsWhereItListens) {
  const auto server = serve();
  EXPECT_NE(server->port(), 0);
  EXPECT_EQ(server->url(), fmt::format("http://127.0.0.1:{}", server->port()));
}

TEST(HttpServer, ClosesWhenTheClientAsksTo) {
  const auto server = serve();
  const Client client(server->port());
  client.send(post("x", "Connection: close\r\n"));
  EXPECT_THAT(client.read(), EndsWith("[x]"));
}

TEST(HttpServer, ReadsChunkedBodies) {
  const auto server = serve();
  const Client client(server->port());
  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_THAT(client.read("]"), EndsWith("[abcde]"));
}

TEST(HttpServer, InvitesABodyThatIsAnnounced) {
  const auto server = serve();
  const Client client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_THAT(client.read("\r\n\r\n"), StartsWith("HTTP/1.1 100 "));
  client.send("abc");
  EXPECT_THAT(client.read("]"), EndsWith("[abc]"));
}

TEST(HttpServer, SendsNoBodyForHead) {
  const auto server = serve();
  const Client client(server->port());
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read(), AllOf(HasSubstr("Content-Length: 9\r\n"), EndsWith("\r\n\r\n")));
}

TEST(HttpServer, ResetsWhereTheHandlerSaysSo) {
  const auto server = serve({}, [](const Request&) { return std::nullopt; });
  const Client client(server->port());
  client.send(post("x"));
  EXPECT_EQ(client.read(), "RESET");
}

TEST(HttpServer, AnHandlersExceptionIsA500AndTheServerGoesOn) {
  const auto server = serve({}, [](const Request& request) -> std::optional<Response> {
    if (request.body == "bad") throw std::runtime_error("secret");
    return echo(request);
  });
  const Client client(server->port());
  client.send(post("bad"));
  EXPECT_THAT(client.read("error\n"), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret"))));
  client.send(post("good"));
  EXPECT_THAT(client.read("]"), EndsWith("[good]"));
}

TEST(HttpServer, RefusesWhatIsNoHttpOrTooLarge) {
  HttpOptions options;
  options.max_header_bytes = 1024;
  options.max_body_bytes = 10;
  const auto server = serve(options);
  const std::pair<std::string, std::string> cases[] = {
      {"nonsense\r\n\r\n", "HTTP/1.1 400 "},
      {post("x", "A: " + std::string(2000, 'a') + "\r\n"), "HTTP/1.1 431 "},
      {post(std::string(100'000, 'b')), "HTTP/1.1 413 "},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'b') + "\r\n",
       "HTTP/1.1 413 "},
  };
  for (const auto& [request, answer] : cases) {
    const Client client(server->port());
    client.send(request);
    EXPECT_THAT(client.read(), StartsWith(answer));
  }
}

TEST(HttpServer, DropsSlowClients) {
  HttpOptions options;
  options.idle_timeout = milliseconds(50);
  options.io_timeout = milliseconds(50);
  const auto server = serve(options);
  for (const auto* start : {"", "POST / HT", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"}) {
    const Client client(server->port());
    client.send(start);
    EXPECT_EQ(client.read(), "") << start;
  }
}

TEST(HttpServer, RefusesTransferEncodingsThatItDoesNotKnow) {
  const auto server = serve();
  const std::pair<std::string, std::string> cases[] = {
      {"HTTP/1.1\r\nTransfer-Encoding: gzip", "HTTP/1.1 501 "},
      {"HTTP/1.1\r\nTransfer-Encoding: identity", "HTTP/1.1 501 "},
      {"HTTP/1.1\r\nTransfer-Encoding: xchunked", "HTTP/1.1 501 "},
      {"HTTP/1.1\r\nTransfer-Encoding: chunked, gzip", "HTTP/1.1 501 "},
      {"HTTP/1.1\r\nTransfer-Encoding: gzip, chunked", "HTTP/1.1 501 "},
      {"HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "HTTP/1.1 501 "},
      {"HTTP/1.0\r\nTransfer-Encoding: chunked", "HTTP/1.0 400 "},
      {"HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", "HTTP/1.1 400 "},
  };
  for (const auto& [rest, answer] : cases) {
    const Client client(server->port());
    client.send("POST / " + rest + "\r\nHost: h\r\n\r\n0\r\n\r\n");
    EXPECT_THAT(client.read(), StartsWith(answer)) << rest;
  }
}

TEST(HttpServer, RefusesHostsInTwoPlaces) {
  const auto server = serve();
  for (const auto* start : {"GET / HTTP/1.1\r\nHost: localhost\r\nhost: evil\r\n\r\n",
                            "GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n"}) {
    const Client client(server->port());
    client.send(start);
    EXPECT_THAT(client.read(), StartsWith("HTTP/1.1 400 ")) << start;
  }
}

TEST(HttpServer, AsksTheGateBeforeItReadsABody) {
  std::atomic<int> handled = 0;
  const auto server = serve(
      {},
      [&](const Request& request) {
        ++handled;
        return echo(request);
      },
      [](const Request& header) -> std::optional<Response> {
        if (http::header(header.headers, "pass") == "word") return std::nullopt;
        return Response{403, {}, "who are you?"};
      });
  const Client stranger(server->port());
  stranger.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");  // and nothing more
  EXPECT_THAT(stranger.read(), AllOf(StartsWith("HTTP/1.1 403 "), EndsWith("who are you?")));
  const Client friendly(server->port());
  friendly.send(post(std::string(1'000'000, 'x'), "Pass: word\r\n"));
  EXPECT_THAT(friendly.read("]"), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(handled, 1);
}

TEST(HttpServer, AFurtherConnectionTakesThePlaceOfTheOneThatWaitedLongest) {
  HttpOptions options;
  options.max_connections = 2;
  const auto server = serve(options);
  const Client first(server->port());
  const Client second(server->port());
  for (const auto* client : {&first, &second, &first}) {
    client->send(post("x"));
    EXPECT_THAT(client->read("]"), EndsWith("[x]"));
  }
  const Client third(server->port());
  third.send(post("y"));
  EXPECT_THAT(third.read("]"), EndsWith("[y]"));
  EXPECT_EQ(second.read(), "");
  first.send(post("z"));
  EXPECT_THAT(first.read("]"), EndsWith("[z]"));
}

TEST(HttpServer, ConnectionsThatAreAnsweredKeepTheirPlace) {
  std::promise<void> entered;
  std::promise<void> release;
  HttpOptions options;
  options.max_connections = 1;
  const auto server = serve(options, [&](const Request& request) {
    entered.set_value();
    release.get_future().wait();
    return echo(request);
  });
  const Client first(server->port());
  first.send(post("x", "Connection: close\r\n"));
  entered.get_future().wait();
  const Client second(server->port());
  EXPECT_THAT(second.read(), StartsWith("HTTP/1.1 503 "));
  release.set_value();
  EXPECT_THAT(first.read(), EndsWith("[x]"));
}

TEST(HttpServer, UnfinishedUploadsGiveWayToOthers) {
  HttpOptions options;
  options.max_buffered_bytes = std::size_t{2} << 20;
  const auto server = serve(options);
  const std::string half(std::size_t{1} << 20, 'x');
  std::vector<std::unique_ptr<Client>> uploads;
  for (int i = 0; i < 8; ++i) {
    uploads.push_back(std::make_unique<Client>(server->port()));
    uploads.back()->send(
        fmt::format("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}", 2 * half.size(), half));
  }
  for (const std::size_t size : {std::size_t{1}, std::size_t{1'500'000}}) {
    const Client other(server->port());
    other.send(post(std::string(size, 'y')));
    EXPECT_THAT(other.read("y]"), StartsWith("HTTP/1.1 200 ")) << size;
  }
  EXPECT_THAT(uploads.front()->read(), testing::AnyOf("", "RESET"));
}

TEST(HttpServer, AnswersThatNobodyReadsGiveWayToOthers) {
  HttpOptions options;
  options.max_buffered_bytes = std::size_t{24} << 20;
  const auto server = serve(options, [](const Request& request) -> std::optional<Response> {
    if (request.body != "much") return echo(request);
    return Response{200, {}, std::string(std::size_t{16} << 20, 'x')};  // more than a socket takes
  });
  const Client first(server->port());
  first.send(post("much"));
  ASSERT_TRUE(first.something_came());
  const Client second(server->port());
  second.send(post("much", "Connection: close\r\n"));
  EXPECT_GT(second.read().size(), std::size_t{16} << 20);
  EXPECT_LT(first.read().size(), std::size_t{16} << 20) << "it was cut off";
  const Client other(server->port());
  other.send(post("y"));
  EXPECT_THAT(other.read("y]"), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpServer, OneWorkerAnswersOneAfterTheOther) {
  std::atomic<int> inside = 0;
  std::atomic<bool> overlapped = false;
  HttpOptions options;
  options.workers = 1;
  const auto server = serve(options, [&](const Request& request) {
    overlapped = overlapped || ++inside > 1;
    std::this_thread::yield();
    --inside;
    return echo(request);
  });
  std::vector<std::thread> clients;
  clients.reserve(4);
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&server] {
      const Client client(server->port());
      for (int n = 0; n < 50; ++n) {
        client.send(post("x"));
        EXPECT_THAT(client.read("]"), EndsWith("[x]"));
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_FALSE(overlapped);
}

TEST(HttpServer, StopLetsAnAnswerUnderWayOutAndClosesIdleConnections) {
  std::promise<void> entered;
  std::promise<void> release;
  auto server = serve({}, [&](const Request& request) {
    entered.set_value();
    release.get_future().wait();
    return echo(request);
  });
  const Client idle(server->port());
  const Client busy(server->port());
  busy.send(post("last"));
  entered.get_future().wait();
  std::thread stopper([&server] { server->stop(); });
  EXPECT_EQ(idle.read(), "");
  release.set_value();
  EXPECT_THAT(busy.read(), EndsWith("[last]"));
  stopper.join();
  EXPECT_FALSE(Client(server->port()).connected());
}

TEST(HttpServer, SaysWhyItCannotListen) {
  const auto first = serve();
  HttpOptions options;
  options.port = first->port();
  const auto second = HttpServer::start(options, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "CannotListen");
  EXPECT_THAT(second.error().message, HasSubstr("in use"));
  options.address = "nowhere";
  EXPECT_EQ(HttpServer::start(options, echo).error().code, "InvalidAddress");
}

}  // namespace
}  // namespace lamplighter::http
