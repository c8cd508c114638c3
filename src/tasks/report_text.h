// The report as people read it: the mail's plain text.
#pragma once

#include <cstddef>
#include <string>

#include "tasks/protocol/payload.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {

/// As long as a mail gets: beside it the answer of one state has room for the servers.
inline constexpr std::size_t kMailBytes = 100'000;

/// `report`, with all its servers: first a line an environment, then what needs words, then the run's facts
/// and every server in columns. What is too long shows only servers of which something is to be said, and
/// says where the others are: `in_lambda`, in Step Functions' history, else in a state directory's.
std::string body_of(const ReportPayload& task, const ReportAnswer& report, std::size_t max_bytes = kMailBytes,
                    bool in_lambda = false);

}  // namespace lamplighter::tasks
