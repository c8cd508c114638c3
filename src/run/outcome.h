// How a run ended, for people, for programs and for the exit code.
#pragma once

#include <string>

#include "aws/client/caller.h"
#include "run/progress.h"
#include "run/run.h"

namespace lamplighter::run {

struct Outcome {
  json::object json;    ///< what --json ends with (docs/cli.md)
  std::string body;     ///< the report as it was mailed; "" where there is none
  std::string trouble;  ///< what else went wrong, and what to do; "" for nothing
  int exit_code = 0;
};

/// For an execution that has ended.
Outcome outcome_of(const RunEnd& end, const Progress& progress, const aws::CallCounts& calls);

}  // namespace lamplighter::run
