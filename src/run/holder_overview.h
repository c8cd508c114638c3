// What the holder of a state directory tells, with its own way to AWS, of environments that somebody is about
// to stop through it: who hands over may have no way there.
#pragma once

#include <optional>

#include "aws/client/session.h"
#include "http/message.h"
#include "machine/shape.h"
#include "run/overview.h"

namespace lamplighter::run {

/// Takes at most some seconds: what AWS has not shown by then is not known.
Overview overview_in_time(aws::Session& session, const machine::Shape& shape);

/// The path at which it is asked.
inline constexpr const char* kOverviewPath = "/overview";

/// What is sent there.
json::object overview_request(const machine::Shape& shape);
/// overview_in_time(); nullopt for a request that is for somebody else.
std::optional<http::Response> answer_overview(aws::Session& session, const http::Request& request);
/// Error: internal "InvalidResponse" for what is no such answer.
Result<Overview> read_overview(std::string_view answer);

}  // namespace lamplighter::run
