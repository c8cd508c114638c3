#include "run/service_manager.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace lamplighter::run {
namespace {

using std::chrono_literals::operator""us;

/// systemd's end: a datagram socket in the abstract namespace, as it is in a container; and what is said in
/// the environment.
class ServiceManagerTest : public testing::Test {
 protected:
  ServiceManagerTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name_.begin(), name_.end(), address.sun_path);
    address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", name_.c_str(), 1);
  }
  ~ServiceManagerTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    ::close(socket_);
  }

  /// The next message; "" where there is none.
  [[nodiscard]] std::string heard() const {
    std::array<char, 1000> text{};
    const auto size = ::recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    return {text.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
  }

 private:
  const std::string name_ = "@lamplighter-test-" + std::to_string(::getpid());
  const int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST_F(ServiceManagerTest, IsToldEachThingInAMessage) {
  const ServiceManager manager;
  manager.ready("0 executions run");
  manager.alive("two\nSTOPPING=1");
  manager.stopping();
  EXPECT_EQ(heard(), "READY=1\nSTATUS=0 executions run");
  EXPECT_EQ(heard(), "WATCHDOG=1\nSTATUS=two STOPPING=1");
  EXPECT_EQ(heard(), "STOPPING=1\nSTATUS=ending");
  EXPECT_EQ(heard(), "");
}

TEST_F(ServiceManagerTest, WatchesOnlyWhoItMeans) {
  EXPECT_EQ(ServiceManager().watchdog(), 0us);
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  EXPECT_EQ(ServiceManager().watchdog(), 60'000'000us);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(ServiceManager().watchdog(), 60'000'000us);
  ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
  EXPECT_EQ(ServiceManager().watchdog(), 0us) << "another process is meant";
  ::unsetenv("WATCHDOG_PID");
  ::setenv("WATCHDOG_USEC", "a minute", 1);
  EXPECT_EQ(ServiceManager().watchdog(), 0us);
}

TEST_F(ServiceManagerTest, IsSilentWhereNobodyIsToBeTold) {
  ::unsetenv("NOTIFY_SOCKET");
  ServiceManager().ready("");
  const std::string long_path = "/" + std::string(200, 'x');
  ::setenv("NOTIFY_SOCKET", long_path.c_str(), 1);
  ServiceManager().ready("");
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace lamplighter::run
