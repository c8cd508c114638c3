// A run on the embedded engine against AWS, or against what stands for it.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "run/cloud_access.h"
#include "run/observer.h"
#include "run/order.h"
#include "run/outcome.h"
#include "run/overview.h"

namespace lamplighter::run {

struct RealRun {
  AwsOptions aws;
  double speed = 1;          ///< of a simulated cloud on this machine whose time runs so much faster
  std::string state_dir;     ///< as state_directory() takes it
  std::string fleet_file;    ///< for commands that are printed
  std::string fleet_region;  ///< --region
  /// Asked once AWS was seen to answer; false leaves everything as it is. Empty where nobody is to be asked.
  std::function<bool(const Overview&)> confirmed;
  std::function<void(const std::string&)> trouble;  ///< as the engine's
  std::function<void(const std::string&)> tell;     ///< what goes on after the report, a line each
};

/// Looks whether AWS answers, and in which accounts, then starts the execution, which remembers how AWS was
/// reached (run/access.h), and watches it. Once it has reported, stays until its alarms are heard. Ctrl-C
/// only stops the watching. Gives the exit code that `report` gave; no_aws where that is success and alarms
/// are left muted. Errors: as check_accounts(), preflight()
/// and Engine::open; bad_input "Usage" where it was not confirmed, or for a speed that AWS has not.
Result<int> run_for_real(RunOrder order, const RealRun& options, Observer& view, const Report& report);

}  // namespace lamplighter::run
