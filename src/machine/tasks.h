// The Task states of a machine: what they ask the handler for, what is retried, what is caught. Internal to
// machine/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet.h"
#include "json/json.h"
#include "machine/compile.h"
#include "tasks/protocol/environment.h"

namespace lamplighter::machine {

/// What all parts of one machine are made from. References live as long as the compilation.
struct Source {
  const fleet::Fleet& fleet;
  tasks::Action action;
  const CompileOptions& options;
  std::vector<const fleet::Environment*> environments;
  int looks;  ///< that each phase may take where all of them run

  /// In the order in which the action works on them: a stop goes from the last to the first.
  [[nodiscard]] std::vector<const fleet::Phase*> phases(const fleet::Environment& environment) const;
  /// All environments as tasks are told of them.
  [[nodiscard]] std::vector<tasks::DescribedEnvironment> described() const;
  [[nodiscard]] std::size_t described_bytes() const;
  [[nodiscard]] std::size_t phase_count() const;
};

/// The look at everything before anything is done.
json::object survey_task(const Source& source, const std::string& next, const std::string& failed);

/// Opens a branch; `next` is the Choice behind it, which also takes its errors.
json::object admit_task(const Source& source, const fleet::Environment& environment, const std::string& next);

/// One look at a phase; `next` is the Choice behind it, which also takes its errors.
json::object reconcile_task(const Source& source, const fleet::Environment& environment,
                            const fleet::Phase& phase, const std::string& next);

/// The report; `failed` is where it goes when there can be none.
json::object report_task(const Source& source, const std::string& next, const std::string& failed);

/// The mail that a stop comes. `failed` is where it goes when there can be none.
json::object warn_task(const Source& source, const std::string& next, const std::string& failed);

/// One look of the unmute loop. Its output is its input; the variable `unmuting` says how far it is. No error
/// leaves it: one that passes is another look, any other ends the loop.
json::object unmute_task(const Source& source, const std::string& next);

/// The codes of errors that another try may not meet: the Lambda service's own, a handler that was cut off,
/// and what aws/client/error_codes.h calls passing.
json::array passing_errors();

/// A JSONata expression for the words in a caught error: its name and the message in its cause. `error` is
/// the expression of the error output. Cannot fail.
std::string error_words(const std::string& error);

}  // namespace lamplighter::machine
