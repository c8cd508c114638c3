// A week of schedules and of people who overrule them, on both engines, in virtual time: prints what people
// see. docs/week.md has it; `week --check FILE` ends with 1 where that says anything else.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/who.h"
#include "console/print_overrides.h"
#include "console/report_error.h"
#include "run/overrule.h"
#include "run/when.h"
#include "schedule/time_zone.h"
#include "tests/week/engines.h"

namespace lamplighter::week {
namespace {

using tasks::Action;
using tasks::Override;

constexpr std::string_view kZone = "Europe/Berlin";
/// Monday, at midnight there.
const Time kBegin = parse_time("2026-12-20T23:00:00Z").value();

constexpr std::string_view kFleet = R"(fleet: lower
region: us-east-1
timezone: Europe/Berlin
alarms: none
calendars:
  holidays: {dates: [2026-12-25, 2026-12-26]}
environments:
  dev: {phases: [{name: app, servers: [dev-app]}]}
  test: {phases: [{name: app, servers: [test-app]}]}
schedules:
  - {name: weekday mornings, action: start, cron: "0 6 ? * MON-FRI *", except: [holidays]}
  - {name: weekday evenings, action: stop, cron: "0 20 ? * MON-FRI *"}
)";

/// What somebody does.
struct Deed {
  std::string_view command;
  std::chrono::hours at;  ///< after the week's begin
  run::Wish wish;
};

run::Wish keep(std::string until, std::string why) {
  return {.environments = {"dev"}, .until = {false, std::move(until)}, .why = std::move(why)};
}
run::Wish skip(std::string why) {
  return {.kind = Override::Kind::skip, .schedule = "weekday evenings", .next = true, .why = std::move(why)};
}
run::Wish start_for(std::string lasts) {
  return {.environments = {"dev"}, .until = {true, std::move(lasts)}, .undone = true};
}

const std::array<Deed, 4> kDeeds{{
    {"keep dev running until 22:00 --why release", std::chrono::hours(24 + 17), keep("22:00", "release")},
    {"keep dev running until 22:00 --why demo", std::chrono::hours(48 + 17), keep("22:00", "demo")},
    {"skip \"weekday evenings\" --next --why \"load test\"", std::chrono::hours(48 + 18), skip("load test")},
    {"start dev --for 3h", std::chrono::hours(5 * 24 + 10), start_for("3h")},
}};

std::string shown(Time moment) {
  const auto local = schedule::to_local(std::string(kZone), moment);
  return fmt::format("{:%a %d %b %H:%M}", fmt::gmtime(local.time_since_epoch().count()));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// As the command prints it.
std::string printed(const run::Overruled& done) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* out = ::open_memstream(&text, &size);
  console::print_made(done, out);
  std::fclose(out);
  std::string words(text, size);
  std::free(text);  // NOLINT: open_memstream's
  return words;
}

std::string environment_words(const json::value& environment) {
  const auto reason = get_string(environment, "reason");
  return fmt::format("{} {}{}{}", get_string(environment, "name"), get_string(environment, "status"),
                     reason.empty() ? "" : ": ", reason);
}

/// A line of one execution: when it began, what began it, what it says of each environment.
std::string told(const engine::Execution& execution) {
  const auto report = parse_json(execution.output.value_or("{}")).value();
  const auto input = parse_json(execution.input).value();
  const auto* occurrence = find(input, "occurrence");
  std::vector<std::string> words;
  for (const auto& environment : report.at("environments").as_array())
    words.push_back(environment_words(environment));
  return fmt::format("{}  {}: {}\n                  {}\n", shown(execution.started),
                     occurrence == nullptr ? "by hand" : get_string(*occurrence, "schedule"),
                     get_string(report, "subject"), fmt::join(words, "\n                  "));
}

class Week {
 public:
  explicit Week(Engine& engine) : engine_(engine) {}

