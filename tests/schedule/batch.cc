// schedule_batch: reads lines of {"zone", "utc": […], "local": […]} and answers each with a line: what the
// zone's clock shows at each of `utc`, and when it shows each of `local` (null where it doesn't). With
// {"zone", "expression", "after", "until"} the answer is {"due": […]}. All times are seconds since 1970.
// test_zones.py compares the answers with Python's own.
#include <iostream>
#include <string>

#include "json/json.h"
#include "schedule/occurrence.h"
#include "schedule/time_zone.h"

namespace {

using namespace lamplighter;  // NOLINT(google-build-using-namespace)
using std::chrono::seconds;

Time to_time(const json::value& value) { return Time(seconds(value.as_int64())); }

json::value to_json(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return std::chrono::floor<seconds>(time->time_since_epoch()).count();
}

json::object convert(const json::object& query, const std::string& zone) {
  json::array local;
  for (const json::value& utc : query.at("utc").as_array())
    local.emplace_back(schedule::to_local(zone, to_time(utc)).time_since_epoch().count());
  json::array utc;
  for (const json::value& shown : query.at("local").as_array())
    utc.push_back(to_json(schedule::to_utc(zone, std::chrono::local_seconds(seconds(shown.as_int64())))));
  return {{"utc", std::move(local)}, {"local", std::move(utc)}};
}

json::object due(const json::object& query, const std::string& zone, const json::string& expression) {
  schedule::Rule rule;
  rule.expression = schedule::parse_expression(expression).value();
  rule.timezone = zone;
  json::array times;
  auto time = next_occurrence(rule, to_time(query.at("after")));
  for (; time && *time <= to_time(query.at("until")); time = next_occurrence(rule, *time))
    times.push_back(to_json(time));
  return {{"due", std::move(times)}};
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  try {
    for (std::string line; std::getline(std::cin, line);) {
      const json::value parsed = parse_json(line).value();
      const json::object& query = parsed.as_object();
      const std::string zone(query.at("zone").as_string());
      const json::value* expression = query.if_contains("expression");
      std::cout << json_text(expression ? due(query, zone, expression->as_string()) : convert(query, zone))
                << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "schedule_batch: " << error.what() << '\n';
    return 2;
  }
}
