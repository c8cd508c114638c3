#include "run/leave.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

#include <poll.h>
#include <unistd.h>

#include "run/exit_code.h"
#include "run/interrupt.h"

namespace lamplighter::run {
namespace {

sigset_t end_signals() {
  sigset_t signals{};
  sigemptyset(&signals);
  for (const int number : ending_signals()) sigaddset(&signals, number);
  return signals;
}

/// Under the 5 s that the process has. What it does in order takes at most 4.5 s (an engine's patience,
/// answers under way).
constexpr timespec kTimeToEnd{.tv_sec = 4, .tv_nsec = 800'000'000};

/// Past stdio, whose stream somebody may hold, and where it can be written at once only.
void say(std::string_view words) {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return;
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, words.data(), words.size());
}

void listen(std::promise<void> first) {
  const sigset_t signals = end_signals();
  int number = 0;
  sigwait(&signals, &number);
  first.set_value();
  number = sigtimedwait(&signals, nullptr, &kTimeToEnd);
  if (number > 0) std::_Exit(128 + number);
  say("lamplighter: something hangs and is left behind\n");
  std::_Exit(ExitCode::success);
}

}  // namespace

void close_engine(engine::Engine& engine, int exit_code) {
  const std::size_t hanging = engine.close();
  if (hanging == 0) return;
  std::fprintf(stderr, "lamplighter: %zu %s left behind\n", hanging,
               hanging == 1 ? "task has not ended and is" : "tasks have not ended and are");
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

EndSignals::EndSignals() {
  const sigset_t signals = end_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::promise<void> first;
  first_ = first.get_future();
  std::thread(listen, std::move(first)).detach();
}

}  // namespace lamplighter::run
