#include "aws/services/eventbridge.h"

#include <fmt/format.h>

#include "aws/client/json_answer.h"
#include "base/arn.h"

namespace lamplighter::aws {
namespace {

constexpr std::string_view kPutEvents = "PutEvents";

json::object to_json(const std::string& bus, const BusEvent& event) {
  return {{"EventBusName", bus},
          {"Source", event.source},
          {"DetailType", event.detail_type},
          {"Detail", json_text(event.detail)}};
}

}  // namespace

Result<std::vector<std::string>> EventBridge::put_events(const std::string& bus,
                                                         const std::vector<BusEvent>& events) {
  Target target = target_;
  if (const auto arn = parse_arn(bus); arn && !arn->region.empty()) target.region = arn->region;
  json::array entries;
  for (const BusEvent& event : events) entries.push_back(to_json(bus, event));
  const auto answer = TRY(parse_answer(
      kPutEvents,
      TRY(caller_.call_json(target, "eventbridge", kPutEvents, {{"Entries", std::move(entries)}}))));
  const auto* answered = find(answer, "Entries");
  if (answered == nullptr || !answered->is_array() || answered->get_array().size() != events.size())
    return invalid_answer(kPutEvents, "the answer is not about as many events as were sent");
  std::vector<std::string> refused;
  for (const json::value& entry : answered->get_array()) {
    const std::string code = get_string(entry, "ErrorCode");
    if (!code.empty()) refused.push_back(fmt::format("{}: {}", code, get_string(entry, "ErrorMessage")));
  }
  if (refused.empty() && get_int(answer, "FailedEntryCount") > 0)
    return invalid_answer(kPutEvents, "some events were refused, and it does not say which");
  return refused;
}

}  // namespace lamplighter::aws
