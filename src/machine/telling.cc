#include "machine/telling.h"

#include <fmt/format.h>

#include "fleet/choose.h"
#include "machine/names.h"
#include "machine/notify.h"
#include "machine/tasks.h"

namespace lamplighter::machine {
namespace {

constexpr const char* kFleet = "Fleet";
constexpr const char* kLook = "Look who is to be warned";
constexpr const char* kIsAnybody = "Is anybody to be warned?";
constexpr const char* kWasSent = "Was the warning sent?";
constexpr const char* kWereTold = "Were all told?";
constexpr const char* kTold = "Told";
constexpr const char* kNotTold = "Not told";
constexpr const char* kWarned = "Warned";
constexpr const char* kNobody = "Nobody is to be warned";
constexpr const char* kNotSent = "Warning not sent";
constexpr const char* kFailed = "Warning failed";

/// What the tasks go by.
json::object assign(json::object variables, const std::string& next) {
  variables["run"] = json::object{{"execution", "{% $states.context.Execution.Id %}"}};
  return {{"Type", "Pass"}, {"Assign", std::move(variables)}, {"Next", next}};
}

json::object choice(const std::string& condition, const std::string& then, const char* otherwise) {
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

json::object machine(std::string comment, json::object states) {
  return {{"Comment", std::move(comment)},
          {"QueryLanguage", "JSONata"},
          {"StartAt", kFleet},
          {"States", std::move(states)}};
}

}  // namespace

Result<json::value> compile_warning(const fleet::Fleet& fleet, const CompileOptions& options) {
  auto environments = TRY(fleet::choose(fleet, options.environments));
  const Source source{fleet, tasks::Action::stop, options, std::move(environments), 1};
  json::object states;
  states[kFleet] = assign({{"environments", tasks::to_json(source.described())}}, kLook);
  states[kLook] = warn_task(source, kIsAnybody, kFailed);
  json::object telling;
  const std::string first = add_notify_states(source, Message::warning, kWasSent, telling);
  states[kIsAnybody] = choice("$states.input.subject = ''", kNobody, first.c_str());
  for (auto& [name, state] : telling) states[name] = std::move(state);
  states[kWasSent] = choice(all_were_told(fleet, Message::warning), kWarned, kNotSent);
  states[kWarned] = json::object{{"Type", "Succeed"}};
  states[kNobody] = json::object{{"Type", "Succeed"}};
  states[kNotSent] = failure("WarningNotSent", who_was_not_told(fleet, Message::warning));
  states[kFailed] = failure("WarningFailed", error_words("$states.input"));
  return machine(fmt::format("Lamplighter: warns before stops of {}", fleet.name), std::move(states));
}

Result<json::value> compile_missed(const fleet::Fleet& fleet, const CompileOptions& options) {
  auto environments = TRY(fleet::choose(fleet, options.environments));
  const Source source{fleet, tasks::Action::start, options, std::move(environments), 1};
  json::object states;
  states[kFleet] = assign({}, std::string(kNotifyState));
  add_notify_states(source, Message::missed, kWereTold, states);
  states[kWereTold] = choice(all_were_told(fleet, Message::missed), kTold, kNotTold);
  states[kTold] = json::object{{"Type", "Succeed"}};
  states[kNotTold] = failure("MissedNotTold", who_was_not_told(fleet, Message::missed));
  return machine(fmt::format("Lamplighter: tells what was missed of {}", fleet.name), std::move(states));
}

}  // namespace lamplighter::machine
