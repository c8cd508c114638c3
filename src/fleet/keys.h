// The keys that a fleet file knows, a list a mapping. schema/fleet.schema.json has the same lists;
// keys_test.cc holds the two together.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace lamplighter::fleet::keys {

using Keys = std::span<const std::string_view>;

inline constexpr std::array<std::string_view, 15> kFleet{
    "fleet",     "region",    "timezone", "role",   "account",      "timeout",     "settle", "environments",
    "schedules", "calendars", "notify",   "alarms", "coordination", "on_conflict", "classic"};
inline constexpr std::array<std::string_view, 6> kEnvironment{"region",  "role",   "account",
                                                              "timeout", "settle", "phases"};
inline constexpr std::array<std::string_view, 4> kPhase{"name", "servers", "timeout", "settle"};
inline constexpr std::array<std::string_view, 3> kServers{"names", "ids", "tags"};
inline constexpr std::array<std::string_view, 15> kSchedule{
    "name",       "action",   "environments", "cron",  "rate",   "at",   "timezone", "flexible_window",
    "start_date", "end_date", "late",         "retry", "except", "only", "warn"};
inline constexpr std::array<std::string_view, 2> kCalendar{"dates", "ical"};
inline constexpr std::array<std::string_view, 2> kRetry{"attempts", "age"};
inline constexpr std::array<std::string_view, 6> kNotify{"sns",    "webhook", "eventbridge",
                                                         "region", "emails",  "on"};
inline constexpr std::array<std::string_view, 4> kWebhook{"url", "format", "secret", "timeout"};
inline constexpr std::array<std::string_view, 3> kSecret{"env", "file", "ssm"};
inline constexpr std::array<std::string_view, 2> kCoordination{"dynamodb", "region"};
inline constexpr std::array<std::string_view, 2> kAlarms{"match", "unmute_after"};

}  // namespace lamplighter::fleet::keys
