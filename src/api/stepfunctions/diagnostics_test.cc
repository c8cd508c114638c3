#include "api/stepfunctions/diagnostics.h"

#include <gtest/gtest.h>

namespace lamplighter::api {
namespace {

using Severity = asl::Diagnostic::Severity;

const asl::Diagnostics found{{Severity::warning, "ODD", "looks odd", "/States/A"},
                             {Severity::error, "BAD", "is bad", "/States/B"},
                             {Severity::error, "WORSE", "is worse", "/States/C"}};

TEST(Diagnostics, HaveTheServicesShape) {
  const auto shown = to_json({found[1]}, {});
  EXPECT_EQ(json_text(shown), R"({"result":"FAIL","diagnostics":[{"severity":"ERROR","code":"BAD",)"
                              R"("message":"is bad","location":"/States/B"}],"truncated":false})");
}

TEST(Diagnostics, HaveALocationOnlyWhereThereIsOne) {
  const auto shown = to_json({{Severity::error, "MISSING_END_STATE", "no end", ""}}, {});
  EXPECT_FALSE(shown.at("diagnostics").at(0).as_object().contains("location"));
}

TEST(Diagnostics, AreOkWithWarningsOnly) {
  EXPECT_EQ(to_json({found[0]}, {}).at("result"), "OK");
  EXPECT_EQ(to_json({}, {}).at("result"), "OK");
}

TEST(Diagnostics, LeaveWarningsOutOnRequest) {
  const auto shown = to_json(found, {.with_warnings = false});
  EXPECT_EQ(shown.at("diagnostics").as_array().size(), 2U);
  EXPECT_EQ(shown.at("diagnostics").at(0).at("code"), "BAD");
}

TEST(Diagnostics, AreCutAtTheLimitAndStillFail) {
  const auto shown = to_json(found, {.max = 1});
  EXPECT_EQ(shown.at("diagnostics").as_array().size(), 1U);
  EXPECT_EQ(shown.at("result"), "FAIL");
  EXPECT_EQ(shown.at("truncated"), true);
}

}  // namespace
}  // namespace lamplighter::api
