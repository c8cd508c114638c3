#include "aws/client/query.h"

#include <fmt/format.h>

#include "aws/client/service.h"
#include "http/uri.h"

namespace lamplighter::aws {
namespace {

/// Whether a second time would do something more. (Starting what starts, marking what is marked is nothing.)
bool is_idempotent(std::string_view service, std::string_view action) {
  return service != "sns" || action != "Publish";
}

}  // namespace

Result<ApiRequest> query_request(std::string_view region, std::string_view service, std::string_view action,
                                 const Parameters& parameters) {
  Parameters form{{"Action", std::string(action)},
                  {"Version", std::string(TRY(find_service(service)).api_version)}};
  form.insert(form.end(), parameters.begin(), parameters.end());
  ApiRequest request;
  request.service = service;
  request.action = action;
  request.region = region;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = http::form_encode(form);
  request.once = !is_idempotent(service, action);
  return request;
}

void add_list(Parameters& parameters, std::string_view prefix, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters.emplace_back(fmt::format("{}.{}", prefix, i + 1), values[i]);
  }
}

}  // namespace lamplighter::aws
