#include "tasks/protocol/error_words.h"

#include <gtest/gtest.h>

#include "tasks/protocol/branch_end.h"

namespace lamplighter::tasks {
namespace {

TEST(ErrorWords, AreTheMessageInAFunctionsError) {
  EXPECT_EQ(error_words("Denied", R"({"errorType":"Denied","errorMessage":"say \"why\""})"),
            "Denied: say \"why\"");
  EXPECT_EQ(error_words("States.Timeout", ""), "States.Timeout");
  EXPECT_EQ(error_words("Sandbox.Timedout", "after 120 s"), "Sandbox.Timedout: after 120 s");
}

TEST(ErrorWords, AreTheMessageWhereverTheCauseIsCutOff) {
  const std::string whole = R"({"errorMessage":"say \"why\" \u00e9.","errorType":"Denied"})";
  for (std::size_t size = whole.size(); size > 30; --size) {
    const auto words = error_words("Denied", whole.substr(0, size));
    EXPECT_TRUE(words.starts_with("Denied: say \"why\"")) << size << ": " << words;
  }
}

TEST(BranchEnd, ItsReasonIsMadeOfTheErrorThatHaltedIt) {
  const json::object end{{"environment", "dev"}, {"status", "halted"}, {"phase", "db"},
                         {"reason", ""},         {"error", "Denied"},  {"cause", R"({"errorMessage":"no"})"}};
  EXPECT_EQ(read_branch_end(end).value().reason, "Denied: no");
}

}  // namespace
}  // namespace lamplighter::tasks
