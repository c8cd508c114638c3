#include "machine/compile.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/parse.h"
#include "machine/names.h"
#include "machine/shape.h"

namespace lamplighter::machine {
namespace {

using tasks::Action;
using testing::ElementsAre;
using testing::HasSubstr;

fleet::Fleet example() {
  std::ifstream in(LAMPLIGHTER_SOURCE_DIR "/examples/lower-environments.yaml");
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = fleet::parse(text.str());
  EXPECT_TRUE(parsed.errors.empty());
  return parsed.fleet;
}

json::value compiled(Action action, const CompileOptions& options = {}) {
  auto definition = compile(example(), action, options);
  EXPECT_TRUE(definition.has_value());
  return definition.value_or(json::value());
}

/// All states with their names, of all branches, in the definition's order.
std::vector<std::pair<std::string, json::object>> all_states(const json::value& machine) {
  std::vector<std::pair<std::string, json::object>> states;
  for (const auto& [name, state] : machine.at("States").as_object()) {
    states.emplace_back(std::string(name), state.as_object());
    if (const auto* branches = find(state, "Branches")) {
      for (const auto& branch : branches->as_array()) {
        for (auto& inner : all_states(branch)) states.push_back(std::move(inner));
      }
    }
  }
  return states;
}

std::vector<std::string> names_of_branch(const json::value& definition, std::string_view all,
                                         std::size_t index) {
  std::vector<std::string> names;
  for (const auto& member :
       definition.at("States").at(all).at("Branches").at(index).at("States").as_object()) {
    names.emplace_back(member.key());
  }
  return names;
}

TEST(Compile, speaks_as_an_operator_does) {
  EXPECT_THAT(names_of_branch(compiled(Action::start), "Start all environments", 0),
              ElementsAre("Is dev to start?", "Admit dev", "May dev start?", "Wait to admit dev",
                          "Start dev db servers", "Did dev db servers start?", "Wait for dev db servers",
                          "Let dev db servers settle", "Start dev app servers", "Did dev app servers start?",
                          "Wait for dev app servers", "Halt dev", "dev has started", "dev is skipped"));
}

TEST(Compile, the_integrations_arn_carries_the_partition) {
  for (const auto& [region, partition] :
       std::map<std::string, std::string>{{"us-gov-west-1", "aws-us-gov"}, {"cn-north-1", "aws-cn"}}) {
    fleet::Fleet fleet = example();
    for (auto& environment : fleet.environments) environment.region = region;
    const auto definition = compile(fleet, Action::stop);
    ASSERT_TRUE(definition);
    for (const auto& [name, state] : all_states(*definition)) {
      if (get_string(state, "Type") != "Task") continue;
      EXPECT_EQ(get_string(state, "Resource"), "arn:" + partition + ":states:::lambda:invoke") << name;
    }
  }
}

TEST(Compile, a_stop_goes_from_the_last_phase_to_the_first_without_settling) {
  EXPECT_THAT(
      names_of_branch(compiled(Action::stop), "Stop all environments", 2),
      ElementsAre("Is preprod to stop?", "Admit preprod", "May preprod stop?", "Wait to admit preprod",
                  "Stop preprod app servers", "Did preprod app servers stop?", "Wait for preprod app servers",
                  "Stop preprod db servers", "Did preprod db servers stop?", "Wait for preprod db servers",
                  "Halt preprod", "preprod has stopped", "preprod is skipped"));
}

TEST(Compile, every_task_is_bounded_retried_and_caught_in_its_own_branch) {
  for (const Action action : {Action::start, Action::stop}) {
    const json::value definition = compiled(action);
    std::size_t tasks = 0;
    for (const auto& [name, state] : all_states(definition)) {
      if (state.at("Type") != "Task") continue;
      ++tasks;
      EXPECT_GT(state.at("TimeoutSeconds").as_int64(), 0) << name;
      // In a branch, and in the unmute loop, the Choice behind the Task tries again.
      const bool in_branch =
          name.starts_with("Admit ") || name.ends_with(" servers") || name == "Unmute alarms";
      if (!in_branch) {
        EXPECT_EQ(state.at("Retry").at(0).at("JitterStrategy"), "FULL") << name;
      }
      const json::array& catchers = state.at("Catch").as_array();
      EXPECT_EQ(catchers.back().at("ErrorEquals"), (json::array{"States.ALL"})) << name;
      // What States.ALL misses.
      EXPECT_EQ(catchers.at(catchers.size() - 2).at("ErrorEquals"),
                (json::array{"States.DataLimitExceeded", "States.Runtime"}))
          << name;
    }
    // survey, 3 environments with an admission and 2 phases, report, notify twice, unmute
    EXPECT_EQ(tasks, 14U);
    for (const auto& branch :
         definition.at("States").at(MachineNames(action).all).at("Branches").as_array()) {
      for (const auto& [name, state] : branch.at("States").as_object()) {
        for (const auto& catcher : find(state, "Catch") ? state.at("Catch").as_array() : json::array{}) {
          EXPECT_TRUE(branch.at("States").as_object().contains(catcher.at("Next").as_string()));
        }
      }
    }
  }
}

TEST(Compile, names_are_unique_and_short_even_for_long_words) {
  fleet::Fleet fleet = example();
  const std::string same(39, 'x');
  fleet.environments[0].name = same + "1";
  fleet.environments[1].name = same + "2";
  for (auto& environment : fleet.environments) {
    environment.phases[0].name = same + "a";
    environment.phases[1].name = same + "b";
  }
  const auto definition = compile(fleet, Action::start);
  ASSERT_TRUE(definition.has_value());
  std::set<std::string> names;
  for (const auto& [name, state] : all_states(*definition)) {
    EXPECT_LE(name.size(), kMaxStateName);
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(names.size(), 3U * 14U + 15U);
}

TEST(Compile, the_payload_carries_the_phase_and_nothing_of_other_phases) {
  CompileOptions options;
  options.function_name = "arn:aws:lambda:us-east-1:123456789012:function:Lamplighter";
  options.pause = 5;
  const json::value definition = compiled(Action::start, options);
  const json::value& arguments = definition.at("States")
                                     .at("Start all environments")
                                     .at("Branches")
                                     .at(1)
                                     .at("States")
                                     .at("Start test app servers")
                                     .at("Arguments");
  EXPECT_EQ(get_string(arguments, "FunctionName"), options.function_name);
  const json::value& payload = arguments.at("Payload");
  EXPECT_EQ(payload.at("environment"), "test");
  EXPECT_EQ(payload.at("phase"), "app");
  EXPECT_EQ(payload.at("members"), "{% $members.`app` %}");
  EXPECT_EQ(payload.at("timeout"), 900);
  EXPECT_EQ(payload.at("run"), "{% $run %}");
  EXPECT_EQ(payload.at("memory"), "{% $memory %}");
}

TEST(Compile, some_environments_in_the_fleet_s_order) {
  CompileOptions options;
  options.environments = {"preprod", "dev"};
  const auto shape = read_shape(compiled(Action::stop, options));
  ASSERT_TRUE(shape.has_value());
  ASSERT_EQ(shape->environments.size(), 2U);
  EXPECT_EQ(shape->environments[0].name(), "dev");
  EXPECT_EQ(shape->environments[1].name(), "preprod");
}

TEST(Compile, an_unknown_environment_names_the_known_ones) {
  CompileOptions options;
  options.environments = {"prod"};
  const auto refused = compile(example(), Action::start, options);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "UnknownEnvironment");
  EXPECT_EQ(refused.error().kind, ErrorKind::bad_input);
  EXPECT_THAT(refused.error().message, HasSubstr("expected one of dev, test, preprod"));
}

TEST(Compile, the_same_fleet_gives_the_same_bytes) {
  EXPECT_EQ(json_text(compiled(Action::start)), json_text(compiled(Action::start)));
}

fleet::Fleet many(std::size_t environments, std::size_t names) {
  fleet::Fleet fleet = example();
  const fleet::Environment first = fleet.environments[0];
  fleet.environments.clear();
  for (std::size_t i = 0; i < environments; ++i) {
    fleet.environments.push_back(first);
    fleet.environments.back().name = fmt::format("environment-{}", i);
    for (auto& phase : fleet.environments.back().phases) {
      phase.servers.names.clear();
      for (std::size_t n = 0; n < names; ++n)
        phase.servers.names.push_back(fmt::format("server-{}-{}-{}", i, phase.name, n));
    }
  }
  return fleet;
}

TEST(Compile, forty_environments_fit_and_what_does_not_is_refused_with_the_figure) {
  const auto fits = compile(many(40, 7), Action::start);
  ASSERT_TRUE(fits.has_value());
  EXPECT_LT(json_text(*fits).size(), 600'000U);
  const auto refused = compile(many(180, 1), Action::start);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, "FleetTooLarge");
  EXPECT_THAT(refused.error().message, HasSubstr("bytes, expected at most 1048576"));
  EXPECT_EQ(compile(many(1, 6000), Action::start).error().code, "FleetTooLarge");
}

TEST(Compile, a_hundred_and_forty_environments_fit) {
  for (const Action action : {Action::start, Action::stop}) {
    fleet::Fleet fleet = many(140, 7);
    for (std::size_t i = 0; i < 140; ++i) fleet.environments[i].name = fmt::format("env{}", i);
    const auto fits = compile(fleet, action);
    ASSERT_TRUE(fits.has_value()) << fits.error().message;
  }
}

/// Where the machine goes from `state`, by its Choice's first rule, or its Next.
std::string next_of(const json::value& definition, std::string_view state) {
  const json::value& found = definition.at("States").at(state);
  const json::value* choices = find(found, "Choices");
  return get_string(choices != nullptr ? choices->at(0) : found, "Next");
}

TEST(Compile, a_start_gives_alarms_their_voice_after_its_report_whoever_is_told) {
  for (const auto match :
       {tasks::AlarmMatch::dimension, tasks::AlarmMatch::dimension_or_name, tasks::AlarmMatch::none}) {
    fleet::Fleet fleet = example();
    fleet.alarms = match;
    fleet.unmute_after = std::chrono::minutes{40};
    auto definition = compile(fleet, Action::start).value();
    EXPECT_EQ(next_of(definition, "Notify"), "Put the report aside") << to_string(match);
    EXPECT_EQ(next_of(definition, "Put the report aside"), "Unmute alarms");
    EXPECT_EQ(next_of(definition, "Unmute alarms"), "Are all alarms heard?");
    EXPECT_EQ(next_of(definition, "Are all alarms heard?"), "Did all environments start?");
    EXPECT_EQ(get_string(definition.at("States").at("Are all alarms heard?"), "Default"),
              "Wait to unmute alarms");
    const json::value& ends = definition.at("States").at("Did all environments start?").at("Choices");
    EXPECT_EQ(get_string(ends.at(1), "Next"), "Alarms are still muted");
    EXPECT_EQ(get_string(definition.at("States").at("Alarms are still muted"), "Error"), "AlarmsStillMuted");
    EXPECT_EQ(next_of(definition, "Wait to unmute alarms"), "Unmute alarms");
    const json::value& payload = definition.at("States").at("Unmute alarms").at("Arguments").at("Payload");
    EXPECT_EQ(payload.at("unmute_after"), 2400);
    EXPECT_EQ(definition.at("States").at("Report").at("Arguments").at("Payload").at("unmute_after"), 2400);
    fleet.notify.clear();
    definition = compile(fleet, Action::start).value();
    EXPECT_EQ(next_of(definition, "Report"), "Put the report aside");
  }
}

TEST(Compile, a_stop_gives_alarms_their_voice_only_where_something_runs_on) {
  const auto definition = compiled(Action::stop);
  EXPECT_EQ(next_of(definition, "Notify"), "Did all environments stop?");
  EXPECT_EQ(next_of(definition, "Did all environments stop?"), "All environments stopped");
  EXPECT_EQ(get_string(definition.at("States").at("Did all environments stop?"), "Default"),
            "Put the report aside");
  EXPECT_EQ(next_of(definition, "Are all alarms heard?"), "Stop aborted");
}

TEST(Shape, reads_back_what_was_compiled) {
  const auto shape = read_shape(compiled(Action::start));
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->action, Action::start);
  EXPECT_EQ(shape->fleet, "lower-environments");
  EXPECT_EQ(shape->topic, "mailme");
  ASSERT_EQ(shape->environments.size(), 3U);
  const EnvironmentShape& dev = shape->environments[0];
  EXPECT_EQ(dev.region(), "us-east-1");
  ASSERT_EQ(dev.phases.size(), 2U);
  EXPECT_EQ(dev.phases[0].name, "db");
  EXPECT_EQ(dev.described.phases[0].servers, example().environments[0].phases[0].servers);
  EXPECT_EQ(dev.phases[0].task_state, "Start dev db servers");
  EXPECT_EQ(dev.phases[0].settle_state, "Let dev db servers settle");
  EXPECT_EQ(dev.phases[0].settle_seconds, 60);
  EXPECT_EQ(dev.phases[1].settle_state, "");
}

TEST(Shape, of_only_some_environments) {
  const auto shape = read_shape(compiled(Action::start));
  ASSERT_TRUE(shape.has_value());
  EXPECT_EQ(shape->only({}).environments.size(), 3U);
  const Shape some = shape->only({"preprod", "dev"});
  ASSERT_EQ(some.environments.size(), 2U);
  EXPECT_EQ(some.environments[0].name(), "dev");
  EXPECT_EQ(some.environments[1].name(), "preprod");
}

TEST(Shape, refuses_what_was_not_compiled) {
  for (const char* other :
       {"{}", "[]", R"({"StartAt":"a","States":{"a":{"Type":"Pass","End":true}}})",
        R"({"StartAt":"a","States":{"a":{"Type":"Parallel","Branches":[]}}})",
        R"({"StartAt":"a","States":{"a":{"Branches":[{"StartAt":"b","States":{"b":{"Type":"Task"}}}]}}})"}) {
    const auto shape = read_shape(parse_json(other).value());
    ASSERT_FALSE(shape.has_value()) << other;
    EXPECT_EQ(shape.error().code, "NotCompiled");
  }
}

TEST(Shape, says_what_is_wrong_with_an_environment) {
  json::value definition = compiled(Action::start);
  definition.at("States").at("Fleet").at("Assign").at("environments").at(0).at("phases").at(0).at("timeout") =
      "900";
  const auto shape = read_shape(definition);
  ASSERT_FALSE(shape.has_value());
  EXPECT_THAT(shape.error().message, HasSubstr("phases[0].timeout: found \"900\", expected a whole number"));
}

TEST(Mermaid, draws_each_state_once_and_each_branch_in_its_own_part) {
  const std::string diagram = to_mermaid(compiled(Action::start));
  EXPECT_THAT(diagram, testing::StartsWith("stateDiagram-v2\n"));
  EXPECT_THAT(diagram, HasSubstr("state \"Start dev db servers\" as "));
  EXPECT_THAT(diagram, HasSubstr(": ready\n"));
  EXPECT_THAT(diagram, HasSubstr(": error\n"));
  std::size_t separators = 0;
  for (std::size_t at = diagram.find("\n    --\n"); at != std::string::npos;
       at = diagram.find("\n    --\n", at + 1))
    ++separators;
  EXPECT_EQ(separators, 2U);
}

}  // namespace
}  // namespace lamplighter::machine
