#include "run/interrupt.h"

#include <csignal>

namespace lamplighter::run {
namespace {

volatile std::sig_atomic_t interrupted = 0;

void remember(int) { interrupted = 1; }

void listen(void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

Interrupt::Interrupt() {
  interrupted = 0;
  listen(remember, static_cast<int>(SA_RESETHAND));
}

Interrupt::~Interrupt() { listen(SIG_DFL, 0); }

bool Interrupt::requested() { return interrupted != 0; }

}  // namespace lamplighter::run
