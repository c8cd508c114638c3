#include "tasks/run_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;

std::string problem(std::string_view input) {
  const auto checked = check_run_input(parse_json(input).value());
  return checked ? "" : checked.error().message;
}

TEST(RunInput, NamesEnvironmentsOrNone) {
  for (const auto* input :
       {"{}", R"({"environments":["dev"]})", R"({"environments":[]})",
        R"({"schedule":"nights","action":"stop","environments":["dev"]})",
        R"({"environments":["dev"],"access":{},"retries":"start-1","started_by":{},"override":true})",
        R"({"occurrence":{"schedule":"nights","due":"2026-11-27T20:00:00Z"}})",
        R"({"occurrence":{"schedule":"s","due":"2026-12-25T06:00:00Z"},)"
        R"("calendar":{"timezone":"UTC","until":"2026-12-25"}})"}) {
    EXPECT_EQ(problem(input), "") << input;
  }
}

TEST(RunInput, AMistakeIsNoRunOfEverything) {
  EXPECT_THAT(problem(R"({"environment":["dev"]})"), HasSubstr("environment"));
  EXPECT_THAT(problem(R"({"Environments":["dev"]})"), HasSubstr("expected no such member, but environments"));
  EXPECT_THAT(problem(R"({"environments":"dev"})"), HasSubstr("input.environments"));
  EXPECT_THAT(problem(R"({"environments":[5]})"), HasSubstr("input.environments"));
  EXPECT_THAT(problem(R"(["dev"])"), HasSubstr("input"));
  EXPECT_NE(problem("[]"), "");
  EXPECT_THAT(problem(R"({"occurrence":{"schedule":"s","due":"soon"}})"), HasSubstr("input.occurrence.due"));
  EXPECT_THAT(problem(R"({"occurrence":{"schedule":"s","due":"2026-12-25T06:00:00Z"},"calendar":{}})"),
              HasSubstr("input.calendar.timezone"));
}

TEST(RunInput, WhatDecidesWhetherItRunsIsReadBeforeAnythingIsDone) {
  EXPECT_THAT(problem(R"({"override":"yes"})"), HasSubstr("input.override"));
  EXPECT_THAT(problem(R"({"occurrence":{}})"), HasSubstr("input.occurrence.schedule"));
  EXPECT_THAT(problem(R"({"occurrence":{"schedule":"nights","due":"tonight"}})"),
              HasSubstr("input.occurrence.due"));
}

}  // namespace
}  // namespace lamplighter::tasks
