#include "console/print_outcome.h"

#include <cstdio>

#include <fmt/format.h>

#include "json/json.h"
#include "run/exit_code.h"

namespace lamplighter::console {

int print(const run::Outcome& outcome, bool json) {
  if (outcome.exit_code == run::kInterrupted) {
    // Nothing has ended.
  } else if (json) {
    fmt::print("{}", pretty(outcome.json));
  } else if (!outcome.body.empty()) {
    fmt::print("\n{}", outcome.body);
  } else {
    fmt::print("\n{}\n", get_string(outcome.json, "subject"));
  }
  std::fflush(stdout);
  if (!outcome.trouble.empty()) fmt::print(stderr, "lamplighter: {}\n", outcome.trouble);
  return outcome.exit_code;
}

}  // namespace lamplighter::console
