#include "fleet/parse.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fleet/load.h"

namespace lamplighter::fleet {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const std::filesystem::path source_dir = LAMPLIGHTER_SOURCE_DIR;

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string errors_of(const ParseResult& result) {
  std::string text;
  for (const auto& error : result.errors)
    text += fmt::format("{}:{}: {}\n", error.line, error.column, error.message);
  return text;
}

std::string errors_of(std::string_view yaml) { return errors_of(parse(yaml)); }

TEST(Parse, the_fleets_time_zone_is_that_of_schedules_which_name_none) {
  const auto parsed = [](const std::string& timezone) {
    return parse(timezone + R"(fleet: f
region: us-east-1
environments: {dev: {phases: [{name: db, servers: [a]}]}}
schedules:
  - {name: one, action: start, rate: 1 hour}
  - {name: two, action: stop, rate: 1 hour, timezone: Asia/Tokyo}
)")
        .fleet;
  };
  const Fleet fleet = parsed("timezone: Europe/Berlin\n");
  EXPECT_EQ(fleet.timezone, "Europe/Berlin");
  EXPECT_EQ(fleet.schedules.at(0).timezone, "Europe/Berlin");
  EXPECT_EQ(fleet.schedules.at(1).timezone, "Asia/Tokyo");
  EXPECT_EQ(parsed("").timezone, "UTC");
  EXPECT_EQ(parsed("").schedules.at(0).timezone, "UTC");
}

TEST(Parse, a_schedule_says_how_late_it_may_be) {
  const auto schedule_with = [](const std::string& keys) {
    const ParseResult result = parse(
        "fleet: f\nregion: us-east-1\nenvironments: {dev: {phases: [{name: db, servers: [a]}]}}\n"
        "schedules: [{name: one, action: start, rate: 1 hour" +
        keys + "}]\n");
    EXPECT_EQ(errors_of(result), "") << keys;
    return result.fleet.schedules.at(0);
  };
  struct Row {
    const char* keys;
    Duration late;
    int attempts;
    Duration age;
  };
  using namespace std::chrono_literals;
  for (const Row& row : {Row{"", 1h, 185, 1h},
                         {", late: 24h", 24h, 185, 24h},
                         {", late: 2m", 2min, 185, 2min},
                         {", late: 0", 0s, 185, 1min},  // the service tries for a minute at least
                         {", retry: {attempts: 0, age: 60s}", 1h, 0, 1min},
                         {", retry: {age: 6h}, late: 6h", 6h, 185, 6h}}) {
    const Schedule schedule = schedule_with(row.keys);
    EXPECT_EQ(schedule.late, row.late) << row.keys;
    EXPECT_EQ(schedule.retry.attempts, row.attempts) << row.keys;
    EXPECT_EQ(schedule.retry.age, row.age) << row.keys;
  }
}

TEST(Parse, a_classic_number_may_have_no_group) {
  const ParseResult result = parse(R"(
fleet: f
region: us-east-1
environments: {dev: {phases: [{name: app, servers: [a]}, {name: db, servers: [b]}]}}
classic: [dev/app, null, [], ~, dev/db]
)");
  EXPECT_EQ(errors_of(result), "");
  EXPECT_THAT(result.fleet.classic, ElementsAre("dev/app", "", "", "", "dev/db"));
}

TEST(Parse, the_example_of_twenty_servers) {
  const ParseResult result = parse(read_file(source_dir / "examples/lower-environments.yaml"));
  ASSERT_EQ(errors_of(result), "");
  const Fleet& fleet = result.fleet;
  EXPECT_EQ(fleet.name, "lower-environments");
  ASSERT_EQ(fleet.environments.size(), 3U);
  const Environment& dev = fleet.environments[0];
  EXPECT_EQ(dev.name, "dev");
  EXPECT_EQ(dev.region, "us-east-1");
  ASSERT_EQ(dev.phases.size(), 2U);
  EXPECT_EQ(dev.phases[0].name, "db");
  EXPECT_THAT(dev.phases[0].servers.names, ElementsAre("test2", "test7", "test8"));
  EXPECT_THAT(dev.phases[1].servers.names, ElementsAre("test1", "test4", "test5", "test19"));
  EXPECT_THAT(fleet.environments[2].phases[0].servers.names, ElementsAre("test15", "test16", "test20"));
  std::size_t servers = 0;
  for (const auto& environment : fleet.environments) {
    for (const auto& phase : environment.phases) servers += phase.servers.names.size();
  }
  EXPECT_EQ(servers, 20U);
  ASSERT_EQ(fleet.schedules.size(), 2U);
  EXPECT_EQ(fleet.schedules[0].expression, "cron(0 6 ? * MON-FRI *)");
  EXPECT_EQ(fleet.schedules[1].action, tasks::Action::stop);
  ASSERT_EQ(fleet.notify.size(), 1U);
  EXPECT_EQ(fleet.notify[0].sns, "mailme");
  EXPECT_EQ(fleet.notify[0].region, "us-east-1");
  EXPECT_EQ(fleet.classic.size(), 6U);
}

TEST(Parse, alarms_are_a_word_or_a_mapping) {
  const auto with = [](const std::string& alarms) {
    return parse(
        "fleet: f\nregion: us-east-1\nenvironments: {dev: {phases: [{name: db, servers: [a]}]}}\nalarms: " +
        alarms + "\n");
  };
  EXPECT_EQ(with("none").fleet.alarms, tasks::AlarmMatch::none);
  EXPECT_EQ(with("{match: none}").fleet.alarms, tasks::AlarmMatch::none);
  const auto both = with("{match: dimension-or-name, unmute_after: 40m}").fleet;
  EXPECT_EQ(both.alarms, tasks::AlarmMatch::dimension_or_name);
  EXPECT_EQ(both.unmute_after, std::chrono::minutes(40));
  EXPECT_EQ(with("{unmute_after: 0s}").fleet.alarms, tasks::AlarmMatch::dimension);
  EXPECT_EQ(with("{unmute_after: 0s}").fleet.unmute_after, Duration::zero());
  EXPECT_EQ(with("dimension").fleet.unmute_after, std::chrono::minutes(15));
  EXPECT_FALSE(with("loud").errors.empty());
  EXPECT_FALSE(with("[none]").errors.empty());
}

TEST(Parse, selectors_defaults_regions_and_roles) {
  const ParseResult result = parse(read_file(source_dir / "examples/many-ways.yaml"));
  ASSERT_EQ(errors_of(result), "");
  const Environment& dev = result.fleet.environments[0];
  EXPECT_THAT(dev.phases[0].servers.names, ElementsAre("dev-db-1"));
  EXPECT_THAT(dev.phases[0].servers.ids, ElementsAre("i-0123456789abcdef0"));
  EXPECT_EQ(dev.phases[0].settle, minutes{5});
  EXPECT_EQ(dev.phases[1].settle, seconds{30});
  EXPECT_EQ(dev.phases[1].timeout, minutes{20});
  EXPECT_THAT(dev.phases[1].servers.tags,
              ElementsAre(tasks::Tags{{"Environment", "dev"}, {"Tier", "cache"}}));
  EXPECT_EQ(dev.phases[2].servers.tags.size(), 2U);
  const Environment& prod = result.fleet.environments[1];
  EXPECT_EQ(prod.region, "eu-west-1");
  EXPECT_EQ(prod.role_arn, "arn:aws:iam::123456789012:role/Lamplighter");
  EXPECT_EQ(result.fleet.alarms, tasks::AlarmMatch::dimension_or_name);
  EXPECT_EQ(result.fleet.notify.at(0).region, "us-east-1");
  EXPECT_EQ(result.fleet.schedules[0].flexible_window, minutes{15});
  EXPECT_THAT(result.fleet.schedules[0].environments, ElementsAre("dev"));
}

TEST(Parse, an_environment_s_account_stands_in_for_the_fleet_s) {
  const ParseResult result = parse(read_file(source_dir / "tests/fleet/good/accounts.yaml"));
  ASSERT_EQ(errors_of(result), "");
  EXPECT_EQ(result.fleet.environments[0].account, "000000000012");
  EXPECT_EQ(result.fleet.environments[1].account, "210987654321");
  EXPECT_EQ(parse("fleet: f\nregion: us-east-1\nenvironments: {a: {phases: [{name: b, servers: [c]}]}}")
                .fleet.environments.at(0)
                .account,
            "");
}

TEST(Parse, an_alias_gives_the_same_phase_in_another_region) {
  const ParseResult result = parse(read_file(source_dir / "tests/fleet/good/aliases-and-json.yaml"));
  ASSERT_EQ(errors_of(result), "");
  EXPECT_EQ(result.fleet.environments[2].phases[0].timeout, hours{1} + minutes{30});
}

TEST(Parse, a_given_region_stands_in_for_the_top_level_one_only) {
  const ParseResult result = parse(read_file(source_dir / "examples/many-ways.yaml"), "us-west-2");
  EXPECT_EQ(result.fleet.environments[0].region, "us-west-2");
  EXPECT_EQ(result.fleet.environments[1].region, "eu-west-1");
}

/// With the iCalendar files that it names.
ParseResult parsed_file(const std::filesystem::path& path) {
  return parse(read_file(path), "", ical_reader(path.string()));
}

/// Each tests/fleet/bad/NAME.yaml has a NAME.expected whose second line is part of its errors.
TEST(Parse, every_bad_file_says_what_is_wrong_and_where) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(source_dir / "tests/fleet/bad")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    std::filesystem::path expected_path = entry.path();
    std::istringstream expected(read_file(expected_path.replace_extension(".expected")));
    std::string line;
    std::getline(expected, line);
    std::getline(expected, line);
    EXPECT_THAT(errors_of(parsed_file(entry.path())), HasSubstr(line)) << entry.path();
  }
  EXPECT_GT(files, 40);
}

