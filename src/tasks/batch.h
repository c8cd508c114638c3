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
  bool settled = false;  ///< `error` is about this very server; else it may well pass next time
};

struct BatchOutcome {
  std::vector<std::string> accepted;
  std::vector<Refused> refused;  ///< every id is in one of both
};

/// Calls `call` with all `ids` (a hundred at a time). A server that a refusal's message alone names is at
/// fault, and the others are called for again without it: a call for each such server. What names none, or
/// several, is split in halves until the servers at fault stand alone. So nobody is refused for another's
/// sake, and each has its own message. Not split: what concerns everyone (throttling, an outage,
/// credentials: aws/client/error_codes.h), which ends the work. At most 16 calls: what is then left is
/// refused without being settled, for the next look.
BatchOutcome call_in_batches(const std::vector<std::string>& ids,
                             const std::function<Status(const std::vector<std::string>&)>& call);

}  // namespace lamplighter::tasks