  Result<std::string> story() {
    for (const Deed& deed : kDeeds) {
      CHECK_OK(pass_until(kBegin + deed.at));
      CHECK_OK(carry_out(deed));
    }
    CHECK_OK(pass_until(kBegin + std::chrono::days(7)));
    return text_;
  }

 private:
  /// Also tells how servers are at each midnight.
  Status pass_until(Time moment) {
    for (; midnight_ <= moment; midnight_ += std::chrono::days(1)) {
      CHECK_OK(engine_.pass_until(midnight_));
      tell_runs();
      text_ += fmt::format("{}  {}\n\n", shown(midnight_), engine_.servers());
    }
    CHECK_OK(engine_.pass_until(moment));
    tell_runs();
    return {};
  }
  Status carry_out(const Deed& deed) {
    const bool in_cloud = engine_.overruling().place.cloud.has_value();
    auto table = engine_.table();
    const auto done = TRY(run::overrule(table, engine_.overruling(), deed.wish));
    text_ += fmt::format("{}  $ lamplighter {}{}\n", shown(engine_.now()), deed.command,
                         in_cloud ? " --cloud" : "");
    std::istringstream lines(printed(done));
    for (std::string line; std::getline(lines, line);) text_ += fmt::format("                  {}\n", line);
    if (deed.wish.undone) CHECK_OK(engine_.start(Action::start, deed.wish.environments));
    tell_runs();
    return {};
  }
  void tell_runs() {
    for (; told_ < engine_.ran().size(); ++told_) text_ += told(engine_.ran()[told_]);
  }

  Engine& engine_;
  Time midnight_ = kBegin + std::chrono::days(1);
  std::size_t told_ = 0;
  std::string text_;
};

/// Of one engine; whoever runs this is ada.
Result<std::string> story_of(bool in_cloud, const std::filesystem::path& directory) {
  const auto own = directory / (in_cloud ? "cloud" : "daemon");
  std::filesystem::create_directories(own);
  const auto engine =
      TRY(in_cloud ? make_deployment("fleet.yaml", own, kBegin) : make_daemon("fleet.yaml", own, kBegin));
  const auto me = fmt::format("{}@{}", own_user_name(), host_name());
  return replaced(TRY(Week(*engine).story()), me, "ada@web1");
}

Result<std::string> transcript(const std::filesystem::path& directory) {
  std::ofstream("fleet.yaml") << kFleet;
  const auto daemon = TRY(story_of(false, directory));
  const auto cloud = TRY(story_of(true, directory));
  if (replaced(cloud, " --cloud", "") != daemon) {
    return fail(ErrorKind::internal, "OtherWeek",
                fmt::format("the engines differ.\n{}\n\n{}", daemon, cloud));
  }
  return fmt::format("```yaml\n{}```\n\n## The daemon\n```\n{}```\n\n## On AWS\n```\n{}```\n", kFleet, daemon,
                     cloud);
}

int run(const char* check) {
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / fmt::format("week-{}", ::getpid());
  const auto document = check == nullptr ? std::string() : std::filesystem::absolute(check).string();
  std::filesystem::create_directories(directory);
  std::filesystem::current_path(directory);
  const auto text = transcript(directory);
  std::filesystem::current_path("/");
  std::filesystem::remove_all(directory);
  if (!text) return console::report_error(text.error());
  if (check == nullptr) {
    fmt::print("{}", *text);
    return EXIT_SUCCESS;
  }
  std::ifstream file(document);
  const std::string says{std::istreambuf_iterator<char>(file), {}};
  if (says.find(*text) != std::string::npos) return EXIT_SUCCESS;
  fmt::print("{} says something else than this; put it there if it is right:\n\n{}", check, *text);
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace lamplighter::week

int main(int argc, char** argv) {
  return lamplighter::week::run(argc == 3 && std::string_view(argv[1]) == "--check" ? argv[2] : nullptr);
}
