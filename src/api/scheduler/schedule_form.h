// Schedules and groups as the API's JSON writes them. The book keeps them in the same form.
#pragma once

#include <string>

#include "api/request/parameters.h"
#include "api/scheduler/schedule.h"
#include "base/result.h"
#include "json/json.h"

namespace lamplighter::api {

/// In which region and account ARNs are made.
struct Place {
  std::string region;
  std::string account;
};

inline constexpr Length kScheduleName{1, 64};

/// A name of 1 to 64 of the letters that the service allows. Error: bad_input "ValidationException".
Status check_schedule_name(std::string_view name, std::string_view member);

/// Reads a schedule but for its name, as CreateSchedule and UpdateSchedule send it: what is left out has the
/// service's default. Errors: bad_input "ValidationException", "SerializationException". What can't be
/// honoured here is refused: targets that are no state machine, dead letters, keys of one's own.
Result<Schedule> read_schedule(const Parameters& parameters);

/// GetSchedule's answer.
json::object to_json(const Schedule& schedule, const Place& place);
/// A row of ListSchedules.
json::object summary_of(const Schedule& schedule, const Place& place);
/// GetScheduleGroup's answer, and a row of ListScheduleGroups.
json::object to_json(const ScheduleGroup& group, const Place& place);

std::string arn_of(const Schedule& schedule, const Place& place);
std::string arn_of(const ScheduleGroup& group, const Place& place);

/// [{"Key", "Value"}].
json::array tags_to_json(const std::map<std::string, std::string>& tags);
/// The member "Tags", added to `tags`. Error: bad_input "ValidationException".
Status read_tags(const Parameters& parameters, std::map<std::string, std::string>& tags);

}  // namespace lamplighter::api
