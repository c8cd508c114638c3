#include "schedule/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

using testing::HasSubstr;

TEST(Cron, weekday_mornings) {
  const auto cron = parse_cron("0 6 ? * MON-FRI *");
  ASSERT_TRUE(cron.has_value());
  EXPECT_EQ(cron->minutes.count(), 1U);
  EXPECT_TRUE(cron->hours.test(6));
  EXPECT_FALSE(cron->days_of_month.has_value());
  EXPECT_EQ(cron->months.count(), 12U);
  EXPECT_EQ(cron->days_of_week->days.to_string(), "01111100");
  EXPECT_EQ(cron->years.count(), 230U);
}

TEST(Cron, steps_lists_and_ranges_that_wrap) {
  const auto cron = parse_cron("5/20 22-2,12 L jan-mar ? 2026-2027");
  ASSERT_TRUE(cron.has_value());
  EXPECT_TRUE(cron->minutes.test(5) && cron->minutes.test(25) && cron->minutes.test(45));
  EXPECT_EQ(cron->minutes.count(), 3U);
  EXPECT_EQ(cron->hours.count(), 6U);
  EXPECT_TRUE(cron->hours.test(23) && cron->hours.test(0) && cron->hours.test(12));
  EXPECT_TRUE(cron->days_of_month->last);
  EXPECT_TRUE(cron->years.test(2026 - 1970) && cron->years.test(2027 - 1970));
  EXPECT_EQ(cron->years.count(), 2U);
}

TEST(Cron, the_special_days) {
  EXPECT_EQ(parse_cron("0 6 15W * ? *")->days_of_month->nearest_weekday, 15);
  EXPECT_EQ(parse_cron("0 6 LW * ? *")->days_of_month->nearest_weekday, 0);
  EXPECT_TRUE(parse_cron("0 6 31,L * ? *")->days_of_month->last);
  EXPECT_TRUE(parse_cron("0 6 31,L * ? *")->days_of_month->days.test(31));
  EXPECT_EQ(parse_cron("0 6 ? * MON#2 *")->days_of_week->nth, 2);
  EXPECT_TRUE(parse_cron("0 6 ? * 6L *")->days_of_week->last);
  EXPECT_TRUE(parse_cron("0 6 ? * L *")->days_of_week->days.test(7));
}

TEST(Cron, says_which_field_is_wrong) {
  EXPECT_THAT(parse_cron("0 24 ? * MON-FRI *").error().message, HasSubstr("\"24\" as the hours"));
  EXPECT_THAT(parse_cron("0 6 ? * MON-FRX *").error().message, HasSubstr("SUN to SAT"));
  EXPECT_THAT(parse_cron("0 6 * * MON *").error().message, HasSubstr("\"?\" in exactly one"));
  EXPECT_THAT(parse_cron("0 6 ? * ? *").error().message, HasSubstr("\"?\" in exactly one"));
  EXPECT_THAT(parse_cron("0 6 * * *").error().message, HasSubstr("found 5 fields"));
  for (const char* bad :
       {"0/0 6 ? * MON *", "0 6,, ? * MON *", "0 6 0 * ? *", "0 6 ? * MON#6 *", "0 6 ? 13 MON *",
        "0 6 ? * MON 1969", "-1 6 ? * MON *", "0 6 W * ? *", "0 1-2-3 ? * MON *", "0 1/2/3 ? * MON *"}) {
    EXPECT_FALSE(parse_cron(bad).has_value()) << bad;
  }
}

