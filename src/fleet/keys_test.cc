#include "fleet/keys.h"

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json.h"

namespace lamplighter::fleet {
namespace {

std::vector<std::string> properties(const json::value& schema, std::string_view pointer) {
  std::vector<std::string> names;
  for (const auto& member : schema.at_pointer(pointer).as_object()) names.emplace_back(member.key());
  return names;
}

TEST(Keys, are_those_of_the_schema) {
  std::ifstream in(LAMPLIGHTER_SOURCE_DIR "/schema/fleet.schema.json");
  std::ostringstream text;
  text << in.rdbuf();
  const auto schema = parse_json(text.str());
  ASSERT_TRUE(schema.has_value()) << schema.error().message;
  const auto known = [&](std::string_view pointer) {
    return testing::UnorderedElementsAreArray(properties(*schema, pointer));
  };
  EXPECT_THAT(keys::kFleet, known("/properties"));
  EXPECT_THAT(keys::kEnvironment, known("/$defs/environment/properties"));
  EXPECT_THAT(keys::kPhase, known("/$defs/phase/properties"));
  EXPECT_THAT(keys::kServers, known("/$defs/servers/anyOf/1/properties"));
  EXPECT_THAT(keys::kSchedule, known("/$defs/schedule/properties"));
  EXPECT_THAT(keys::kCalendar, known("/$defs/calendar/properties"));
  EXPECT_THAT(keys::kRetry, known("/$defs/retry/properties"));
  EXPECT_THAT(keys::kNotify, known("/$defs/recipient/properties"));
  EXPECT_THAT(keys::kWebhook, known("/$defs/webhook/properties"));
  EXPECT_THAT(keys::kSecret, known("/$defs/secret/properties"));
  EXPECT_THAT(keys::kAlarms, known("/$defs/alarms/anyOf/1/properties"));
}

}  // namespace
}  // namespace lamplighter::fleet
