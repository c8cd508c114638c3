#include "aws/client/error_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/client/retry.h"

namespace lamplighter::aws {
namespace {

TEST(ErrorCodes, SayWhoseMatterAnErrorIs) {
  EXPECT_EQ(find_error_code("SlowDown").concern, Concern::nobody);
  EXPECT_EQ(find_error_code("NoCredentials").concern, Concern::everyone);
  EXPECT_EQ(find_error_code("OperationNotPermitted").concern, Concern::resource);
  EXPECT_TRUE(find_error_code("OperationNotPermitted").lasting);
  EXPECT_FALSE(find_error_code("InsufficientInstanceCapacity").lasting);
}

TEST(ErrorCodes, WhatIsNotKnownIsOfOneResource) {
  const auto unknown = find_error_code("IncorrectInstanceState");
  EXPECT_EQ(unknown.code, "IncorrectInstanceState");
  EXPECT_EQ(unknown.concern, Concern::resource);
  EXPECT_FALSE(unknown.lasting);
  EXPECT_FALSE(is_known_error_code("IncorrectInstanceState"));
}

TEST(ErrorCodes, WhatAStateMachineRetriesIsRetriedByACallToo) {
  EXPECT_THAT(passing_error_codes(), testing::Contains("RequestLimitExceeded"));
  for (const auto code : passing_error_codes()) {
    EXPECT_EQ(find_error_code(code).concern, Concern::nobody) << code;
    EXPECT_TRUE(is_retryable({{ErrorKind::aws, std::string(code), ""}, 0})) << code;
  }
}

}  // namespace
}  // namespace lamplighter::aws
