// One call for many servers, where EC2 accepts or refuses them as a whole: finds out whom a refusal is about,
// so that one bad server does not keep the others from starting.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lamplighter::tasks {

struct Refused {
  std::string id;
  Error error;
  bool settled = false;      ///< `error` is about this very server; else it may well pass next time
  std::size_t together = 0;  ///< where it isn't: with how many it is to be asked for next; 0: with any
};

struct BatchOutcome {
  std::vector<std::string> accepted;
  std::vector<Refused> refused;  ///< every id is in one of both
};

/// How many ids a call has at most for an id's sake, as an earlier outcome has it; all others: any.
using Together = std::map<std::string, std::size_t>;

/// Calls `call` with all `ids` (a hundred at a time), in their order. A server that a refusal's message alone
/// names is at fault, and the others are called for again without it: a call for each such server. What
/// names none, or several, is split in quarters, which are called for once everybody else was, until the
/// servers at fault stand alone. So nobody is refused for another's sake, and each has its own message. Not
/// split: what concerns everyone (throttling, an outage, credentials: aws/client/error_codes.h), which ends
/// the work. At most 16 calls: what is then left is refused without being settled, and goes on with its
/// `together` where it was, in the next look: however few calls a look has, each comes to its end.
BatchOutcome call_in_batches(const std::vector<std::string>& ids,
                             const std::function<Status(const std::vector<std::string>&)>& call,
                             const Together& together = {});

/// The code of an error that says only that a server was not asked for alone.
inline constexpr std::string_view kTooManyRefusals = "TooManyRefusals";

}  // namespace lamplighter::tasks
