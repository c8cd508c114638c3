#include "run/interrupt.h"

#include <csignal>

namespace lamplighter::run {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void listen(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int number : ending_signals()) sigaction(number, &action, nullptr);
}

/// A hangup comes twice where a shell passes on what the terminal sent already: it insists on nothing.
void remember(int number) {
  if (interrupted != 0 && number != SIGHUP) {
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  interrupted = 1;
}

}  // namespace

std::vector<int> ending_signals() {
  std::vector<int> numbers{SIGINT, SIGTERM};
  struct sigaction action {};
  sigaction(SIGHUP, nullptr, &action);
  if (action.sa_handler != SIG_IGN) numbers.push_back(SIGHUP);
  return numbers;
}

Interrupt::Interrupt() {
  interrupted = 0;
  listen(remember);
}

Interrupt::~Interrupt() { listen(SIG_DFL); }

bool Interrupt::requested() { return interrupted != 0; }

}  // namespace lamplighter::run
