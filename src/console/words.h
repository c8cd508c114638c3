// Short texts that several views use.
#pragma once

#include <string>

#include "base/clock.h"
#include "run/progress.h"

namespace lamplighter::console {

/// What has passed, or is to come, in whole seconds as everywhere: "41s", "2m13s", "1h5m2s".
std::string elapsed(Duration duration);

/// "Mon 2026-11-30 06:00", as the zone's clock shows it; with seconds where there are some.
std::string local_time(const std::string& zone, Time time);

/// "starting", "stopping".
std::string_view doing(tasks::Action action);
/// "started", "stopped".
std::string_view done(tasks::Action action);
/// "already running", "already stopped": there was nothing to do.
std::string_view already(tasks::Action action);

/// "db: 2 of 3 started, waiting for test7: status checks".
std::string phase_words(tasks::Action action, const run::PhaseProgress& phase);

}  // namespace lamplighter::console
