// The Task states of a machine: what they ask the handler for, what is retried, what is caught. Internal to
// machine/.
#pragma once

#include <string>
#include <vector>

#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"

namespace lamplighter::machine {

/// What all parts of one machine are made from. References live as long as the compilation.
struct Source {
  const fleet::Fleet& fleet;
  tasks::Action action;
  const CompileOptions& options;
  std::vector<const fleet::Environment*> environments;
  tasks::Pace pace;  ///< between two looks

  /// In the order in which the action works on them: a stop goes from the last to the first.
  [[nodiscard]] std::vector<const fleet::Phase*> phases(const fleet::Environment& environment) const;
  /// How many servers of a phase the handler may list one by one, so that all branches' outputs together
  /// stay far under Step Functions' 256 KiB.
  [[nodiscard]] std::size_t servers_listed() const;
};

/// One look at a phase; `next` is the Choice behind it, `halt` where its errors go.
json::object reconcile_task(const Source& source, const fleet::Environment& environment,
                            const fleet::Phase& phase, const std::string& next, const std::string& halt);

/// The report; `next` is the machine's end, `not_sent` where it goes when no report can be sent.
json::object report_task(const Source& source, const std::string& next, const std::string& not_sent);

}  // namespace lamplighter::machine
