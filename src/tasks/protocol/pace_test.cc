#include "tasks/protocol/pace.h"

#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

constexpr Pace kCloud{15, 60};

TEST(Pacing, WaitsGrowWithinTheBoundsAndEndAtTheDeadline) {
  EXPECT_EQ(next_wait(kCloud, 0, 900), 15);
  EXPECT_EQ(next_wait(kCloud, 600, 900), 20);
  EXPECT_EQ(next_wait(kCloud, 890, 900), 10);
  EXPECT_EQ(next_wait(kCloud, 3000, 7200), 60);
  EXPECT_EQ(next_wait(kCloud, 900, 900), 1) << "a wait of nothing would spin";
}

TEST(Pacing, CountsEveryLookUpToTheDeadline) {
  EXPECT_EQ(most_looks(kCloud, 0), 1);
  EXPECT_EQ(most_looks(kCloud, 15), 2);
  EXPECT_EQ(most_looks(kCloud, 40), 4) << "at 0, 15, 30 and 40 seconds";
}

TEST(Pacing, ASparserPaceNeedsFewerLooks) {
  EXPECT_LT(most_looks(kCloud, 900), most_looks({5, 60}, 900));
  EXPECT_LT(most_looks({30, 300}, 7200), most_looks(kCloud, 7200));
}

}  // namespace
}  // namespace lamplighter::tasks
