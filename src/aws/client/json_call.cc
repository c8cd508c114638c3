#include "aws/client/json_call.h"

#include <fmt/format.h>

#include "aws/client/caller.h"
#include "aws/client/service.h"

namespace lamplighter::aws {

Result<ApiRequest> json_request(std::string_view region, std::string_view service, std::string_view action,
                                const json::object& body) {
  ApiRequest request;
  request.service = service;
  request.action = action;
  request.region = region;
  const Service found = TRY(find_service(service));
  request.headers = {{"Content-Type", fmt::format("application/x-amz-json-{}", found.json_version)},
                     {"X-Amz-Target", fmt::format("{}.{}", found.target, action)}};
  request.body = json_text(body);
  // A second time would do something more.
  request.once = service == "eventbridge" && action == "PutEvents";
  return request;
}

Result<std::string> Caller::call_json(const Target& /*target*/, std::string_view service,
                                      std::string_view action, const json::object& /*body*/) {
  return fail(ErrorKind::internal, "UnknownService", fmt::format("{}:{}: no way to it", service, action));
}

}  // namespace lamplighter::aws
