// The peer that is common in scripts: looks at fixed times, and gives up after a fixed number of them.
#pragma once

#include "bench/fleet/script.h"

namespace lamplighter::bench {

/// States every 15 s at most 5 times; then, for a start, status checks every 45 s at most 6 times.
Result<bool> wait_by_fixed_schedule(aws::Ec2& ec2, Clock& clock, tasks::Action action,
                                    const std::vector<std::string>& ids);

}  // namespace lamplighter::bench
