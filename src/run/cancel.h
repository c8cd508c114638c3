// Telling an execution that it is to halt environments, and ending one at once.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "run/desk.h"

namespace lamplighter::run {

struct CancelOrder {
  Place place;
  std::string execution;                  ///< its name or ARN
  std::vector<std::string> environments;  ///< none for all that it works on
  bool now = false;                       ///< at once, without a report
};

struct Cancelled {
  std::string execution;                  ///< its name
  bool ended = false;                     ///< it is ABORTED: it was to be at once, or nobody carries it on
  std::vector<std::string> environments;  ///< that were told to halt
  std::string alarms;                     ///< what is said of them where it ended
};

/// The environments halt at their branch's next look, the others go on, and the report goes out. One that
/// nobody carries on, that works on no environments, or that is to end at once ends as ABORTED; nothing is
/// done to the servers. Errors: as open_desk() and find_running(); the table's; bad_input
/// "EnvironmentNotInRun", "NoTable" where its runs can't be told anything, "Usage" for environments of one
/// that ends as a whole.
Result<Cancelled> cancel(const CancelOrder& order);

}  // namespace lamplighter::run
