// The task `reconcile`: brings one phase one step towards its desired state, and says how far it is.
#pragma once

#include <string_view>

#include "base/result.h"
#include "tasks/look.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/reconcile_answer.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// What is to be done about a server. `none`: it is ready.
enum class Step { none, start, stop, wait };

/// What the status checks of a server and of its volumes say together. `any`, in a rule: whatever they say.
enum class Checks { any, passed, impaired, not_yet };

/// One line of the table that decides about servers.
struct Rule {
  Action action;
  std::string_view state;  ///< EC2's word
  Checks checks;
  Step step;
  std::string_view waiting_for;  ///< in a few words, for people
};

/// The rule for a server as it was seen. What plan shows and what reconcile does both come from here.
const Rule& decide(Action action, const SeenServer& server);

/// One step. Nothing in it waits for servers. Error: aws, where EC2 could not be asked about the servers;
/// bad_input "InvalidPayload" for a memory that is none. All else is in the answer (docs/tasks.md).
Result<ReconcileAnswer> reconcile(const Context& context, const ReconcilePayload& task);

}  // namespace lamplighter::tasks
