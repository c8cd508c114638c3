#include "run/refusal_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/recorded_log.h"

namespace lamplighter::run {
namespace {

using std::chrono_literals::operator""s;
using testing::ElementsAre;

TEST(RefusalLog, CountsWhatComesTooFast) {
  RecordedLog log;
  RefusalLog refusals(log);
  const auto now = RefusalLog::Moment::clock::now();
  http::Request request;
  request.address = "10.0.0.7";
  refusals.note(request, {200, {}, ""}, now);
  refusals.note(request, {404, {}, ""}, now);
  for (int i = 0; i < 1'000; ++i) refusals.note(request, {403, {}, ""}, now + 1s);
  request.address = "10.0.0.8";
  refusals.note(request, {401, {}, ""}, now + 12s);
  EXPECT_THAT(
      log.troubles,
      ElementsAre("refused 1 request without the right signature or token from 10.0.0.7",
                  "refused 1000 requests without the right signature or token, the last from 10.0.0.8"));
}

}  // namespace
}  // namespace lamplighter::run
