#include "run/service_manager.h"

#include <cstdint>

#include <systemd/sd-daemon.h>

#include "base/plain_text.h"

namespace lamplighter::run {
namespace {

void notify(const std::string& state) { ::sd_notify(0, state.c_str()); }

/// A status that holds a line break could say anything, such as STOPPING=1.
std::string with_status(std::string_view state, std::string_view status) {
  return std::string(state) + "STATUS=" + plain_line(status);
}

}  // namespace

ServiceManager::ServiceManager() {
  std::uint64_t microseconds = 0;
  if (::sd_watchdog_enabled(0, &microseconds) > 0)
    watchdog_ = std::chrono::microseconds{static_cast<std::int64_t>(microseconds)};
}

void ServiceManager::ready(std::string_view status) const { notify(with_status("READY=1\n", status)); }
void ServiceManager::alive(std::string_view status) const { notify(with_status("WATCHDOG=1\n", status)); }
void ServiceManager::status(std::string_view status) const { notify(with_status("", status)); }
void ServiceManager::stopping() const { notify("STOPPING=1\nSTATUS=ending"); }

}  // namespace lamplighter::run
