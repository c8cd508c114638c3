// The servers of a phase in columns.
#pragma once

#include <string>
#include <vector>

#include "tasks/protocol/action.h"
#include "tasks/protocol/reconcile_answer.h"

namespace lamplighter::tasks {

/// The titles, then a line a server; those of which something is to be said begin with "!". Status checks are
/// columns after a start only. Empty for no servers.
std::vector<std::string> server_table(const std::vector<ServerAnswer>& servers, Action action);

}  // namespace lamplighter::tasks
