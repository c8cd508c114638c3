#include "console/choose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::console {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Choose, ANumberOrAllIsMeantAndNothingElse) {
  EXPECT_THAT(places_of("1", 3), ElementsAre(0));
  EXPECT_THAT(places_of("3", 3), ElementsAre(2));
  EXPECT_THAT(places_of("all", 3), ElementsAre(0, 1, 2));
  for (const char* answer : {"", "0", "4", "-1", "1 2", "y", "1.0", "99999999999999999999", "ALL", " 1"}) {
    EXPECT_THAT(places_of(answer, 3), IsEmpty()) << answer;
  }
}

}  // namespace
}  // namespace lamplighter::console
