// Staying as long as others need it: a process that came to run one thing may be running others' by its end.
#pragma once

#include "base/result.h"
#include "engine/runtime/engine.h"
#include "run/holder_socket.h"
#include "run/outcome.h"
#include "run/progress.h"
#include "run/teller.h"

namespace lamplighter::run {

/// The socket for others while a run goes on; nullptr, and a word of it, where it can't be opened. What else
/// runs in the state directory, but for `going_on`, is left as it is.
std::unique_ptr<HolderSocket> open_holder_socket(engine::Engine& engine, Clock& clock,
                                                 const std::string& verb, Access access, CloudAccess& cloud,
                                                 Teller& teller, const std::set<std::string>& going_on = {});

/// Waits until all that others started by way of `socket`, `own` aside, has ended, and closes it; a second
/// Ctrl-C ends the process. `interrupted`: the first has come.
void wait_for_others(HolderSocket* socket, const std::set<std::string>& own, bool interrupted,
                     Teller& teller);

/// The same where Ctrl-C left a run of our own, which goes on meanwhile. Gives how it stands then; any other
/// end as it is, at once.
Result<RunEnd> stay_for_others(HolderSocket* socket, engine::Engine& engine, RunEnd end, Progress& progress,
                               Teller& teller);

}  // namespace lamplighter::run
