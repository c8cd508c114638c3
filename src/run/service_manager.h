// systemd, where it started this process as a service of Type=notify: what it is told, by the protocol that
// sd_notify(3) describes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace lamplighter::run {

/// Safe to use from several threads. Everything is silence where nobody is to be told.
class ServiceManager {
 public:
  ServiceManager();

  /// How long it lets the process be silent before it ends it; 0 where it doesn't watch.
  [[nodiscard]] std::chrono::microseconds watchdog() const { return watchdog_; }

  void ready(std::string_view status) const;
  void alive(std::string_view status) const;
  /// One line for people; nothing of it can be anything else.
  void status(std::string_view status) const;
  void stopping() const;

 private:
  void notify(const std::string& state) const;

  std::string socket_;  ///< "" where nobody is to be told
  std::chrono::microseconds watchdog_{0};
};

}  // namespace lamplighter::run
