#include "tasks/protocol/occurrence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

using testing::HasSubstr;

constexpr std::string_view kCode = "InvalidInput";

schedule::NamedDays named(const std::string& name, const std::vector<std::string>& days) {
  std::vector<schedule::DayRange> ranges;
  for (const std::string& one : days) ranges.push_back(schedule::parse_days(one).value());
  return {name, schedule::Calendar(ranges)};
}

OccurrenceDays days() {
  return {"Europe/Berlin",
          {{named("holidays", {"2026-12-25", "2026-12-28..2027-01-01"}), named("freeze", {})},
           {named("work", {"2026-12-24"})},
           schedule::parse_day("2028-11-30").value()}};
}

Result<std::optional<Occurrence>> read(const json::value& input) {
  return read_occurrence(TRY(Reader::of(input, "input", kCode)));
}

TEST(Occurrence, IsReadAsItWasWritten) {
  Occurrence occurrence{"weekday mornings", parse_time("2026-12-25T06:00:00Z").value()};
  json::object input{{"environments", json::array()}};
  add_to(input, occurrence);
  EXPECT_FALSE(input.contains("calendar"));
  EXPECT_EQ(read(input).value(), occurrence);
  occurrence.calendar = days();
  add_to(input, occurrence);
  EXPECT_EQ(read(input).value(), occurrence);
  EXPECT_EQ(json_text(input.at("calendar")),
            R"({"timezone":"Europe/Berlin","until":"2028-11-30",)"
            R"("except":{"holidays":["2026-12-25","2026-12-28..2027-01-01"],"freeze":[]},)"
            R"("only":{"work":["2026-12-24"]}})");
}

TEST(Occurrence, ThatOfASchedulesInputHasItsKeyword) {
  json::value input = to_json(ScheduleInput{"nights", Action::stop, {"dev"}, days()});
  EXPECT_EQ(input.at("occurrence").at("due"), "<aws.scheduler.scheduled-time>");
  EXPECT_EQ(read_calendar(input, kCode).value(), days());
  input.at("occurrence").as_object()["due"] = "2026-12-25T06:00:00Z";  // as Scheduler writes it
  const auto occurrence = read(input).value();
  ASSERT_TRUE(occurrence);
  EXPECT_EQ(occurrence->schedule, "nights");
  EXPECT_EQ(occurrence->calendar, days());
}

TEST(Occurrence, OfAKeepsEndKnowsWhatSchedulesWant) {
  const Time due = parse_time("2026-11-27T21:00:00Z").value();
  const KeepsEnd end{due - std::chrono::hours(3), true, {{"nights", Action::stop, due, {"dev"}}}};
  json::value input = ending_input("end of override 1", {"dev", "test"}, end);
  EXPECT_EQ(read_ends(Reader::of(input, "input", kCode).value()).value(), end);
  EXPECT_EQ(input.at("environments"), (json::array{"dev", "test"}));
  EXPECT_EQ(input.at("occurrence").at("due"), "<aws.scheduler.scheduled-time>");
  input.at("occurrence").as_object()["due"] = format_time(due);
  EXPECT_EQ(read(input).value(), (Occurrence{"end of override 1", due, {}, end}));
}

std::string problem(std::string_view input) {
  const auto occurrence = read(parse_json(input).value());
  return occurrence ? "" : occurrence.error().message;
}

std::string calendar_problem(const std::string& members) {
  return problem(R"({"occurrence":{"schedule":"s","due":"2026-12-25T06:00:00Z"},"calendar":{)" + members +
                 "}}");
}

TEST(Occurrence, AMistakeHasItsPlace) {
  EXPECT_EQ(problem(R"({"environments":[]})"), "");
  EXPECT_THAT(problem("5"), HasSubstr("input: found 5"));
  EXPECT_THAT(problem(R"({"occurrence":{"schedule":"s","due":"<aws.scheduler.scheduled-time>"}})"),
              HasSubstr("input.occurrence.due: found \"<aws.scheduler.scheduled-time>\", expected a time"));
  EXPECT_THAT(problem(R"({"occurrence":{"due":"2026-12-25T06:00:00Z"}})"),
              HasSubstr("input.occurrence.schedule"));
  const auto ends_problem = [](const std::string& members) {
    return problem(R"({"occurrence":{"schedule":"s","due":"2026-12-25T06:00:00Z","ends":{)" + members +
                   "}}}");
  };
  const std::string made = R"("made":"2026-12-25T05:00:00Z","undone":false)";
  EXPECT_EQ(ends_problem(made + R"(,"wanted":[])"), "");
  EXPECT_THAT(ends_problem(made), HasSubstr("input.occurrence.ends.wanted"));
  EXPECT_THAT(ends_problem(made + R"(,"wanted":[{"schedule":"s","action":"burn"}])"),
              HasSubstr("input.occurrence.ends.wanted[0].action: found \"burn\""));
  EXPECT_EQ(calendar_problem(R"("timezone":"UTC","until":"2026-12-25")"), "");
  EXPECT_THAT(calendar_problem(R"("until":"2026-12-25")"), HasSubstr("input.calendar.timezone"));
  EXPECT_THAT(
      calendar_problem(R"("timezone":"Mars/Base","until":"2026-12-25")"),
      HasSubstr("input.calendar.timezone: found \"Mars/Base\", expected a time zone that is known here"));
  EXPECT_THAT(calendar_problem(R"("timezone":"UTC","until":"Christmas")"), HasSubstr("input.calendar.until"));
  EXPECT_THAT(calendar_problem(R"("timezone":"UTC","until":"2026-12-25","only":{"work":["2026-02-30"]})"),
              HasSubstr("input.calendar.only.work: found"));
  EXPECT_THAT(
      calendar_problem(R"("timezone":"UTC","until":"2026-12-25","except":{"h":["2026-12-25..2026-12-24"]})"),
      HasSubstr("expected days such as 2026-12-25"));
  EXPECT_THAT(calendar_problem(R"("timezone":"UTC","until":"2026-12-25","except":[])"),
              HasSubstr("input.calendar.except"));
  EXPECT_THAT(problem(R"({"calendar":{"timezone":"UTC","until":"2026-12-25"}})"),
              HasSubstr("input.occurrence: found nothing"));
}

}  // namespace
}  // namespace lamplighter::tasks
