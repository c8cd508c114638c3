// What a run left alone: environments that a calendar or a person had skipped, and those that another run
// took from it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/runtime/executions.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::run {

struct PassedOver {
  std::map<std::string, std::string> skipped;     ///< by what, who decided, until when; by environment
  std::map<std::string, std::string> superseded;  ///< the name of the execution that took it; by environment
  bool all_skipped = false;                       ///< nothing was done
};

PassedOver passed_over_in(const tasks::ReportAnswer& report);

/// Of an execution that has ended, described with its output, by its report; nullopt where it has none. Asks
/// for the end of its history where it failed.
std::optional<PassedOver> passed_over_in(engine::Executions& executions, const engine::Execution& execution);

/// "skipped: paused until …" of all; "dev, test skipped: …; preprod superseded by stop-…"; "" for nothing.
std::string words_of(const PassedOver& passed_over);

}  // namespace lamplighter::run
