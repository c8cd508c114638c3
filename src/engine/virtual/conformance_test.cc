// Executions that were recorded on AWS Step Functions itself, replayed in-process. The full comparison,
// through the HTTP API, is ../shared/conformance/asl/replay.py; this one is for quick feedback, and under the
// sanitizers.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "engine/core/payload.h"
#include "engine/virtual/simulation.h"

namespace lamplighter::engine {
namespace {

constexpr const char* kCases = LAMPLIGHTER_SOURCE_DIR "/../shared/conformance/asl/cases.json";

/// Gives the recorded results, in their order.
class Recorded final : public TaskRunner {
 public:
  explicit Recorded(json::array results) : results_(std::move(results)) {}
  TaskResult run(const TaskRequest&) override {
    if (next_ >= results_.size())
      return tl::unexpected(TaskFailure{"NoResult", "the case has no more results"});
    const auto& result = results_[next_++].as_object();
    if (const auto* error = result.at("error").if_string()) {
      const auto& cause = result.at("cause");
      return tl::unexpected(TaskFailure{
          std::string(*error), cause.is_string() ? std::string(cause.get_string()) : json_text(cause)});
    }
    return make_payload(recorded_value(result.at("output")));
  }

  /// The recordings hold JSON text, of which only objects were parsed.
  static json::value recorded_value(const json::value& value) {
    if (!value.is_string()) return value;
    const auto parsed = parse_json(std::string_view(value.get_string()));
    return parsed ? *parsed : value;
  }

 private:
  json::array results_;
  std::size_t next_ = 0;
};

const json::object& details_of(const json::object& event) {
  static const json::object kNone;
  for (const auto& member : event) {
    if (member.key().ends_with("EventDetails") && member.value().is_object())
      return member.value().get_object();
  }
  return kNone;
}

json::value member(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value ? *value : json::value{};
}

/// What can be compared without knowing what was masked.
std::string line(const json::object& event) {
  const auto& details = details_of(event);
  auto location = json_text(member(details, "location"));
  return json_text(member(event, "id")) + " " + json_text(member(event, "previousEventId")) + " " +
         std::string(event.at("type").as_string()) + " " + json_text(member(details, "name")) + " " +
         json_text(member(details, "index")) + " " + json_text(member(details, "length")) + " " +
         json_text(member(details, "error")) + " " + location;
}

/// The recorder masked the ids within Parallel states.
bool is_masked(const json::array& events) {
  for (const auto& event : events) {
    if (!event.at("id").is_number()) return true;
  }
  return false;
}

std::vector<std::string> lines(const json::array& events) {
  std::vector<std::string> out;
  for (const auto& event : events) out.push_back(line(event.as_object()));
  return out;
}

class Conformance : public ::testing::Test {
 protected:
  Result<SimulationResult> replay(const json::object& recorded) {
    SimulationClock clock(Time{Duration{1'700'000'000'000}});
    Recorded tasks(recorded.at("task_results").as_array());
    return simulate(json_text(recorded.at("definition")), recorded.at("input"), clock, tasks);
  }
};

TEST_F(Conformance, RecordedExecutionsEndAndProceedAsTheyDid) {
  std::ifstream file(kCases);
  if (!file) {
    std::puts("not run: no data (../shared/conformance/asl/cases.json is missing)");
    return;
  }
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto cases = parse_json(text).value();
  ASSERT_FALSE(cases.as_array().empty());
  std::size_t masked = 0;
  for (const auto& each : cases.as_array()) {
    const auto& recorded = each.as_object();
    SCOPED_TRACE(std::string(recorded.at("name").as_string()));
    const auto got = replay(recorded);
    ASSERT_TRUE(got) << got.error().message;
    const auto& expected = recorded.at("expected_output_or_error").as_object();
    EXPECT_EQ(to_string(got->execution.status), std::string_view(expected.at("status").as_string()));
    const auto& events = recorded.at("expected_history_events").as_array();
    if (is_masked(events)) {
      ++masked;
      continue;
    }
    json::array shown;
    for (const auto& event : got->events) shown.push_back(to_history_json(event));
    auto want = lines(events);
    if (events.size() > 1 && events.front().at("id").to_number<int>() > 1)
      std::reverse(want.begin(), want.end());
    EXPECT_EQ(lines(shown), want);
  }
  EXPECT_LE(masked, cases.as_array().size() / 20) << "most cases must be comparable";
}

}  // namespace
}  // namespace lamplighter::engine
