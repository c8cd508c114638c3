// The socket of the process that holds a state directory: whatever bytes a peer sends, it gets answers or an
// end, and the next peer gets an answer.
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/scheduler/book.h"
#include "aws/client/session.h"
#include "fuzz/echo_engine.h"
#include "run/holder.h"
#include "run/holder_overview.h"
#include "run/holder_schedules.h"
#include "run/holder_socket.h"
#include "run/holder_table.h"
#include "tests/support/memory_rows.h"
#include "tests/support/memory_table.h"

using namespace lamplighter;  // NOLINT(google-build-using-namespace)

namespace {

/// AWS, which refuses whatever it is asked.
class NoAws final : public http::Transport {
 public:
  Result<http::Response> send(const http::OutgoingRequest& /*request*/) override {
    return http::Response{400, {}, R"({"__type":"AccessDeniedException","message":"no"})"};
  }
};

class NoHost final : public Host {
 public:
  [[nodiscard]] std::optional<std::string> variable(const std::string& /*name*/) const override { return {}; }
  [[nodiscard]] Result<std::optional<std::string>> read_file(const std::string& /*path*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] Result<std::string> run(const std::string& /*command*/) const override {
    return std::string();
  }
};

/// The daemon's socket over an engine that only echoes, a book and a table of its own, and no AWS.
class Daemon {
 public:
  Daemon() {
    std::filesystem::create_directories(directory_);
    socket_ =
        run::HolderSocket::open(engine_, clock_,
                                {.socket = path(),
                                 .verb = "serve",
                                 .access = {},
                                 .others = [this](const http::Request& request) { return answer(request); }})
            .value();
  }
  [[nodiscard]] std::filesystem::path path() const { return run::socket_of(directory_); }

 private:
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / fmt::format("fuzz-socket-{}", ::getpid());
  ManualClock clock_;
  EchoEngine engine_;
  scheduler::MemoryRows rows_;
  std::unique_ptr<api::Book> book_ = api::Book::open(rows_, {"us-east-1", "123456789012"}).value();
  std::unique_ptr<scheduler::Store> store_ =
      scheduler::Store::open(directory_made() / "schedules.sqlite").value();
  coordination::MemoryTable table_;
  NoHost host_;
  NoAws transport_;
  std::unique_ptr<aws::Session> session_ =
      aws::Session::make(session_options(), host_, transport_, clock_).value();
  run::HolderSchedules schedules_{*book_, *store_, clock_,
                                  [](const api::ScheduleTarget&) { return Status(); }};
  std::unique_ptr<run::HolderSocket> socket_;

  static aws::SessionOptions session_options() {
    aws::SessionOptions options;
    options.region = "us-east-1";
    options.credentials = aws::Credentials{"a", "b", ""};
    return options;
  }
  /// As the holder does with its way to AWS.
  std::optional<http::Response> answer(const http::Request& request) {
    if (auto scheduled = schedules_.answer(request)) return scheduled;
    if (auto table =
            run::answer_table(request, [this](const auto& coordination) { return table_of(coordination); }))
      return table;
    return run::answer_overview(*session_, request);
  }
  std::shared_ptr<coordination::Table> table_of(const tasks::Coordination& coordination) {
    if (coordination.kind == tasks::Coordination::Kind::none) return nullptr;
    return {std::shared_ptr<void>(), &table_};
  }
  [[nodiscard]] const std::filesystem::path& directory_made() const {
    std::filesystem::create_directories(directory_);
    return directory_;
  }
};

/// Sends the bytes and no more; gives the first of what comes back, until the other side ends.
std::string converse(const std::filesystem::path& path, std::string_view bytes) {
  const int peer = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{5, 0};
  ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  if (::connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  (void)::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);  // it may have ended before all was sent
  ::shutdown(peer, SHUT_WR);
  std::string answer;
  std::array<char, 4096> text{};
  for (ssize_t count = 1; count > 0;) {
    do {
      count = ::read(peer, text.data(), text.size());
    } while (count < 0 && errno == EINTR);  // the fuzzer's own clock
    if (count > 0 && answer.size() < text.size()) answer.append(text.data(), static_cast<std::size_t>(count));
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) std::abort();  // it hangs
  }
  ::close(peer);
  return answer;
}

}  // namespace

/// Input: what a peer sends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Daemon daemon;
  const auto answer = converse(daemon.path(), {reinterpret_cast<const char*>(data), size});
  if (!answer.empty() && !answer.starts_with("HTTP/1.")) std::abort();
  const auto next =
      converse(daemon.path(), "GET /holder HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  if (!next.starts_with("HTTP/1.1 200 ")) std::abort();
  return 0;
}
