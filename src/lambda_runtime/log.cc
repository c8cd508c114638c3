#include "lambda_runtime/log.h"

#include <fmt/format.h>

#include "base/plain_text.h"

namespace lamplighter::lambda_runtime {
namespace {

constexpr std::size_t kMaxResources = 100;

/// The instance ids, alarm names, … that a call names one by one.
json::array resources(const aws::Parameters& parameters) {
  json::array out;
  for (const auto& [name, value] : parameters) {
    const bool is_resource = name.starts_with("InstanceId.") || name.starts_with("AlarmNames.member.") ||
                             name == "ResourceARN" || name == "TopicArn";
    if (is_resource && out.size() < kMaxResources) out.emplace_back(value);
  }
  return out;
}

json::array resources(const json::object& body) {
  const auto* arns = body.if_contains("ResourceARNList");
  return arns != nullptr && arns->is_array() ? arns->get_array() : json::array();
}

}  // namespace

void Log::begin(const Invocation& invocation, std::string execution) {
  request_id_ = invocation.request_id;
  trace_id_ = invocation.trace_id;
  execution_ = std::move(execution);
}

void Log::text(std::string_view line) { out_ << line << '\n' << std::flush; }

void Log::write(std::string_view level, std::string_view message, const json::object& fields) {
  json::object line{{"timestamp", format_time(clock_.now())},
                    {"level", level},
                    {"message", message},
                    {"requestId", request_id_},
                    {"trace", trace_id_},
                    {"execution", execution_}};
  for (const auto& field : fields) line.emplace(field.key(), field.value());
  text(plain_json(json_text(line)));
}

template <class Call>
Result<std::string> LoggedCaller::logged(const aws::Target& target, std::string_view service,
                                         std::string_view action, json::array about, Call call) {
  const auto started = clock_.steady();
  auto answer = call();
  const auto name = fmt::format("{}:{}", service, action);
  json::object fields{{"call", name},
                      {"region", target.region},
                      {"milliseconds", (clock_.steady() - started).count()},
                      {"result", answer ? "ok" : answer.error().code}};
  if (!target.role_arn.empty()) fields["role"] = target.role_arn;
  if (!about.empty()) fields["resources"] = std::move(about);
  if (answer) {
    log_.info(name, fields);
  } else {
    log_.error(answer.error().message, fields);
  }
  return answer;
}

Result<std::string> LoggedCaller::call(const aws::Target& target, std::string_view service,
                                       std::string_view action, const aws::Parameters& parameters) {
  return logged(target, service, action, resources(parameters),
                [&] { return inner_.call(target, service, action, parameters); });
}

Result<std::string> LoggedCaller::call_json(const aws::Target& target, std::string_view service,
                                            std::string_view action, const json::object& body) {
  return logged(target, service, action, resources(body),
                [&] { return inner_.call_json(target, service, action, body); });
}

}  // namespace lamplighter::lambda_runtime