TEST(Cron, TakesAllThatTheServiceDocuments) {
  EXPECT_EQ(parse_cron("1/10 * * * ? *")->minutes.to_string(),
            parse_cron("1,11,21,31,41,51 * * * ? *")->minutes.to_string());
  EXPECT_EQ(parse_cron("0 0 ? * 3#2 *")->days_of_week->days.to_string(), "00001000") << "Tuesday";
  EXPECT_EQ(parse_cron("0 0 ? JAN-DEC SUN-SAT 1970-2199")->years.count(), 230U);
  EXPECT_EQ(parse_cron("0 0 ? * L *")->days_of_week->last, false) << "Saturday, as the last day of a week";
  for (const char* good : {"0-15/1 8-8 ? * 1-7 *", "0 0 1-31/30 * ? *", "0,30 0/6 1,15,L 1/3 ? 2026/2",
                           "59 23 31 12 ? 2199", "0 0 3W * ? *", "0 0 ? FEB,JUN 1,7 *"}) {
    EXPECT_TRUE(parse_cron(good)) << good;
  }
}

TEST(Cron, RefusesWhatTheServiceDoes) {
  for (const char* bad :
       {"60 0 * * ? *", "0 24 * * ? *", "0 0 32 * ? *", "0 0 * 0 ? *", "0 0 ? * 0 *", "0 0 ? * 8 *",
        "0 0 ? * 2/2 *", "0 0 ? * MON-FRI/2 *", "0 0 * * ? 2200", "0 ? * * * *", "? 0 * * ? *",
        "0 0 ? * 2#0 *", "0 0 ? * L#2 *", "0 0 32W * ? *", "0 0 * JANUARY ? *"}) {
    EXPECT_FALSE(parse_cron(bad)) << bad;
  }
}

TEST(Rate, counts_minutes) {
  EXPECT_EQ(parse_rate("12 hours")->every, std::chrono::hours{12});
  EXPECT_EQ(parse_rate("1 day")->every, std::chrono::hours{24});
  for (const char* bad : {"0 hours", "12", "12 weeks", "-1 hours", "1.5 hours", "", "99999999 days"}) {
    EXPECT_FALSE(parse_rate(bad).has_value()) << bad;
  }
}

TEST(At, is_a_local_time) {
  using namespace std::chrono;
  const auto at = parse_at("2026-12-24T06:00:00");
  ASSERT_TRUE(at.has_value());
  EXPECT_EQ(at->time.time_since_epoch(), (sys_days{2026y / 12 / 24} + 6h).time_since_epoch());
  for (const char* bad :
       {"2026-12-24", "2026-12-24T06:00:00Z", "2026-13-24T06:00:00", "2026-12-24 06:00:00"}) {
    EXPECT_FALSE(parse_at(bad).has_value()) << bad;
  }
}

TEST(Expression, all_three_forms) {
  EXPECT_TRUE(std::holds_alternative<Cron>(parse_expression("cron(0 6 ? * MON-FRI *)").value()));
  EXPECT_TRUE(std::holds_alternative<Rate>(parse_expression("rate(5 minutes)").value()));
  EXPECT_TRUE(std::holds_alternative<At>(parse_expression("at(2026-12-24T06:00:00)").value()));
  EXPECT_FALSE(parse_expression("every day").has_value());
}

TEST(TimeZone, knows_iana_names) {
  EXPECT_TRUE(is_time_zone("America/New_York"));
  EXPECT_TRUE(is_time_zone("UTC"));
  for (const char* bad : {"", "America/New_Yrok", "../../etc/passwd", "/etc/passwd"})
    EXPECT_FALSE(is_time_zone(bad)) << bad;
  EXPECT_THAT(time_zones(), testing::Contains("Europe/Berlin"));
}

TEST(Expression, NumbersAreDigitsAlone) {
  for (const char* text : {"cron(-0 6 ? * MON *)", "cron(0 6 ? * 2#+1 *)", "cron(0/-1 6 ? * MON *)",
                           "cron(0 +6 ? * MON *)", "rate(+5 minutes)", "rate(-0 minutes)", "rate(5. minutes)",
                           "at(2026-12-24T-6:00:00)", "at(2026-12-24 06:00:00)", "at(2026-12-24T06:00:-1)",
                           "at(2026-12-24T24:00:00)", "at(2026-12-24T06:00:60)"}) {
    EXPECT_FALSE(parse_expression(text)) << text;
  }
}

}  // namespace
}  // namespace lamplighter::schedule
