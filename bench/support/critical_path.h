// What no orchestration can beat.
#pragma once

#include "fleet/fleet.h"
#include "simcloud/cloud.h"

namespace lamplighter::bench {

double seconds(Duration duration);

/// The slowest environment: the sum of its phases' slowest servers, each from the accepted call until its
/// checks passed (until it stopped), in seconds. Of the last start (stop) in `cloud`, which is over at `now`;
/// of a fleet that names its servers and settles nowhere.
double critical_path(const fleet::Fleet& fleet, tasks::Action action, simcloud::Cloud& cloud, Time now);

}  // namespace lamplighter::bench
