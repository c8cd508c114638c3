// CurlTransport against a scripted server on the loopback interface.
#include "http/curl_transport.h"

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lamplighter::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// On each of its connections it answers request after request until `respond` gives "".
class LoopbackServer {
 public:
  using Respond = std::function<std::string(const std::string& request)>;

  explicit LoopbackServer(Respond respond) : respond_(std::move(respond)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    ::listen(listener_, 16);
    thread_ = std::thread([this] { serve(); });
  }
  ~LoopbackServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void serve() {
    std::vector<std::thread> peers;
    for (int peer = 0; (peer = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      ++connections_;
      peers.emplace_back([this, peer] { serve(peer); });
    }
    for (auto& each : peers) each.join();
  }

  void serve(int peer) {
    for (std::string request = receive(peer); !request.empty(); request = receive(peer)) {
      const auto response = respond_(request);
      if (response.empty()) break;
      ::send(peer, response.data(), response.size(), MSG_NOSIGNAL);
    }
    ::close(peer);
  }

  /// One request with its body; "" once the peer is gone.
  static std::string receive(int peer) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
      if (const auto end = text.find("\r\n\r\n"); end != std::string::npos) {
        const auto length = text.find("Content-Length: ");
        const auto body = length == std::string::npos ? 0 : std::stoul(text.substr(length + 16));
        if (text.size() >= end + 4 + body) return text;
      }
      const auto count = ::recv(peer, buffer.data(), buffer.size(), 0);
      if (count <= 0) return "";
      text.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }

