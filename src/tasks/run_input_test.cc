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
        R"({"environments":["dev"],"access":{},"occurrence":{},"retries":"start-1","started_by":{}})"}) {
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
}

}  // namespace
}  // namespace lamplighter::tasks
