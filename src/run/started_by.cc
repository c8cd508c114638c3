#include "run/started_by.h"

#include <fmt/format.h>

#include "base/who.h"

namespace lamplighter::run {
namespace {

std::string person_of(const json::value& by) {
  const std::string host = get_string(by, "host");
  return get_string(by, "user") + (host.empty() ? "" : "@" + host);
}

std::string words_of(const json::value& by) {
  const std::string how = get_string(by, "how");
  if (how == "schedule") return "schedule " + get_string(by, "schedule");
  if (how == "missed") return "the daemon";
  if (how == "api") {
    const std::string key = get_string(by, "key");
    return key.empty() ? "somebody through the API" : "API key " + key;
  }
  if (how != "socket") return person_of(by);
  const json::value* process = find(by, "pid");
  return fmt::format("{} (socket{})", person_of(by),
                     process == nullptr ? "" : ", process " + json_text(*process));
}

/// What an input says of itself: a schedule's occurrence, or what `start --cloud` left. Nothing more than
/// that: whoever may start an execution decides on it.
std::string words_of_input(const std::string& text) {
  const auto input = parse_json(text);
  if (!input) return "";
  const json::value* occurrence = find(*input, "occurrence");
  const std::string schedule = occurrence == nullptr ? "" : get_string(*occurrence, "schedule");
  if (!schedule.empty()) return "schedule " + schedule;
  const json::value* by = find(*input, kStartedBy);
  return by == nullptr ? "" : words_of(*by);
}

}  // namespace

json::object started_by_this_user() {
  return {{"how", "command"}, {"user", own_user_name()}, {"host", host_name()}};
}

std::string starter_of(const engine::Execution& execution) {
  return execution.started_by.empty() ? words_of_input(execution.input) : words_of(execution.started_by);
}

}  // namespace lamplighter::run
