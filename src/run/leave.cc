#include "run/leave.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

namespace lamplighter::run {
namespace {

sigset_t end_signals() {
  sigset_t signals{};
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

int wait_for_signal() {
  const sigset_t signals = end_signals();
  int signal = 0;
  sigwait(&signals, &signal);
  return signal;
}

}  // namespace

void close_engine(engine::Engine& engine, int exit_code) {
  const std::size_t hanging = engine.close();
  if (hanging == 0) return;
  fmt::print(stderr, "lamplighter: {} {} not ended and {} left behind\n", hanging,
             hanging == 1 ? "task has" : "tasks have", hanging == 1 ? "is" : "are");
  std::fflush(nullptr);
  std::_Exit(exit_code);
}

EndSignals::EndSignals() {
  const sigset_t signals = end_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void EndSignals::wait() const {
  wait_for_signal();
  std::thread([] { std::_Exit(128 + wait_for_signal()); }).detach();
}

}  // namespace lamplighter::run
