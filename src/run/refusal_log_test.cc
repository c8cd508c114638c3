#include "run/refusal_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_log.h"

namespace lamplighter::run {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(RefusalLog, CountsWhatComesTooFast) {
  RecordedLog log;
  RefusalLog refusals(log);
  const auto now = RefusalLog::Moment::clock::now();
  refusals.note({200, {}, ""}, now);
  refusals.note({404, {}, ""}, now);
  for (int i = 0; i < 1'000; ++i) refusals.note({403, {}, ""}, now + 1s);
  refusals.note({401, {}, ""}, now + 12s);
  EXPECT_THAT(log.troubles,
              ElementsAre(HasSubstr("refused 1 request "), HasSubstr("refused 1000 requests ")));
}

}  // namespace
}  // namespace lamplighter::run
