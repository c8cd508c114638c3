#include "aws/client/rest_call.h"

namespace lamplighter::aws {

std::string url_of(const RestRequest& request) {
  std::string url;
  for (const std::string& segment : request.path) url += "/" + http::percent_encode(segment);
  return request.query.empty() ? url : url + "?" + http::form_encode(request.query);
}

Result<std::string> SessionRestCaller::send(const Target& target, const RestRequest& request) {
  ApiRequest call;
  call.service = request.service;
  call.action = request.action;
  call.method = request.method;
  call.path = url_of(request);
  if (!request.body.is_null()) {
    call.headers = {{"Content-Type", "application/json"}};
    call.body = json_text(request.body);
  }
  return TRY(session_.send(target, std::move(call))).body;
}

}  // namespace lamplighter::aws
