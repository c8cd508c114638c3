// The calls of EventBridge Scheduler's API, a file a noun. Private to scheduler_api.cc.
#pragma once

#include <string>
#include <vector>

#include "api/request/parameters.h"
#include "api/scheduler/book.h"
#include "base/clock.h"
#include "base/result.h"
#include "http/uri.h"
#include "json/json.h"

namespace lamplighter::api::scheduler {

/// One request, taken apart.
struct Call {
  std::string name;        ///< what stands behind the resource in the path: a schedule's name, an ARN
  http::Parameters query;  ///< by the names that the service gives them
  Parameters body;
};

/// What an action works on.
struct Desk {
  Book& book;
  Time now{};
  /// Whether a target may be started. Error: ValidationException.
  std::function<Status(const ScheduleTarget&)> check_target;
};

using Answer = Result<json::object>;
using Action = Answer (*)(const Desk& desk, const Call& call);

// schedules.cc
Answer create_schedule(const Desk& desk, const Call& call);
Answer update_schedule(const Desk& desk, const Call& call);
Answer get_schedule(const Desk& desk, const Call& call);
Answer delete_schedule(const Desk& desk, const Call& call);
Answer list_schedules(const Desk& desk, const Call& call);

// groups.cc
Answer create_schedule_group(const Desk& desk, const Call& call);
Answer get_schedule_group(const Desk& desk, const Call& call);
Answer delete_schedule_group(const Desk& desk, const Call& call);
Answer list_schedule_groups(const Desk& desk, const Call& call);

// tags.cc
Answer list_tags_for_resource(const Desk& desk, const Call& call);
Answer tag_resource(const Desk& desk, const Call& call);
Answer untag_resource(const Desk& desk, const Call& call);

/// A parameter of the query, checked as a schedule's name is; "" where it is missing.
Result<std::string> name_in(const Call& call, std::string_view parameter);
/// MaxResults, 1 to 100; 100 where it is missing.
Result<std::size_t> page_size(const Call& call);
/// NextToken; "" where it is missing.
Result<std::string> next_token(const Call& call);
/// All values of a parameter of the query.
std::vector<std::string> all_in(const Call& call, std::string_view parameter);

}  // namespace lamplighter::api::scheduler
