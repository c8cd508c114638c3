// The server on a Unix-domain socket, and the client that reaches it there.
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "http/curl_transport.h"
#include "http/http_server.h"

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
