#include "run/interrupt.h"

#include <csignal>

namespace lamplighter::run {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void listen(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void remember(int) {
  interrupted = 1;
  listen(SIG_DFL);
}

}  // namespace

Interrupt::Interrupt() {
  interrupted = 0;
  listen(remember);
}

Interrupt::~Interrupt() { listen(SIG_DFL); }

bool Interrupt::requested() { return interrupted != 0; }

}  // namespace lamplighter::run
