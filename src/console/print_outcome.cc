#include "console/print_outcome.h"

#include <cstdio>

#include "console/print.h"
#include "console/report_error.h"
#include "run/exit_code.h"

namespace lamplighter::console {

int print(const run::Outcome& outcome, bool json) {
  if (outcome.exit_code == run::kInterrupted) {
    // Nothing has ended.
  } else if (json) {
    print_json(outcome.json);
  } else {
    print_line(stdout, "");
    print_text(stdout, outcome.body.empty() ? get_string(outcome.json, "subject") + "\n" : outcome.body);
  }
  std::fflush(stdout);
  if (!outcome.trouble.empty()) report_trouble(outcome.trouble);
  return outcome.exit_code;
}

}  // namespace lamplighter::console
