#include "run/service_manager.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/host.h"
#include "base/plain_text.h"

namespace lamplighter::run {
namespace {

/// A status that holds a line break could say anything, such as STOPPING=1.
std::string with_status(std::string_view state, std::string_view status) {
  return std::string(state) + "STATUS=" + plain_line(status);
}

std::optional<std::uint64_t> number(const std::string& variable) {
  const std::string text = SystemHost().variable(variable).value_or("");
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What it lets the process be silent for; 0 where it doesn't watch, or watches another process.
std::chrono::microseconds watchdog_asked_for() {
  const auto of_process = number("WATCHDOG_PID");
  if (of_process && *of_process != static_cast<std::uint64_t>(::getpid())) return {};
  const auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return std::chrono::microseconds{
      static_cast<std::int64_t>(std::min(number("WATCHDOG_USEC").value_or(0), most))};
}

}  // namespace

ServiceManager::ServiceManager()
    : socket_(SystemHost().variable("NOTIFY_SOCKET").value_or("")), watchdog_(watchdog_asked_for()) {}

void ServiceManager::ready(std::string_view status) const { notify(with_status("READY=1\n", status)); }
void ServiceManager::alive(std::string_view status) const { notify(with_status("WATCHDOG=1\n", status)); }
void ServiceManager::status(std::string_view status) const { notify(with_status("", status)); }
void ServiceManager::stopping() const { notify("STOPPING=1\nSTATUS=ending"); }

void ServiceManager::notify(const std::string& state) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::copy(socket_.begin(), socket_.end(), address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = '\0';  // an abstract one
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  // Who can't be told is left untold: the watchdog notices.
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  [[maybe_unused]] const auto sent = ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&address), size);
  ::close(descriptor);
}

}  // namespace lamplighter::run
