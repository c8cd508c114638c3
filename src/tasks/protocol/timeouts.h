// How long a task may take, and how far clocks may differ.
#pragma once

#include <algorithm>
#include <chrono>

namespace lamplighter::tasks {

/// The state machine waits so long for one look with the API's own retries…
inline constexpr std::chrono::seconds kReconcileTimeout{120};
/// …and so long for a report, which looks at everything.
inline constexpr std::chrono::seconds kReportTimeout{300};
/// The function behind them is given what the longest task may take.
inline constexpr std::chrono::seconds kFunctionTimeout = std::max(kReconcileTimeout, kReportTimeout);

/// Of two machines. What began later than that from now was noted by a clock that ran ahead, or was set back
/// since.
inline constexpr std::chrono::minutes kClocksDiffer{5};

}  // namespace lamplighter::tasks
