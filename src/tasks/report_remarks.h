// What of a report needs words: why something is not as it should be, and what else a reader ought to know.
// Each reason stands once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tasks/protocol/report_answer.h"

namespace lamplighter::tasks {

/// What they are about ("dev db, test db"; "alarms"), and sentences.
using AboutAndSentences = std::pair<std::string, std::vector<std::string>>;

std::vector<AboutAndSentences> remarks_of(const ReportAnswer& report);

}  // namespace lamplighter::tasks