TEST(Parse, one_mistake_is_one_error) {
  for (const auto& entry : std::filesystem::directory_iterator(source_dir / "tests/fleet/bad")) {
    if (entry.path().extension() != ".yaml") continue;
    const ParseResult result = parsed_file(entry.path());
    EXPECT_EQ(result.errors.size(), 1U) << entry.path() << errors_of(result);
  }
}

TEST(Parse, names_all_errors_at_once_in_their_order) {
  const std::string errors = errors_of(
      "fleet: f\nregion: us-east-1\nenvironments:\n  dev:\n    phases:\n      - {name: db, servers: [a], "
      "settle: x}\n"
      "      - {nam: app, servers: [b]}\nalarm: {}\n");
  EXPECT_THAT(errors, HasSubstr("6:42: found \"x\""));
  EXPECT_THAT(errors, HasSubstr("7:9: found no \"name\""));
  EXPECT_THAT(errors, HasSubstr("7:10: found the unknown key \"nam\" (did you mean \"name\"?)"));
  EXPECT_THAT(errors, HasSubstr("8:1: found the unknown key \"alarm\" (did you mean \"alarms\"?)"));
  EXPECT_LT(errors.find("6:42"), errors.find("7:9"));
  EXPECT_LT(errors.find("7:10"), errors.find("8:1"));
}

