// Going on with what was running when the last process ended.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "run/cloud_access.h"
#include "run/observer.h"
#include "run/outcome.h"

namespace lamplighter::run {

struct ResumeOrder {
  std::string execution;  ///< its name or ARN; "" for the one that there is
  bool all = false;       ///< of several, all
  AwsOptions aws;
  double speed = 0;                                 ///< of the run's clock; 0 for what the run remembers
  std::string state_dir;                            ///< as state_directory() takes it
  std::function<void(const std::string&)> trouble;  ///< as the engine's
  std::function<void(const std::string&)> tell;     ///< what is found before it goes on, and after the report
  /// Asked which of several is meant; gives their places. Empty where nobody can be asked.
  std::function<std::vector<std::size_t>(const std::vector<std::string>&)> choose;
};

/// Goes on with what was chosen, as it was started (run/access.h), after a look at the accounts and the
/// servers, and watches one after the other, each with an observer of its own; `report` is given each one's
/// outcome; of one that had reported before, its body only says so. Then waits until the alarms of all are
/// heard. What a later run of the same environment has overtaken is not gone on with. Gives the worst exit
/// code; nullopt where nothing was running. Ctrl-C only stops the watching. Errors: as Engine::open,
/// resumable(), options_to_go_on(), check_accounts() and standing_of(); bad_input "Overtaken",
/// "SeveralRunning", "Usage" where none was chosen.
Result<std::optional<int>> resume(const ResumeOrder& order,
                                  const std::function<std::unique_ptr<Observer>()>& make_observer,
                                  const Report& report);

}  // namespace lamplighter::run
