#include "console/confirm.h"

#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/plain_text.h"
#include "base/words.h"
#include "console/print.h"

namespace lamplighter::console {

Status check_can_ask() {
  if (isatty(STDIN_FILENO) == 1) return {};
  return fail(ErrorKind::bad_input, "Usage",
              "nothing was stopped: there is no terminal to ask on; say --yes to stop without being asked");
}

std::string stop_question(const run::Overview& overview) {
  if (overview.accounts.empty()) {  // another process, which does not say
    return plain_line(
        fmt::format("Stop {} by way of {}?", fmt::join(overview.environments, ", "), overview.credentials));
  }
  return plain_line(fmt::format("Stop {}{} of {} in {} {} ({})?", overview.more_servers ? "at least " : "",
                                count_of(overview.servers, "server"), fmt::join(overview.environments, ", "),
                                overview.accounts.size() == 1 ? "account" : "accounts",
                                fmt::join(overview.accounts, ", "), overview.credentials));
}

bool confirm_stop(const run::Overview& overview) {
  print_text(stderr, stop_question(overview) + " [y/N] ");
  std::fflush(stderr);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

}  // namespace lamplighter::console
