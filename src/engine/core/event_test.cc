#include "engine/core/event.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/core/checksum.h"

namespace lamplighter::engine {
namespace {

Event event(EventType type) {
  Event out;
  out.id = 7;
  out.type = type;
  out.details = {{"name", "A"}};
  if (!payload_key(type).empty()) out.payload = std::make_shared<const std::string>("{}");
  return out;
}

TEST(Event, IsShownAsTheServiceNamesIt) {
  const auto shown = to_history_json(event(EventType::choice_state_entered));
  EXPECT_EQ(shown.at("type"), "ChoiceStateEntered");
  EXPECT_EQ(shown.at("stateEnteredEventDetails").at("input"), "{}");
  EXPECT_EQ(
      to_history_json(event(EventType::task_scheduled)).at("taskScheduledEventDetails").at("parameters"),
      "{}");
  EXPECT_EQ(to_history_json(event(EventType::lambda_function_timed_out)).at("type"),
            "LambdaFunctionTimedOut");
  const auto bare = to_history_json(event(EventType::parallel_state_started));
  EXPECT_EQ(bare.size(), 4U) << "it has no details";
}

TEST(Event, EveryTypeComesBackFromTheStoreAsItWas) {
  std::vector<Event> events;
  for (int type = 0; type <= static_cast<int>(EventType::branch_failed); ++type)
    events.push_back(event(static_cast<EventType>(type)));
  const auto back = read_records(write_records(events));
  ASSERT_TRUE(back) << back.error().message;
  ASSERT_EQ(back->size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(back->at(i).type, events[i].type);
    EXPECT_EQ(to_history_json(back->at(i)), to_history_json(events[i]));
  }
}

TEST(Event, EveryTypeComesBackFromAHistoryAsItWas) {
  for (int type = 0; type < static_cast<int>(EventType::wait_scheduled); ++type) {
    auto shown = to_history_json(event(static_cast<EventType>(type)));
    const auto back = read_history_json(shown);
    ASSERT_TRUE(back) << shown;
    EXPECT_EQ(to_history_json(*back), shown);
    shown["timestamp"] = 1795500000.25;
    EXPECT_EQ(format_time(read_history_json(shown)->time), "2026-11-24T06:00:00.250Z");
  }
}

TEST(Event, WhatIsNoEventOfAHistoryIsPassedOver) {
  for (const auto* text : {"null", "[]", "{}", R"({"id":1,"type":"PassStateEntered"})",
                           R"({"id":"1","type":"PassStateEntered","timestamp":1})",
                           R"({"id":0,"type":"PassStateEntered","timestamp":1})",
                           R"({"id":1,"type":"PassStateEntered","timestamp":1e300})",
                           R"({"id":1,"type":"ExecutionRedriven","timestamp":1})"}) {
    EXPECT_FALSE(read_history_json(*parse_json(text))) << text;
  }
  const auto odd = read_history_json(
      *parse_json(R"({"id":1,"type":"PassStateEntered","timestamp":1,"stateEnteredEventDetails":[]})"));
  ASSERT_TRUE(odd);
  EXPECT_TRUE(odd->details.empty());
}

TEST(Event, WhatNoTypeIsCalledIsNone) {
  EXPECT_EQ(parse_event_type("PassStateTeleported"), std::nullopt);
  EXPECT_EQ(parse_event_type(""), std::nullopt);
}

TEST(Event, ARecordOfATypeThatNobodyKnowsIsDamaged) {
  const std::string records = R"([[1,0,1000,"PassStateTeleported",0,{},{}]])";
  const auto read = read_records(fmt::format("{:08x}{}", crc32(records), records));
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("'PassStateTeleported' is no type of event"), std::string::npos);
}

/// As versions before wrote it: the payload anywhere among the details.
TEST(Event, AnEarlierVersionsRecordIsReadAsItsOwn) {
  const std::string records =
      R"([[1,0,1000,"TaskScheduled",0,{"region":"r","parameters":"{}","resource":"invoke"},{"timeout":5}]])";
  const auto read = read_records(fmt::format("{:08x}{}", crc32(records), records));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read->at(0).payload, "{}");
  EXPECT_EQ(read->at(0).details, (json::object{{"region", "r"}, {"resource", "invoke"}}));
}

TEST(Event, EachKindOfStateHasItsOwnEvents) {
  EXPECT_EQ(event_of(EventKind::state_entered, asl::StateType::fail), EventType::fail_state_entered);
  EXPECT_EQ(event_of(EventKind::state_exited, asl::StateType::fail), std::nullopt) << "it ends in failure";
  EXPECT_EQ(event_of(EventKind::state_aborted, asl::StateType::pass), std::nullopt) << "it never waits";
  EXPECT_EQ(event_of(EventKind::state_failed, asl::StateType::map), EventType::map_state_failed);
  EXPECT_EQ(kind_of(EventType::execution_timed_out), EventKind::execution_ended);
}

}  // namespace
}  // namespace lamplighter::engine
