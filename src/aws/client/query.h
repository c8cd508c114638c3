// The ec2 and query protocols: form parameters in, XML out.
#pragma once

#include "aws/client/caller.h"
#include "aws/client/requester.h"

namespace lamplighter::aws {

/// The request of one call; to be made once where a second time would do something more (sns:Publish). Error:
/// internal "UnknownService".
Result<ApiRequest> query_request(std::string_view region, std::string_view service, std::string_view action,
                                 const Parameters& parameters);

/// That `body` answers `action`: its outermost element is <ActionResponse>. What a proxy's login page says,
/// or another service, would else be read as an answer in which nothing is. Error: aws "InvalidResponse".
Status check_answer(std::string_view action, std::string_view body);

/// Adds {"PREFIX.1", values[0]}, {"PREFIX.2", values[1]}, … : "InstanceId", "AlarmNames.member".
void add_list(Parameters& parameters, std::string_view prefix, const std::vector<std::string>& values);

}  // namespace lamplighter::aws
