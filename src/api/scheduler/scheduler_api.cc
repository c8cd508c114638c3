#include "api/scheduler/scheduler_api.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "api/scheduler/actions.h"
#include "base/utf8.h"
#include "base/uuid.h"

namespace lamplighter::api {
namespace scheduler {
namespace {

/// The API's table of contents. A path is a resource, or a resource and a name.
struct Route {
  std::string_view method;
  std::string_view resource;
  bool named;
  Action action;
};
constexpr Route kRoutes[] = {
    {"POST", "schedules", true, create_schedule},
    {"PUT", "schedules", true, update_schedule},
    {"GET", "schedules", true, get_schedule},
    {"DELETE", "schedules", true, delete_schedule},
    {"GET", "schedules", false, list_schedules},
    {"POST", "schedule-groups", true, create_schedule_group},
    {"GET", "schedule-groups", true, get_schedule_group},
    {"DELETE", "schedule-groups", true, delete_schedule_group},
    {"GET", "schedule-groups", false, list_schedule_groups},
    {"GET", "tags", true, list_tags_for_resource},
    {"POST", "tags", true, tag_resource},
    {"DELETE", "tags", true, untag_resource},
};

Result<Action> find_action(const http::Request& request, const std::vector<std::string>& path) {
  const bool plain = path.size() == 1 || path.size() == 2;
  const auto* route = std::find_if(std::begin(kRoutes), std::end(kRoutes), [&](const Route& candidate) {
    return plain && candidate.method == request.method && candidate.resource == path.front() &&
           candidate.named == (path.size() == 2);
  });
  if (route != std::end(kRoutes)) return route->action;
  return fail(ErrorKind::bad_input, "UnknownOperationException",
              fmt::format("found {} {}, expected a call of docs/api.md", request.method.substr(0, 16),
                          std::string_view(request.url).substr(0, 100)));
}

int http_status(const Error& error) {
  constexpr std::array<std::pair<std::string_view, int>, 4> kStatuses{{
      {"ServiceQuotaExceededException", 402},
      {"ResourceNotFoundException", 404},
      {"ConflictException", 409},
      {"UnknownOperationException", 404},
  }};
  if (error.kind == ErrorKind::internal) return 500;
  if (is_refusal(error)) return 403;
  for (const auto& [code, status] : kStatuses) {
    if (code == error.code) return status;
  }
  return 400;
}

/// The service knows no SerializationException and calls our own faults by one name.
std::string code_of(const Error& error) {
  if (error.kind == ErrorKind::internal) return "InternalServerException";
  return error.code == "SerializationException" ? "ValidationException" : error.code;
}

http::Response to_response(const Answer& answer) {
  http::Response response{200, {{"Content-Type", "application/json"}, {"x-amzn-RequestId", make_uuid()}}, ""};
  if (answer) {
    response.body = json_text(*answer);
    return response;
  }
  response.status = http_status(answer.error());
  response.headers.emplace_back("x-amzn-ErrorType", code_of(answer.error()));
  response.body = json_text(json::object{{"Message", mend_utf8(answer.error().message)}});
  return response;
}

}  // namespace

std::vector<std::string> all_in(const Call& call, std::string_view parameter) {
  std::vector<std::string> values;
  for (const auto& [name, value] : call.query) {
    if (name == parameter) values.push_back(value);
  }
  return values;
}

Result<std::string> name_in(const Call& call, std::string_view parameter) {
  const auto values = all_in(call, parameter);
  if (values.empty()) return std::string();
  CHECK_OK(check_schedule_name(values.front(), parameter));
  return values.front();
}

Result<std::size_t> page_size(const Call& call) {
  constexpr std::size_t kMost = 100;
  const auto values = all_in(call, "MaxResults");
  if (values.empty()) return kMost;
  const std::string& text = values.front();
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error == std::errc{} && end == text.data() + text.size() && size >= 1 && size <= kMost) return size;
  return validation_error(text, "maxResults", "Member must be a number from 1 to 100");
}

Result<std::string> next_token(const Call& call) {
  constexpr std::size_t kLongest = 2048;
  const auto values = all_in(call, "NextToken");
  if (values.empty()) return std::string();
  if (!values.front().empty() && values.front().size() <= kLongest) return values.front();
  return validation_error(values.front(), "nextToken", "Member must have length from 1 to 2048");
}

}  // namespace scheduler

bool SchedulerApi::is_meant(const http::Request& header) {
  const std::string_view url = header.url;
  const auto begins = [&](std::string_view resource) {
    return url.starts_with(resource) &&
           (url.size() == resource.size() || url[resource.size()] == '/' || url[resource.size()] == '?');
  };
  return begins("/schedules") || begins("/schedule-groups") || begins("/tags");
}

http::Response SchedulerApi::handle(const http::Request& request) const {
  return scheduler::to_response(perform(request));
}

std::optional<http::Response> SchedulerApi::refuse(const http::Request& header) const {
  const Status status = door_.check_header(header, "scheduler");
  return status ? std::nullopt : std::optional(scheduler::to_response(tl::unexpected(status.error())));
}

Result<json::object> SchedulerApi::perform(const http::Request& request) const {
  CHECK_OK(door_.check(request, "scheduler"));
  auto target = http::parse_target(request.url);
  if (!target) return validation_error("", "query", "Member must have at most 1000 parameters");
  const auto action = TRY(scheduler::find_action(request, target->path));
  auto body = TRY(Parameters::parse(request.body));
  const scheduler::Call call{target->path.size() == 2 ? target->path[1] : "", std::move(target->query),
                             std::move(body)};
  return action({book_, clock_.now(), check_target_}, call);
}

}  // namespace lamplighter::api
