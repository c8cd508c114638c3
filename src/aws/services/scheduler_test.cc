#include "aws/services/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lamplighter::aws {
namespace {

using testing::ElementsAre;

/// Remembers what it was asked, "METHOD url body", and answers with the errors that it is told to.
class Recorder final : public RestCaller {
 public:
  Result<std::string> send(const Target& /*target*/, const RestRequest& request) override {
    asked.push_back(request.method + " " + url_of(request) +
                    (request.body.is_null() ? "" : " " + json_text(request.body)));
    const auto error = errors.find(request.method);
    if (error != errors.end()) return fail(ErrorKind::aws, error->second, "says AWS");
    return std::string("{}");
  }
  std::vector<std::string> asked;
  std::map<std::string, std::string> errors;
};

class SchedulerOnce : public testing::Test {
 protected:
  Scheduler::Once once() {
    return {.name = {"default", "lower-override-3"},
            .due = parse_time("2026-11-27T21:00:00.000Z").value(),
            .target_arn = "arn:machine",
            .role_arn = "arn:role",
            .input = {{"environments", json::array{"dev"}}}};
  }
  Recorder recorder_;
  Scheduler scheduler_{recorder_, {"us-east-1", ""}};
};

constexpr const char* kBody =
    R"j( {"GroupName":"default","ScheduleExpression":"at(2026-11-27T21:00:00)","FlexibleTimeWindow":{"Mode":"OFF"},)j"
    R"j("ActionAfterCompletion":"DELETE","Target":{"Arn":"arn:machine","RoleArn":"arn:role",)j"
    R"j("Input":"{\"environments\":[\"dev\"]}"}})j";

TEST_F(SchedulerOnce, IsMadeForOneMomentOfUtcAndGoesThen) {
  EXPECT_TRUE(scheduler_.put(once()));
  EXPECT_THAT(recorder_.asked, ElementsAre(std::string("POST /schedules/lower-override-3") + kBody));
}

TEST_F(SchedulerOnce, ReplacesOneOfItsNameAndNothingElseIsPassedOver) {
  recorder_.errors["POST"] = "ConflictException";
  EXPECT_TRUE(scheduler_.put(once()));
  EXPECT_EQ(recorder_.asked.back(), std::string("PUT /schedules/lower-override-3") + kBody);
  recorder_.errors["PUT"] = "ValidationException";
  EXPECT_EQ(scheduler_.put(once()).error().code, "ValidationException");
  recorder_.errors["POST"] = "ThrottlingException";
  EXPECT_EQ(scheduler_.put(once()).error().code, "ThrottlingException");
}

TEST_F(SchedulerOnce, OneThatIsGoneIsRemoved) {
  EXPECT_EQ(scheduler_.remove({"my group", "a"}), true);
  EXPECT_EQ(recorder_.asked.back(), "DELETE /schedules/a?groupName=my%20group");
  recorder_.errors["DELETE"] = "ResourceNotFoundException";
  EXPECT_EQ(scheduler_.remove({"default", "a"}), false);
  recorder_.errors["DELETE"] = "AccessDeniedException";
  EXPECT_EQ(scheduler_.remove({"default", "a"}).error().code, "AccessDeniedException");
}

}  // namespace
}  // namespace lamplighter::aws
