// The server on a Unix-domain socket, and the client that reaches it there.
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/curl_transport.h"
#include "http/http_server.h"
#include "http/socket_peer.h"

namespace lamplighter::http {
namespace {

using ::testing::HasSubstr;

class UnixSocket : public testing::Test {
 protected:
  UnixSocket()
      : directory_(std::filesystem::temp_directory_path() /
                   fmt::format("lamplighter-socket-{}", ::getpid())) {
    std::filesystem::create_directories(directory_);
    options_.socket = directory_ / "socket";
  }
  ~UnixSocket() override { std::filesystem::remove_all(directory_); }

  Result<std::unique_ptr<HttpServer>> start() {
    return HttpServer::start(options_, [](const Request& request) -> std::optional<Response> {
      const auto peer = request.peer.value_or(Peer{});
      return Response{200, {}, fmt::format("{} {} {} [{}]", request.url, peer.pid, peer.uid, request.body)};
    });
  }

  [[nodiscard]] Result<Response> send(const std::string& body = "") const {
    CurlOptions options;
    options.socket = options_.socket;
    CurlTransport transport(options);
    OutgoingRequest request;
    request.url = "http://localhost/a";
    request.body = body;
    request.timeout = std::chrono::seconds(10);
    return transport.send(request);
  }

  [[nodiscard]] mode_t mode() const {
    struct stat found {};
    ::stat(options_.socket.c_str(), &found);
    return found.st_mode & 0777U;
  }

  /// A file of a server that has died without a word.
  void leave_stale_socket() const {
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(left);
  }

  /// A client that decides on every byte; -1 where nobody listens.
  [[nodiscard]] int connect() const {
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    options_.socket.string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return client;
    ::close(client);
    return -1;
  }

  std::filesystem::path directory_;
  HttpOptions options_;
};

TEST_F(UnixSocket, AnswersAndKnowsWhoAsks) {
  const auto server = start();
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_EQ((*server)->url(), "http://localhost");
  EXPECT_EQ(mode(), 0600U);
  const auto answer = send("x");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, fmt::format("/a {} {} [x]", ::getpid(), ::geteuid()));
}

TEST_F(UnixSocket, IsItsGroupsWhereThatIsSaid) {
  options_.group = true;
  const auto server = start();
  ASSERT_TRUE(server);
  EXPECT_EQ(mode(), 0660U);
}

TEST_F(UnixSocket, TheKernelSaysWhoListens) {
  EXPECT_EQ(listener_at(options_.socket), std::nullopt);
  leave_stale_socket();
  EXPECT_EQ(listener_at(options_.socket), std::nullopt);
  const auto server = start();
  ASSERT_TRUE(server);
  EXPECT_EQ(listener_at(options_.socket), ::getpid());
  EXPECT_EQ(listener_at(directory_ / std::string(200, 'x')), std::nullopt);
}

TEST(MayConnect, TheSameUserRootAndTheGroup) {
  EXPECT_TRUE(may_connect({1, 1000, 1000}, 1000, false));
  EXPECT_TRUE(may_connect({1, 0, 0}, 1000, false));
  EXPECT_FALSE(may_connect({1, 1001, 1000}, 1000, false));
  EXPECT_TRUE(may_connect({1, 1001, 1000}, 1000, true));
}

TEST_F(UnixSocket, GoesWithItsServer) {
  {
    const auto server = start();
    ASSERT_TRUE(server);
  }
  EXPECT_FALSE(std::filesystem::exists(options_.socket));
  const auto answer = send();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "ConnectionError");
}

TEST_F(UnixSocket, ThatWasDeletedIsMadeAgain) {
  options_.socket_look = std::chrono::milliseconds(10);
  const auto server = start();
  ASSERT_TRUE(server);
  for (int i = 0; i < 2; ++i) {
    std::filesystem::remove(options_.socket);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!send() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    EXPECT_TRUE(send());
    EXPECT_EQ(mode(), 0600U);
  }
  // At once: between a removal and what is put there the server may make its socket again.
  const std::filesystem::path other = options_.socket.string() + ".other";
  std::ofstream(other) << "another's";
  std::filesystem::rename(other, options_.socket);
  EXPECT_FALSE(send()) << "what stands in its place stays";
}

/// A process of its own, with a user's rights, that sends one request; gives its answer's first line.
std::string asked_as(const std::filesystem::path& socket, uid_t user) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {  // only calls that a fork may make
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::setgid(user) != 0 || ::setuid(user) != 0) ::_exit(1);
    if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) ::_exit(2);
    constexpr std::string_view kRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (::write(client, kRequest.data(), kRequest.size()) < 0) ::_exit(3);
    std::array<char, 512> text{};
    const auto count = ::read(client, text.data(), text.size());
    if (count > 0 && ::write(ends[1], text.data(), static_cast<std::size_t>(count)) < 0) ::_exit(4);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::array<char, 512> text{};
  const auto count = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  const std::string answer(text.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  return answer.substr(0, answer.find('\r'));
}

TEST_F(UnixSocket, AnotherUsersPeerIsRefused) {
  const auto server = start();
  ASSERT_TRUE(server);
  EXPECT_EQ(asked_as(options_.socket, ::geteuid()), "HTTP/1.1 200 OK");
  if (::geteuid() != 0) return;  // who is not root can't be another
  constexpr uid_t kNobody = 65'534;
  ASSERT_EQ(::chmod(options_.socket.c_str(), 0666), 0) << "what the mode forbids, the kernel refuses already";
  EXPECT_EQ(asked_as(options_.socket, kNobody), "HTTP/1.1 403 Forbidden");
}

TEST_F(UnixSocket, ReplacesWhatADeadProcessLeft) {
  leave_stale_socket();
  ASSERT_TRUE(std::filesystem::is_socket(options_.socket));
  const auto server = start();
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(send());
}

TEST_F(UnixSocket, LeavesALivingServersSocketAndOthersFiles) {
  {
    const auto first = start();
    ASSERT_TRUE(first);
    const auto second = start();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "CannotListen");
    EXPECT_TRUE(send()) << "the first one's stands";
  }
  std::ofstream(options_.socket) << "a file";
  EXPECT_FALSE(start());
  EXPECT_TRUE(std::filesystem::is_regular_file(options_.socket));
}

TEST_F(UnixSocket, MayLieDeepInTheFileSystem) {
  options_.socket = directory_ / std::string(120, 'd') / std::string(120, 'e') / "socket";
  const auto nowhere = start();
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("File name too long"));
  std::filesystem::create_directories(options_.socket.parent_path());
  const auto server = start();
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(send());
}

TEST_F(UnixSocket, WhoNeverFinishesARequestOrNeverReadsGivesWay) {
  options_.max_connections = 4;
  options_.idle_timeout = std::chrono::milliseconds(200);
  options_.io_timeout = std::chrono::milliseconds(200);
  const auto server = start();
  ASSERT_TRUE(server);
  std::vector<int> hostile;
  for (int i = 0; i < 12; ++i) {
    hostile.push_back(connect());
    ASSERT_GE(hostile.back(), 0);
    const std::string begun =
        i % 2 == 0 ? "POST / HT" : "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx";
    ::send(hostile.back(), begun.data(), begun.size(), MSG_NOSIGNAL);
  }
  EXPECT_TRUE(send()) << "there is room for whoever comes later";
  for (const int each : hostile) {
    pollfd wait{each, POLLIN, 0};
    EXPECT_GT(::poll(&wait, 1, 10'000), 0) << "it is closed";
    ::close(each);
  }
}

}  // namespace
}  // namespace lamplighter::http
