// The fair peer: a script with AWS's own waiters, as `aws ec2 wait` and every AWS SDK have them.
#pragma once

#include "bench/fleet/script.h"

namespace lamplighter::bench {

/// `instance-running` and then `instance-status-ok`, or `instance-stopped`: each looks at once, then every 15
/// s, at most 40 times.
Result<bool> wait_with_waiters(aws::Ec2& ec2, Clock& clock, tasks::Action action,
                               const std::vector<std::string>& ids);

}  // namespace lamplighter::bench
