// What a script does that starts (stops) a fleet without Lamplighter: every environment on its own, at the
// same time, phase after phase; no alarms, no report. Scripts differ in how they wait for a phase.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "aws/services/ec2.h"
#include "base/clock.h"
#include "base/result.h"
#include "fleet/fleet.h"
#include "simcloud/cloud.h"

namespace lamplighter::bench {

/// Waits until the servers `ids`, whose start (stop) was accepted, are ready (stopped). False: gave up.
using WaitForPhase = Result<bool> (*)(aws::Ec2& ec2, Clock& clock, tasks::Action action,
                                      const std::vector<std::string>& ids);

struct ScriptRun {
  Duration length{0};
  bool gave_up = false;       ///< in one environment at least
  std::size_t ec2_calls = 0;  ///< it makes no others
};

/// On the virtual clock, from the moment `start` on. Error: what a call was refused with.
Result<ScriptRun> run_script(const fleet::Fleet& fleet, tasks::Action action, const simcloud::CloudSpec& spec,
                             Time start, WaitForPhase wait);

/// Are all in that state, by one DescribeInstances?
Result<bool> all_in_state(aws::Ec2& ec2, const std::vector<std::string>& ids, std::string_view state);
/// Have all passed both checks, by one DescribeInstanceStatus? Of instances that run.
Result<bool> all_healthy(aws::Ec2& ec2, const std::vector<std::string>& ids);

}  // namespace lamplighter::bench
