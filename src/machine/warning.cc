#include "machine/warning.h"

#include <fmt/format.h>

#include "fleet/choose.h"
#include "machine/tasks.h"

namespace lamplighter::machine {
namespace {

constexpr const char* kFleet = "Fleet";
constexpr const char* kLook = "Look who is to be warned";
constexpr const char* kIsAnybody = "Is anybody to be warned?";
constexpr const char* kNotify = "Notify";
constexpr const char* kWasSent = "Was the warning sent?";
constexpr const char* kWarned = "Warned";
constexpr const char* kNobody = "Nobody is to be warned";
constexpr const char* kNotSent = "Warning not sent";
constexpr const char* kFailed = "Warning failed";

json::object describe_fleet(const Source& source) {
  return {
      {"Type", "Pass"},
      {"Assign", json::object{{"environments", tasks::to_json(source.described())},
                              {"run", json::object{{"execution", "{% $states.context.Execution.Id %}"}}}}},
      {"Next", kLook}};
}

json::object choice(const std::string& condition, const char* then, const char* otherwise) {
  return {{"Type", "Choice"},
          {"Choices",
           json::array{json::object{{"Condition", fmt::format("{{% {} %}}", condition)}, {"Next", then}}}},
          {"Default", otherwise}};
}

json::object failure(const char* error, const std::string& cause) {
  return {{"Type", "Fail"},
          {"Error", error},
          {"Cause", fmt::format("{{% $substring('' & {}, 0, 2000) %}}", cause)}};
}

}  // namespace

Result<json::value> compile_warning(const fleet::Fleet& fleet, const CompileOptions& options) {
  auto environments = TRY(fleet::choose(fleet, options.environments));
  const Source source{fleet, tasks::Action::stop, options, std::move(environments), 1};
  json::object states;
  states[kFleet] = describe_fleet(source);
  states[kLook] = warn_task(source, kIsAnybody, kFailed);
  states[kIsAnybody] = choice("$states.input.subject = ''", kNobody, kNotify);
  states[kNotify] = notify_task(source, kWasSent, kWasSent);
  states[kWasSent] = choice("$states.input.notified.sent = true", kWarned, kNotSent);
  states[kWarned] = json::object{{"Type", "Succeed"}};
  states[kNobody] = json::object{{"Type", "Succeed"}};
  states[kNotSent] = failure("WarningNotSent", "$states.input.notified.error");
  states[kFailed] = failure("WarningFailed", error_words("$states.input"));
  return json::object{{"Comment", fmt::format("Lamplighter: warns before stops of {}", fleet.name)},
                      {"QueryLanguage", "JSONata"},
                      {"StartAt", kFleet},
                      {"States", std::move(states)}};
}

}  // namespace lamplighter::machine
