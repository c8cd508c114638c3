// The states that tell a machine's recipients, one after another: what becomes of one changes nothing for the
// next, nor for the run. Internal to machine/.
#pragma once

#include <string>
#include <vector>

#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/tasks.h"

namespace lamplighter::machine {

/// What is told: a run's report, the warning that a stop comes, or what the daemon missed.
enum class Message { report, warning, missed };

/// Those of the fleet who are told of it.
std::vector<const fleet::Notify*> recipients_of(const fleet::Fleet& fleet, Message message);

/// Adds them, "Notify", "Notify 2", …, and gives the first's name: `next` where nobody is told. Each takes
/// {subject, body, …}, which stays, and leaves what became of it beside it: as `notified` where a topic is
/// the only recipient, else as one more of the list `notifications`, with `to`.
std::string add_notify_states(const Source& source, Message message, const std::string& next,
                              json::object& states);

/// JSONata expressions about what they left: whether all were told, and whom it failed, and why.
std::string all_were_told(const fleet::Fleet& fleet, Message message);
std::string who_was_not_told(const fleet::Fleet& fleet, Message message);

}  // namespace lamplighter::machine
