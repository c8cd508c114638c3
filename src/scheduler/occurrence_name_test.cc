#include "scheduler/occurrence_name.h"

#include <gtest/gtest.h>

namespace lamplighter::scheduler {
namespace {

Time due() { return parse_time("2026-11-27T20:00:00Z").value(); }

TEST(OccurrenceName, TellsScheduleAndMoment) {
  EXPECT_EQ(occurrence_name("f", "evening stop", due()).substr(0, 13), "evening-stop-");
  EXPECT_TRUE(occurrence_name("f", "evening stop", due()).ends_with("-20261127T200000Z"));
}

TEST(OccurrenceName, TellsFleetsAndSchedulesApartThatLookAlike) {
  EXPECT_NE(occurrence_name("f", "a b", due()), occurrence_name("f", "a-b", due()));
  EXPECT_NE(occurrence_name("f", "a", due()), occurrence_name("g", "a", due()));
  EXPECT_EQ(occurrence_name("f", "a", due()), occurrence_name("f", "a", due()));
}

TEST(OccurrenceName, IsWhatAnExecutionMayBeCalled) {
  for (const std::string& name : {std::string(48, 'x'), std::string("über 20:00 / \"stop\""),
                                  std::string("漢字"), std::string("--a--"), std::string(47, 'x') + " y"}) {
    const std::string made = occurrence_name("f", name, due());
    EXPECT_LE(made.size(), 80U);
    EXPECT_EQ(made.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
              std::string::npos)
        << made;
    EXPECT_NE(made.front(), '-');
  }
}

}  // namespace
}  // namespace lamplighter::scheduler
