#include "run/front.h"

namespace lamplighter::run {
namespace {

/// The Step Functions API is at "/" alone.
bool is_for_executions(const http::Request& header) {
  return header.url == "/" || header.url.starts_with("/?");
}

}  // namespace

http::Response Front::answer(const http::Request& request) {
  http::Response response;
  if (is_for_executions(request)) {
    response = executions_.handle(request);
  } else if (api::SchedulerApi::is_meant(request)) {
    response = schedules_.handle(request);
  } else {
    response = health_.handle(request);  // which knows what isn't there
  }
  refusals_.note(request, response);
  return response;
}

std::optional<http::Response> Front::refuse(const http::Request& header) {
  auto response = is_for_executions(header)             ? executions_.refuse(header)
                  : api::SchedulerApi::is_meant(header) ? schedules_.refuse(header)
                                                        : health_.refuse(header);
  if (response) refusals_.note(header, *response);
  return response;
}

}  // namespace lamplighter::run
