// One call for many servers, where EC2 accepts or refuses them as a whole: finds out whom a refusal is about,
// so that one bad server does not keep the others from starting.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace lamplighter::tasks {

struct Refused {
  std::string id;
  Error error;
  bool settled = false;  ///< the refusal is about this very server; else it may well pass next time
};

struct BatchOutcome {
  std::vector<std::string> accepted;
  std::vector<Refused> refused;  ///< every id is in one of both
};

/// Calls `call` with all `ids` (a hundred at a time), and splits what is refused in halves until the servers
/// at fault stand alone. Not split: what is refused to everyone (throttling, an outage), which also ends the
/// work; and a permission, once a few servers were refused it alone and none was granted it (then all are).
/// At most 40 calls: what is then left is refused without being settled, for the next look.
BatchOutcome call_in_batches(const std::vector<std::string>& ids,
                             const std::function<Status(const std::vector<std::string>&)>& call);

}  // namespace lamplighter::tasks
