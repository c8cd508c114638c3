// The servers of a large run that its report had no room to list.
#pragma once

#include <optional>
#include <vector>

#include "aws/client/caller.h"
#include "machine/shape.h"
#include "tasks/protocol/branch_end.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::run {

bool leaves_servers_out(const std::optional<tasks::ReportAnswer>& report);

/// Lists in `report` what it left out: first states are in the branches' ends, names are asked for through
/// `caller`. Where it is nullptr, or doesn't know, a server's id is its name.
void list_every_server(tasks::ReportAnswer& report, const std::vector<tasks::BranchEnd>& ends,
                       const machine::Shape& shape, aws::Caller* caller);

}  // namespace lamplighter::run
