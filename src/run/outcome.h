// How a run ended, for people, for programs and for the exit code.
#pragma once

#include <functional>
#include <string>

#include "aws/client/caller.h"
#include "engine/runtime/engine.h"
#include "run/progress.h"

namespace lamplighter::run {

/// How a run was left.
struct RunEnd {
  engine::Execution execution;
  bool reported = false;     ///< its report is out, and it goes on for its alarms
  bool interrupted = false;  ///< by Ctrl-C: the execution is still running (a simulated one is over)
};

struct Outcome {
  json::object json;    ///< what --json ends with (docs/cli.md)
  std::string body;     ///< the report, mailed or not; "" where there is none
  std::string trouble;  ///< what else went wrong, and what to do; "" for nothing
  int exit_code = 0;    ///< run/exit_code.h
};

/// Tells people how a run ended; gives the exit code.
using Report = std::function<int(const Outcome&)>;

/// For an execution that has ended or reported, or that Ctrl-C left (130, and nothing but the trouble to
/// say). The calls that it counts are `caller`'s, which is also asked for names that the report had no room
/// for; nullptr: `names` is asked, if anyone.
Outcome outcome_of(const RunEnd& end, const Progress& progress, aws::Caller* caller,
                   aws::Caller* names = nullptr);

}  // namespace lamplighter::run
