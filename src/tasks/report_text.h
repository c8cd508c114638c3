// The report as people read it: the mail's plain text.
#pragma once

#include <string>

#include "base/limits.h"
#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {

/// As long as a mail gets.
inline constexpr std::size_t kMailBytes = 256'000;
static_assert(kMailBytes < limits::kMessageBytes);

/// `report` with all its servers: what halted first, then every environment, phase and server in columns.
/// Longer than `max_bytes`, servers are left out at the end and counted.
std::string body_of(const ReportPayload& task, const ReportAnswer& report,
                    std::size_t max_bytes = kMailBytes);

}  // namespace lamplighter::tasks
