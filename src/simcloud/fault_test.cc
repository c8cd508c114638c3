#include "simcloud/fault.h"

#include <gmock/gmock.h>

namespace lamplighter::simcloud {
namespace {

using testing::HasSubstr;

TEST(Fault, OfAServer) {
  const auto fault = parse_fault("capacity:test4");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, FaultKind::capacity);
  EXPECT_EQ(fault->server, "test4");
  EXPECT_EQ(fault->times, -1);
}

TEST(Fault, TheFirstTimesOnly) { EXPECT_EQ(parse_fault("relapse:web *1*3")->times, 3); }

TEST(Fault, ServerNamesMayHoldStars) { EXPECT_EQ(parse_fault("relapse:web*1*3")->server, "web*1"); }

TEST(Fault, OfCalls) {
  const auto fault = parse_fault("throttle:0.25*10");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, FaultKind::throttle);
  EXPECT_DOUBLE_EQ(fault->probability, 0.25);
  EXPECT_EQ(fault->times, 10);
}

TEST(Fault, RefusesWhatIsNone) {
  for (const char* text :
       {"", "capacity", "capacity:", "capacity:*2", "fire:test4", "throttle:2", "throttle:-0.1", "reset:nan",
        "error:0.1x", "throttle:", "stuck:test4*0", "stuck:test4*x", "stuck:test4*-1"}) {
    const auto fault = parse_fault(text);
    ASSERT_FALSE(fault) << text;
    EXPECT_EQ(fault.error().kind, ErrorKind::bad_input);
    EXPECT_EQ(fault.error().code, "InvalidFault");
    EXPECT_THAT(fault.error().message, HasSubstr("capacity:test4")) << "says what was expected";
  }
}

}  // namespace
}  // namespace lamplighter::simcloud
