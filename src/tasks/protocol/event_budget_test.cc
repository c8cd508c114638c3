#include "tasks/protocol/event_budget.h"

#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

TEST(EventBudget, LooksAreSharedOutEvenly) {
  EXPECT_EQ(looks_for(23'000, 200), 12);
  EXPECT_EQ(looks_for(24'000, 6), kMostLooks) << "more would gain nothing";
  EXPECT_LT(looks_for(24'000, 4'000), kFewestLooks) << "too many phases for one execution";
  EXPECT_EQ(looks_for(-5, 3), 0);
  EXPECT_EQ(looks_for(24'000, 0), kMostLooks) << "nothing is looked at";
}

TEST(EventBudget, NoNumberOfEnvironmentsPassesTheLimit) {
  for (const int phases : {1, 2, 3, 7}) {
    for (int environments = 1; environments < 3'000; ++environments) {
      const int all = environments * phases;
      const int looks = looks_for(events_left(environments, all), all);
      if (looks < kFewestLooks) continue;
      EXPECT_LE(
          kExecutionEvents + environments * kEnvironmentEvents + all * (kPhaseEvents + looks * kLookEvents),
          limits::kHistoryEvents)
          << environments << " environments of " << phases;
    }
  }
}

TEST(EventBudget, FleetsOfUsualSizeAreLookedAtOften) {
  EXPECT_EQ(looks_for(events_left(3, 6), 6), kMostLooks);
  EXPECT_GE(looks_for(events_left(10, 20), 20), 100);
  EXPECT_GE(looks_for(events_left(40, 80), 80), 30);
  EXPECT_GE(looks_for(events_left(100, 200), 200), 12);
}

}  // namespace
}  // namespace lamplighter::tasks
