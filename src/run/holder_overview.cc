#include "run/holder_overview.h"

#include "aws/client/limited_caller.h"
#include "base/clock.h"
#include "json/reader.h"
#include "run/holder_answer.h"

namespace lamplighter::run {
namespace {

constexpr Duration kPatience = std::chrono::seconds{12};  // under what the other side has
constexpr std::int64_t kMostServers = 1'000'000;

Result<machine::Shape> read_request(const std::string& body) {
  const auto value = TRY(parse_json(body));
  machine::Shape shape;
  for (auto& environment :
       TRY(tasks::read_environments(TRY(Reader::of(value, "request", "ValidationException")))))
    shape.environments.push_back({std::move(environment), "", {}});
  return shape;
}

}  // namespace

Overview overview_in_time(aws::Session& session, const machine::Shape& shape) {
  const SystemClock clock;
  aws::LimitedCaller caller(session, clock, clock.steady() + kPatience);
  return overview_of(caller, session.credentials_name(), shape, accounts_of(caller, shape));
}

json::object overview_request(const machine::Shape& shape) {
  std::vector<tasks::DescribedEnvironment> environments;
  for (const auto& environment : shape.environments) environments.push_back(environment.described);
  return {{"environments", to_json(environments)}};
}

std::optional<http::Response> answer_overview(aws::Session& session, const http::Request& request) {
  if (request.method != "POST" || request.url != kOverviewPath) return std::nullopt;
  const auto shape = read_request(request.body);
  if (!shape) return holder_answer(tl::unexpected(shape.error()));
  const Overview overview = overview_in_time(session, *shape);
  return holder_answer(json::object{{"accounts", json::value_from(overview.accounts)},
                                    {"credentials", overview.credentials},
                                    {"environments", json::value_from(overview.environments)},
                                    {"servers", overview.servers},
                                    {"more_servers", overview.more_servers}});
}

Result<Overview> read_overview(std::string_view answer) {
  const auto value = TRY(parse_json(answer));
  const auto fields = TRY(Reader::of(value, "answer", "InvalidResponse"));
  Overview overview;
  overview.accounts = TRY(fields.optional_texts("accounts"));
  overview.credentials = TRY(fields.text("credentials"));
  overview.environments = TRY(fields.optional_texts("environments"));
  overview.servers = static_cast<std::size_t>(TRY(fields.whole_number("servers", 0, kMostServers)));
  overview.more_servers = TRY(fields.truth("more_servers"));
  return overview;
}

}  // namespace lamplighter::run
