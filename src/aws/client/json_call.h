// The JSON protocols, 1.0 and 1.1: an object in, an object out.
#pragma once

#include "aws/client/requester.h"
#include "json/json.h"

namespace lamplighter::aws {

/// The request of one call; to be made once where a second time would do something more (PutEvents). Error:
/// internal "UnknownService".
Result<ApiRequest> json_request(std::string_view region, std::string_view service, std::string_view action,
                                const json::object& body);

}  // namespace lamplighter::aws