TEST(Parse, bombs_are_refused_quickly) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    bomb += fmt::format("a{}: &a{} [*a{}, *a{}, *a{}, *a{}, *a{}, *a{}, *a{}, *a{}]\n", i, i, i - 1, i - 1,
                        i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
  }
  EXPECT_THAT(errors_of(bomb), HasSubstr("too large once its aliases are expanded"));
  const std::string large(200'000, 'x');
  std::string copies = fmt::format("a: &a {}\nb: [", large);
  for (int i = 0; i < 1000; ++i) copies += "*a, ";
  EXPECT_THAT(errors_of(copies + "]"), HasSubstr("too large once its aliases are expanded"));
  EXPECT_THAT(errors_of(std::string(1000, '[')), HasSubstr("nested more than 16 deep"));
  EXPECT_THAT(errors_of("a: &a [*a]"), HasSubstr("this is no YAML that can be read"));
  EXPECT_THAT(errors_of(std::string((1U << 20U) + 1, ' ')), HasSubstr("expected at most 1048576"));
}

TEST(Parse, text_that_is_no_utf8_has_a_place) {
  EXPECT_EQ(errors_of("fleet: f\nregion: \xff\n"),
            "2:9: found bytes that are not UTF-8, expected UTF-8 text\n");
  for (const char* bad : {"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"}) {
    EXPECT_THAT(errors_of(bad), HasSubstr("not UTF-8")) << bad;
  }
}

TEST(Parse, a_file_full_of_errors_ends) {
  std::string yaml = "fleet: f\n";
  for (int i = 0; i < 20'000; ++i) yaml += fmt::format("k{}: x\n", i);
  EXPECT_EQ(parse(yaml).errors.size(), 100U);
}

TEST(Notify, IsOneRecipientOrSeveral) {
  const auto of = [](const std::string& notify) {
    auto parsed = parse(
        "fleet: f\nregion: eu-west-1\nenvironments: {dev: {phases: [{name: db, servers: [a]}]}}\n"
        "notify: " +
        notify + "\n");
    for (const Diagnostic& error : parsed.errors) ADD_FAILURE() << error.message;
    return parsed.fleet.notify;
  };
  const auto one = of("{sns: mailme}");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].on, (std::vector{Occasion::always, Occasion::warning}));
  const auto several =
      of("[{webhook: {url: {env: HOOK}, format: teams, timeout: 3s}, on: [missed]}, "
         "{webhook: {url: {file: /etc/hook}, format: json, secret: {ssm: /key}}}, "
         "{eventbridge: \"arn:aws:events:us-east-1:123456789012:event-bus/ops\"}]");
  ASSERT_EQ(several.size(), 3U);
  EXPECT_EQ(several[0].on, (std::vector{Occasion::missed}));
  EXPECT_EQ(several[0].webhook->timeout, std::chrono::seconds(3));
  EXPECT_EQ(several[0].webhook->format, tasks::WebhookFormat::teams);
  EXPECT_EQ(several[0].region, "") << "it needs none";
  EXPECT_EQ(several[1].webhook->url.text(), "file:/etc/hook");
  EXPECT_EQ(several[1].webhook->region, "eu-west-1") << "of the parameter";
  EXPECT_EQ(several[2].region, "us-east-1") << "the ARN's";
}

}  // namespace
}  // namespace lamplighter::fleet
