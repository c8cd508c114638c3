#include "tasks/protocol/pace.h"

#include <algorithm>
#include <cmath>

namespace lamplighter::tasks {
namespace {

constexpr double kFinest = 1.0 / 30;  // of what has passed: a finer wait gains nothing that anyone would see
constexpr int kSpareShare = 8;
constexpr int kSearchSteps = 30;

/// When servers become ready: hardly ever before `earliest`, and mostly until `latest`, in seconds.
struct Readiness {
  double earliest;
  double latest;
};
constexpr Readiness readiness_of(Action action) {
  return action == Action::start ? Readiness{75, 450} : Readiness{25, 100};
}

/// The wait after `elapsed` seconds as a multiple of the ratio that a budget allows: what has passed, three
/// times that before anything can be ready, and towards five times that late.
double leisure(const Readiness& ready, double elapsed) {
  if (elapsed < ready.earliest) return 3 * ready.earliest - 2 * elapsed;
  return elapsed + 4 * std::max(0.0, elapsed - ready.latest);
}

/// The moment of the look after the one at `elapsed`. It never falls as `elapsed` grows; that is what bounds
/// the looks.
int next_look(const LookBudget& budget, double ratio, int elapsed) {
  const Readiness ready = readiness_of(budget.action);
  const double first = ratio * leisure(ready, 0);
  const double wanted = std::max(first, elapsed + ratio * leisure(ready, elapsed));
  const int no_sooner = elapsed + std::max(1, budget.floor);
  if (wanted >= budget.timeout || no_sooner >= budget.timeout) return budget.timeout;
  return std::max(static_cast<int>(std::ceil(wanted)), no_sooner);
}

int planned_looks(const LookBudget& budget) { return std::max(2, budget.looks - spare_looks(budget.looks)); }

/// The looks until the deadline, or `limit` + 1 where they are more.
int count_looks(const LookBudget& budget, double ratio, int limit) {
  int looks = 1;
  for (int elapsed = 0; elapsed < budget.timeout && looks <= limit; ++looks) {
    elapsed = next_look(budget, ratio, elapsed);
  }
  return looks;
}

/// The finest ratio with which the budget lasts until the deadline.
double fitting_ratio(const LookBudget& budget) {
  const int limit = planned_looks(budget);
  const auto fits = [&](double ratio) { return count_looks(budget, ratio, limit) <= limit; };
  if (fits(kFinest)) return kFinest;
  double low = kFinest;
  double high = 2 * kFinest;
  while (!fits(high)) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < kSearchSteps; ++i) {
    const double middle = (low + high) / 2;
    (fits(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

int next_wait(const LookBudget& budget, int elapsed) {
  if (elapsed >= budget.timeout) return 1;
  return next_look(budget, fitting_ratio(budget), elapsed) - elapsed;
}

int spare_looks(int looks) { return looks / kSpareShare; }

int most_looks(const LookBudget& budget) {
  return count_looks(budget, fitting_ratio(budget), planned_looks(budget));
}

}  // namespace lamplighter::tasks
