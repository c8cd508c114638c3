#include "tasks/notify_bus.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "aws/services/sns.h"
#include "base/words.h"
#include "tasks/refusal.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kSource = "lamplighter";
constexpr std::string_view kVersion = "1";
/// The facts' lists, of whose members each has its event, and what the member is called in it.
constexpr std::string_view kEnvironments = "environments";
constexpr std::string_view kOccurrences = "occurrences";

/// What became of an environment, in the past tense.
std::string change_of(const json::object& facts, const json::value& environment) {
  const std::string status = get_string(environment, "status");
  if (status != "ready") return status;
  return get_string(facts, "action") == "stop" ? "stopped" : "started";
}

json::array list_in(const json::object& facts, std::string_view name) {
  const json::value* list = facts.if_contains(name);
  return list != nullptr && list->is_array() ? list->get_array() : json::array();
}

/// Those of one list, with what all of them share.
json::object detail_of(const NotifyPayload& task, const json::value& own) {
  json::object detail{{"version", kVersion}};
  for (const auto& [name, value] : task.facts) {
    if (name != kEnvironments && name != kOccurrences) detail[name] = value;
  }
  if (const auto* members = own.if_object()) {
    for (const auto& [name, value] : *members) detail[name == "name" ? "environment" : name] = value;
  }
  detail["execution"] = task.execution;
  detail["repeat"] = task.repeat;
  return detail;
}

/// Where the first call failed, nothing went out.
Result<Notified> failed(const NotifyPayload& task, const Error& error, std::size_t sent, std::size_t all) {
  const auto undelivered = aws::undelivered_by(error);
  if (undelivered == aws::Undelivered::passing && sent == 0)
    return fail(ErrorKind::aws, std::string(kNotSent), fmt::format("to {}: {}", task.bus, describe(error)));
  const Sent known = undelivered == aws::Undelivered::unknown ? Sent::unknown : Sent::no;
  const std::string part = sent == 0 ? "" : fmt::format("{} of {} were sent; ", sent, count_of(all, "event"));
  return Notified{known, "", part + describe(error)};
}

}  // namespace

std::vector<aws::BusEvent> events_of(const NotifyPayload& task) {
  std::vector<aws::BusEvent> events;
  for (const json::value& environment : list_in(task.facts, kEnvironments)) {
    events.push_back({std::string(kSource), "Lamplighter environment " + change_of(task.facts, environment),
                      detail_of(task, environment)});
  }
  for (const json::value& occurrence : list_in(task.facts, kOccurrences)) {
    events.push_back({std::string(kSource), "Lamplighter occurrence missed", detail_of(task, occurrence)});
  }
  return events;
}

Result<Notified> notify_bus(const Context& context, const NotifyPayload& task) {
  aws::EventBridge bus(context.caller, {task.region, ""});
  const auto events = events_of(task);
  std::vector<std::string> refused;
  for (std::size_t begin = 0; begin < events.size(); begin += aws::kMostEvents) {
    const auto end = std::min(begin + aws::kMostEvents, events.size());
    const auto answered = bus.put_events(task.bus, {events.begin() + static_cast<std::ptrdiff_t>(begin),
                                                    events.begin() + static_cast<std::ptrdiff_t>(end)});
    if (!answered) return failed(task, answered.error(), begin - refused.size(), events.size());
    refused.insert(refused.end(), answered->begin(), answered->end());
  }
  if (refused.empty()) return Notified{Sent::yes, "", ""};
  return Notified{Sent::no, "",
                  shorten_reason(fmt::format("{} of {} were refused: {}", refused.size(),
                                             count_of(events.size(), "event"), refused.front()))};
}

}  // namespace lamplighter::tasks