  Respond respond_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nX-Test:  yes \r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

OutgoingRequest post(const std::string& url, const std::string& body = "a=b") {
  OutgoingRequest request;
  request.url = url;
  request.body = body;
  request.headers = {{"Content-Type", "text/plain"}};
  return request;
}

TEST(CurlTransport, DeletesWithoutSayingThatAFormFollows) {
  std::string seen;
  LoopbackServer server([&seen](const std::string& request) {
    seen = request;
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  });
  OutgoingRequest request;
  request.url = server.url("/schedules/s?groupName=g");
  request.method = "DELETE";
  ASSERT_TRUE(CurlTransport().send(request));
  EXPECT_THAT(seen, StartsWith("DELETE /schedules/s?groupName=g HTTP/1.1"));
  EXPECT_THAT(seen, Not(HasSubstr("Content-Type")));
}

TEST(CurlTransport, SendsSignedRequestsOverOneConnection) {
  std::string seen;
  LoopbackServer server([&](const std::string& request) {
    seen = request;
    return ok("hello");
  });
  {
    CurlTransport transport;
    auto request = post(server.url("/path"), "x=1");
    request.signing = Signing{"eu-west-1", "ec2", {"AKIA", "hush", "token"}};
    for (int i = 0; i < 3; ++i) {
      const auto response = transport.send(request);
      ASSERT_TRUE(response) << response.error().message;
      EXPECT_EQ(response->status, 200);
      EXPECT_EQ(response->body, "hello");
      EXPECT_EQ(header(response->headers, "x-test"), "yes");
    }
    EXPECT_EQ(server.connections(), 1);
  }
  EXPECT_THAT(seen, StartsWith("POST /path HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Authorization: AWS4-HMAC-SHA256 Credential=AKIA/"));
  EXPECT_THAT(seen, HasSubstr("/eu-west-1/ec2/aws4_request"));
  EXPECT_THAT(seen, HasSubstr("X-Amz-Security-Token: token\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\n\r\nx=1"));
  EXPECT_THAT(seen, Not(HasSubstr("hush")));
}

TEST(CurlTransport, EveryStatusIsAnAnswerAndNoRedirectIsFollowed) {
  LoopbackServer server([&](const std::string&) {
    return std::string("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  });
  CurlTransport transport;
  const auto response = transport.send(post(server.url()));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
}

TEST(CurlTransport, RefusedAndResetConnectionsAreConnectionErrors) {
  std::string url;
  {
    LoopbackServer server([](const std::string&) { return std::string(); });
    url = server.url();
    CurlTransport transport;
    EXPECT_EQ(transport.send(post(url)).error().code, "ConnectionError");
  }
  CurlTransport transport;
  const auto error = transport.send(post(url)).error();
  EXPECT_EQ(error.code, "ConnectionError");
  EXPECT_EQ(error.kind, ErrorKind::aws);
  EXPECT_THAT(error.message, HasSubstr(url));
}

TEST(CurlTransport, WhatIsToBeMadeOnceSaysWhetherItWentOut) {
  std::atomic<int> received = 0;
  std::string url;
  {
    LoopbackServer server([&](const std::string&) { return ++received == 1 ? ok("first") : std::string(); });
    url = server.url();
    CurlTransport transport;
    ASSERT_TRUE(transport.send(post(url)));  // leaves a connection; what dies on it, libcurl sends again
    auto request = post(url);
    request.once = true;
    EXPECT_EQ(transport.send(request).error().code, kAnswerLost);
    EXPECT_EQ(received, 2);
  }
  CurlTransport transport;
  auto request = post(url);
  request.once = true;
  EXPECT_EQ(transport.send(request).error().code, "ConnectionError") << "nobody listens: nothing went out";
}

TEST(CurlTransport, ASilentServerIsATimeout) {
  LoopbackServer server(
      [](const std::string&) { return std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"); });
  CurlTransport transport;
  auto request = post(server.url());
  request.timeout = std::chrono::milliseconds(50);
  EXPECT_EQ(transport.send(request).error().code, "RequestTimeout");
}

TEST(CurlTransport, LimitsTheAnswersSize) {
  const std::string line = "X-Long: " + std::string(60'000, 'x') + "\r\n";
  LoopbackServer server([&](const std::string& request) {
    return request.find("GET /headers") == 0
               ? "HTTP/1.1 200 OK\r\n" + line + line + "Content-Length: 0\r\n\r\n"
               : ok(std::string(2'000, 'x'));
  });
  CurlOptions options;
  options.max_response_bytes = 1'000;
  CurlTransport transport(options);
  EXPECT_EQ(transport.send(post(server.url())).error().code, "ResponseTooLarge");
  OutgoingRequest get;
  get.method = "GET";
  get.url = server.url("/headers");
  EXPECT_EQ(transport.send(get).error().code, "ResponseTooLarge");
}

TEST(CurlTransport, RefusesSmuggledHeadersAndOtherSchemes) {
  CurlTransport transport;
  auto request = post("http://127.0.0.1:1/");
  request.headers.emplace_back("X-A", "b\r\nX-Evil: c");
  EXPECT_EQ(transport.send(request).error().code, "InvalidRequest");
  EXPECT_EQ(transport.send(post("file:///etc/passwd")).error().code, "ConnectionError");
}

TEST(CurlTransport, NothingGoesOutThatCouldNotBeSigned) {
  std::atomic<int> requests = 0;
  LoopbackServer server([&](const std::string&) {
    ++requests;
    return ok("");
  });
  CurlTransport transport;
  auto request = post(server.url());
  const std::string longer_than_curl_takes(8'000'001, 'x');
  for (const Credentials& credentials :
       {Credentials{"AKIA", longer_than_curl_takes, ""}, Credentials{longer_than_curl_takes, "hush", ""},
        Credentials{"", "hush", ""}, Credentials{"AKIA", "", ""}, Credentials{"AKIA", "hu\nsh", ""}}) {
    request.signing = Signing{"eu-west-1", "ec2", credentials};
    const auto response = transport.send(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, "InvalidRequest");
  }
  EXPECT_EQ(requests, 0);
  request.signing = Signing{"eu-west-1", "ec2", {"AKIA", "hush", ""}};
  EXPECT_TRUE(transport.send(request));  // the same handle goes on
}

TEST(CurlTransport, ServesSeveralThreads) {
  LoopbackServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  });
  CurlTransport transport;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10; ++j) {
        if (transport.send(post(server.url()))) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 40);
}

TEST(CurlTransport, SaysOnceThatAnAnswerIsBeingWaitedFor) {
  const LoopbackServer server([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'300));  // curl's own clock ticks once a second
    return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  });
  std::vector<std::string> told;
  CurlOptions options;
  options.slow = [&](const OutgoingRequest& request) { told.push_back(request.url); };
  options.slow_after = std::chrono::milliseconds(200);
  CurlTransport transport(options);
  OutgoingRequest request;
  request.method = "GET";
  request.url = server.url("/late");
  EXPECT_TRUE(transport.send(request));
  EXPECT_EQ(told, std::vector{server.url("/late")});
}

}  // namespace
}  // namespace lamplighter::http
