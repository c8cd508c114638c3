#include "machine/task_state.h"

#include <utility>

#include <fmt/format.h>

#include "base/arn.h"

namespace lamplighter::machine {
namespace {

/// By the language's own defaults three times, after 1, 2 and 4 s.
json::array retry(json::array errors) {
  return {json::object{{"ErrorEquals", std::move(errors)}, {"JitterStrategy", "FULL"}}};
}

/// The integration's ARN, which carries the partition; a fleet lies in one.
std::string resource(const Source& source) {
  return fmt::format("arn:{}:states:::lambda:invoke", partition_of(source.environments.front()->region).name);
}

}  // namespace

json::array not_run() {
  return {"Lambda.TooManyRequestsException", "Lambda.ServiceException", "Lambda.SdkClientException"};
}

json::array catch_all(const std::string& next, const json::value& output) {
  json::array catchers;
  for (const json::array& errors :
       {json::array{"States.DataLimitExceeded", "States.Runtime"}, json::array{"States.ALL"}}) {
    json::object catcher{{"ErrorEquals", errors}, {"Next", next}};
    if (!output.is_null()) catcher["Output"] = output;
    catchers.push_back(std::move(catcher));
  }
  return catchers;
}

json::object task_state(const Source& source, json::object payload, std::chrono::seconds timeout,
                        json::array retried) {
  payload["execution"] = "{% $run.execution %}";
  json::object state{{"Type", "Task"},
                     {"Resource", resource(source)},
                     {"Arguments", json::object{{"FunctionName", source.options.function_name},
                                                {"Payload", std::move(payload)}}},
                     {"TimeoutSeconds", timeout.count()}};
  if (!retried.empty()) state["Retry"] = retry(std::move(retried));
  return state;
}

}  // namespace lamplighter::machine
