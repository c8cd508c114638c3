#include "schedule/ical.h"

#include <chrono>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Days = std::vector<std::string>;

std::chrono::local_days day(std::string_view text) { return parse_day(text).value(); }
const DayRange kTwoYears{day("2026-11-27"), day("2028-11-27")};

std::string calendar_of(const std::string& components) {
  return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + components + "END:VCALENDAR\r\n";
}
/// An event of these lines.
std::string event(const std::string& lines) { return "BEGIN:VEVENT\nUID:1\n" + lines + "\nEND:VEVENT\n"; }

Result<Calendar> read(const std::string& components, const std::string& zone = "Europe/Berlin",
                      DayRange within = kTwoYears) {
  const Ical ical = TRY(read_ical(calendar_of(components)));
  return days_of(ical, *time_zone(zone), within);
}

/// "2026-12-25", "2026-12-28..2027-01-01": the days of these components; or the error.
Days days(const std::string& components, const std::string& zone = "Europe/Berlin",
          DayRange within = kTwoYears) {
  const auto calendar = read(components, zone, within);
  if (!calendar) return {calendar.error().message};
  Days found;
  for (const auto& [first, last] : calendar->ranges())
    found.push_back(first == last ? format_day(first) : format_day(first) + ".." + format_day(last));
  return found;
}

/// Of one event.
Days of(const std::string& lines, const std::string& zone = "Europe/Berlin") {
  return days(event(lines), zone);
}

TEST(IcalDays, AnAllDayEventHasItsDaysInEveryZone) {
  for (const auto* zone : {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"}) {
    EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225", zone), ElementsAre("2026-12-25")) << zone;
    EXPECT_THAT(of("DTSTART;VALUE=DATE:20261228\nDTEND;VALUE=DATE:20270102", zone),
                ElementsAre("2026-12-28..2027-01-01"))
        << zone;
  }
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225"), ElementsAre("2026-12-25"));
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nDURATION:P2D"), ElementsAre("2026-12-25..2026-12-26"));
  EXPECT_THAT(of("DTSTART:20261225\nDURATION:P1W"), ElementsAre("2026-12-25..2026-12-31"));
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nTRANSP:TRANSPARENT"), ElementsAre("2026-12-25"));
}

// "New year missed by a UTC year."
TEST(IcalDays, NewYearIsNewYearOfTheZone) {
  const std::string rule = "DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY";
  for (const auto* zone : {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"})
    EXPECT_THAT(of(rule, zone), ElementsAre("2027-01-01", "2028-01-01")) << zone;
  EXPECT_THAT(of("DTSTART:20261231T230000Z\nDTEND:20270101T230000Z"), ElementsAre("2027-01-01"));
  EXPECT_THAT(of("DTSTART:20261231T230000Z\nDTEND:20270101T230000Z", "UTC"),
              ElementsAre("2026-12-31..2027-01-01"));
}

// "Weekly all-day events anchored in UTC."
TEST(IcalDays, AWeeklyAllDayEventStaysOnItsWeekday) {
  const std::string fridays = "DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=WEEKLY;COUNT=3";
  for (const auto* zone : {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York"})
    EXPECT_THAT(of(fridays, zone), ElementsAre("2027-01-01", "2027-01-08", "2027-01-15")) << zone;
}

// "Holiday in local days, hours in UTC."
TEST(IcalDays, ATimedEventHasTheDaysThatItTouchesOnTheZonesClock) {
  const std::string night = "DTSTART:20261225T200000Z\nDTEND:20261226T020000Z";
  EXPECT_THAT(of(night, "America/New_York"), ElementsAre("2026-12-25"));
  EXPECT_THAT(of(night, "Europe/Berlin"), ElementsAre("2026-12-25..2026-12-26"));
  EXPECT_THAT(of(night, "Asia/Tokyo"), ElementsAre("2026-12-26"));
  // Midnight, at its end, is not the next day; without an end it is the day of its begin.
  EXPECT_THAT(of("DTSTART:20261225T090000\nDTEND:20261226T000000"), ElementsAre("2026-12-25"));
  EXPECT_THAT(of("DTSTART:20261225T000000"), ElementsAre("2026-12-25"));
  EXPECT_THAT(of("DTSTART:20261225T230000\nDURATION:PT1H30M"), ElementsAre("2026-12-25..2026-12-26"));
  EXPECT_THAT(of("DTSTART:20261225T230000\nDURATION:P1DT30M"), ElementsAre("2026-12-25..2026-12-26"));
}

TEST(IcalDays, FloatingTimesAreOfTheZone) {
  for (const auto* zone : {"UTC", "Asia/Tokyo", "America/New_York"})
    EXPECT_THAT(of("DTSTART:20261225T003000\nDTEND:20261225T233000", zone), ElementsAre("2026-12-25"))
        << zone;
}

TEST(IcalDays, ATimeHasTheClockOfItsTzid) {
  const std::string evening = "DTSTART;TZID=America/New_York:20261225T200000\nDURATION:PT1H";
  EXPECT_THAT(of(evening, "America/New_York"), ElementsAre("2026-12-25"));
  EXPECT_THAT(of(evening, "Europe/Berlin"), ElementsAre("2026-12-26"));
  EXPECT_THAT(
      of("DTSTART;TZID=\"Europe/Berlin\":20261225T000000\nDTEND;TZID=America/New_York:20261225T180000"),
      ElementsAre("2026-12-25"));
  EXPECT_THAT(
      of("DTSTART;TZID=Europe/Nowhere:20261225T000000"),
      ElementsAre("line 5: found TZID=Europe/Nowhere, expected an IANA time zone, or a VTIMEZONE of that "
                  "name"));
}

TEST(IcalDays, ADayOf23Or25HoursIsADay) {
  // From midnight to midnight, on the days on which Berlin's clock is set.
  const std::string sundays =
      "DTSTART;TZID=Europe/Berlin:20270321T000000\nDTEND;TZID=Europe/Berlin:20270322T000000";
  EXPECT_THAT(of(sundays + "\nRRULE:FREQ=WEEKLY;COUNT=3"),
              ElementsAre("2027-03-21", "2027-03-28", "2027-04-04"));
  const std::string autumn = "DTSTART;TZID=Europe/Berlin:20271031T000000\nDURATION:P1D";
  EXPECT_THAT(of(autumn), ElementsAre("2027-10-31"));
  // A time that the clock skips.
  EXPECT_THAT(of("DTSTART;TZID=Europe/Berlin:20270328T023000\nDURATION:PT1H"), ElementsAre("2027-03-28"));
}

constexpr const char* kEastern =
    "BEGIN:VTIMEZONE\nTZID:Eastern Standard Time\n"
    "BEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n"
    "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\n"
    "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

TEST(IcalDays, AZoneOfTheFilesOwnIsSetForwardAndBack) {
  const std::string winter = event("DTSTART;TZID=Eastern Standard Time:20270115T183000\nDURATION:PT10M");
  const std::string summer = event("DTSTART;TZID=Eastern Standard Time:20270715T183000\nDURATION:PT10M");
  // 18:30 is 23:30 UTC in winter, and 22:30 in summer.
  const DayRange all = kTwoYears;
  EXPECT_THAT(days(kEastern + winter, "Etc/GMT-1", all), ElementsAre("2027-01-16"));
  EXPECT_THAT(days(kEastern + summer, "Etc/GMT-1", all), ElementsAre("2027-07-15"));
  EXPECT_THAT(days(kEastern + winter, "UTC", all), ElementsAre("2027-01-15"));
}

TEST(IcalDays, AZoneWithoutARuleIsAheadForGood) {
  const std::string zone =
      "BEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+"
      "0300\n"
      "END:STANDARD\nEND:VTIMEZONE\n";
  EXPECT_THAT(days(zone + event("DTSTART;TZID=Ours:20261225T013000"), "UTC"), ElementsAre("2026-12-24"));
}

TEST(IcalDays, RulesOfHolidays) {
  const auto rule = [](const std::string& start, const std::string& text) {
    return of("DTSTART;VALUE=DATE:" + start + "\nRRULE:" + text);
  };
  EXPECT_THAT(rule("20001225", "FREQ=YEARLY"), ElementsAre("2026-12-25", "2027-12-25"));
  // Memorial Day, Thanksgiving, and the day after it each other year.
  EXPECT_THAT(rule("20000529", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"), ElementsAre("2027-05-31", "2028-05-29"));
  EXPECT_THAT(rule("20001123", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), ElementsAre("2027-11-25", "2028-11-23"));
  EXPECT_THAT(rule("20011123", "FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=4FR"), ElementsAre("2027-11-26"));
  EXPECT_THAT(rule("20040229", "FREQ=YEARLY"), ElementsAre("2028-02-29"));
  EXPECT_THAT(rule("20261130", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"),
              ElementsAre("2026-11-30", "2026-12-31", "2027-01-31"));
  EXPECT_THAT(rule("20261229", "FREQ=DAILY;INTERVAL=2;COUNT=3"),
              ElementsAre("2026-12-29", "2026-12-31", "2027-01-02"));
  EXPECT_THAT(rule("20200106", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;UNTIL=20261212"),
              ElementsAre("2026-11-30", "2026-12-04"));
  EXPECT_THAT(rule("20270101", "FREQ=YEARLY;BYMONTH=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;COUNT=2"),
              ElementsAre("2027-01-01", "2028-01-03"));
}

/// The rhythm of a rule is what it is, from however long ago it is looked at.
TEST(IcalDays, ARuleKeepsItsRhythm) {
  for (const auto* rule : {"FREQ=DAILY;INTERVAL=5", "FREQ=WEEKLY;INTERVAL=3",
                           "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,TU", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU",
                           "FREQ=MONTHLY;INTERVAL=5", "FREQ=MONTHLY;INTERVAL=7;BYDAY=2TU",
                           "FREQ=YEARLY;INTERVAL=3;BYMONTH=3,7", "FREQ=DAILY;INTERVAL=3;BYMONTH=4"}) {
    const std::string lines = fmt::format("DTSTART;VALUE=DATE:20190305\nRRULE:{}", rule);
    const auto all = read(event(lines), "UTC", {day("2019-01-01"), kTwoYears.last});
    const auto part = read(event(lines), "UTC", kTwoYears);
    ASSERT_TRUE(all && part) << rule;
    EXPECT_FALSE(part->ranges().empty()) << rule;
    for (auto one = kTwoYears.first; one <= kTwoYears.last; one += std::chrono::days(1))
      EXPECT_EQ(all->holds(one), part->holds(one)) << rule << " on " << format_day(one);
  }
}

// "Date-only UNTIL crashes."
TEST(IcalDays, UntilIsADateOrATime) {
  const auto until = [](const std::string& start, const std::string& text, const std::string& zone) {
    return of("DTSTART" + start + "\nRRULE:FREQ=DAILY;UNTIL=" + text, zone);
  };
  const Days three{"2026-12-24..2026-12-26"};
  const std::string date = ";VALUE=DATE:20261224";
  const std::string timed = ";TZID=Europe/Berlin:20261224T200000";
  EXPECT_EQ(until(date, "20261226", "Europe/Berlin"), three);
  EXPECT_EQ(until(timed, "20261226", "Europe/Berlin"), three);
  EXPECT_EQ(until(timed, "20261226T190000Z", "Europe/Berlin"), three);
  EXPECT_EQ(until(timed, "20261226T185959Z", "Europe/Berlin"), Days{"2026-12-24..2026-12-25"});
  EXPECT_EQ(until(timed, "20261226T200000", "Europe/Berlin"), three);
  // The last day's midnight as calendars write it: the date with Z, or the moment on their own zone's clock.
  for (const auto* zone : {"Europe/Berlin", "America/New_York", "Asia/Tokyo"})
    EXPECT_EQ(until(date, "20261226T000000Z", zone), three) << zone;
  EXPECT_EQ(until(date, "20261225T230000Z", "Europe/Berlin"), three);
  EXPECT_EQ(until(date, "20261226T050000Z", "America/New_York"), three);
  EXPECT_EQ(until(date, "20261226T120000", "America/New_York"), three);
}

// "DATE-TIME EXDATE on all-day events ignored."
TEST(IcalDays, WhatIsLeftOutIsADateOrATime) {
  const auto without = [](const std::string& start, const std::string& exdate, const std::string& zone) {
    return of("DTSTART" + start + "\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE" + exdate, zone);
  };
  const Days rest{"2026-12-24", "2026-12-26"};
  const std::string date = ";VALUE=DATE:20261224";
  const std::string timed = ";TZID=Europe/Berlin:20261224T200000";
  EXPECT_EQ(without(date, ";VALUE=DATE:20261225", "UTC"), rest);
  EXPECT_EQ(without(date, ":20261225T000000", "America/New_York"), rest);
  EXPECT_EQ(without(date, ":20261225T000000Z", "America/New_York"), rest);
  EXPECT_EQ(without(date, ";TZID=Asia/Tokyo:20261225T000000", "America/New_York"), rest);
  EXPECT_EQ(without(date, ":20261224T230000Z", "Europe/Berlin"), rest);
  EXPECT_EQ(without(timed, ";TZID=Europe/Berlin:20261225T200000", "Europe/Berlin"), rest);
  EXPECT_EQ(without(timed, ":20261225T190000Z", "Europe/Berlin"), rest);
  EXPECT_EQ(without(timed, ";VALUE=DATE:20261225", "Europe/Berlin"), rest);
  EXPECT_EQ(without(timed, ":20261225T180000Z", "Europe/Berlin"), Days{"2026-12-24..2026-12-26"});
  EXPECT_EQ(without(date, ";VALUE=DATE:20261224,20261225\nEXDATE;VALUE=DATE:20261226", "UTC"), Days{});
}

TEST(IcalDays, DatesAreAddedOneByOne) {
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nRDATE;VALUE=DATE:20261231,20270101\nRDATE:20270106T000000Z"),
              ElementsAre("2026-12-25", "2026-12-31..2027-01-01", "2027-01-06"));
  EXPECT_THAT(
      of("DTSTART:20261225T090000\nRDATE;VALUE=PERIOD:20261227T090000/PT1H\nRDATE;VALUE=DATE:20261229"),
      ElementsAre("2026-12-25", "2026-12-27", "2026-12-29"));
}

TEST(IcalDays, AnOccurrenceThatWasMovedIsWhereItWasMovedTo) {
  const std::string weekly = event("DTSTART;VALUE=DATE:20261204\nRRULE:FREQ=WEEKLY;COUNT=3");
  const auto moved = [&](const std::string& id, const std::string& rest) {
    return days(event(rest + "\nRECURRENCE-ID" + id) + weekly);
  };
  EXPECT_THAT(moved(";VALUE=DATE:20261211", "DTSTART;VALUE=DATE:20261214"),
              ElementsAre("2026-12-04", "2026-12-14", "2026-12-18"));
  EXPECT_THAT(moved(":20261211T000000Z", "DTSTART;VALUE=DATE:20261214\nSTATUS:CANCELLED"),
              ElementsAre("2026-12-04", "2026-12-18"));
  EXPECT_THAT(
      moved(";RANGE=THISANDFUTURE;VALUE=DATE:20261211", "DTSTART;VALUE=DATE:20261214"),
      ElementsAre(
          "line 6: found RECURRENCE-ID with RANGE, expected one that stands for a single occurrence"));
  const std::string timed =
      event("DTSTART;TZID=Europe/Berlin:20261204T200000\nRRULE:FREQ=WEEKLY;COUNT=2") +
      event("DTSTART;TZID=Europe/Berlin:20261212T200000\nRECURRENCE-ID:20261211T190000Z");
  EXPECT_THAT(days(timed), ElementsAre("2026-12-04", "2026-12-12"));
}

TEST(IcalDays, OthersAreNotMovedAlong) {
  const std::string one = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261211\nEND:VEVENT\n";
  const std::string other =
      "BEGIN:VEVENT\nUID:b\nRECURRENCE-ID;VALUE=DATE:20261211\nDTSTART;VALUE=DATE:20261214\nEND:VEVENT\n";
  EXPECT_THAT(days(one + other), ElementsAre("2026-12-11", "2026-12-14"));
}

TEST(IcalDays, CancelledEventsHaveNone) {
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nSTATUS:cancelled"), IsEmpty());
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nSTATUS:CONFIRMED"), ElementsAre("2026-12-25"));
}

TEST(IcalDays, OnlyEventsCount) {
  EXPECT_THAT(days("BEGIN:VTODO\nDTSTART;VALUE=DATE:20261225\nEND:VTODO\nX-OURS;A=b:c\n"), IsEmpty());
  EXPECT_THAT(of("DTSTART;VALUE=DATE:20261225\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:nonsense\nEND:VALARM"),
              ElementsAre("2026-12-25"));
}

TEST(IcalDays, AreThoseOfTheBounds) {
  const DayRange one{day("2026-12-26"), day("2026-12-26")};
  EXPECT_THAT(days(event("DTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20301225"), "UTC", one),
              ElementsAre("2026-12-26"));
  EXPECT_THAT(days(event("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY"), "UTC", one), IsEmpty());
  EXPECT_THAT(days(event("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY"), "UTC", one),
              ElementsAre("2026-12-26"));
}

std::string refusal(const std::string& text) {
  const auto ical = read_ical(text);
  return ical ? "" : ical.error().message;
}

TEST(IcalFiles, ThatAreNoneSayWhatTheyAre) {
  EXPECT_EQ(refusal(""), "found no BEGIN:VCALENDAR, expected an iCalendar file (.ics)");
  EXPECT_EQ(refusal("<!DOCTYPE html>\n<html>"),
            "line 1: found \"<!DOCTYPE HTML>\", expected BEGIN:VCALENDAR");
  EXPECT_EQ(refusal("BEGIN:VCARD\nEND:VCARD\n"), "line 1: found BEGIN:VCARD, expected BEGIN:VCALENDAR");
  EXPECT_EQ(refusal("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n"),
            "found no END:VEVENT, expected a file that is not cut short");
  EXPECT_EQ(refusal("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n"),
            "line 3: found END:VCALENDAR, expected END:VEVENT");
  EXPECT_EQ(refusal(std::string(5U << 20, '\n')), "found more than 4 MiB, expected a smaller file");
}

TEST(IcalFiles, NameTheLineOfWhatIsWrong) {
  const auto wrong = [](const std::string& lines) { return refusal(calendar_of(event(lines))); };
  EXPECT_EQ(wrong("SUMMARY:a"), "line 3: found an event without DTSTART, expected when it begins");
  EXPECT_EQ(wrong("DTSTART;VALUE=DATE:20260229"),
            "line 5: DTSTART: found \"20260229\", expected a date such as 20261225, or a time such as "
            "20261225T090000 or 20261225T080000Z");
  for (const auto* text : {"20261225T", "20261225T250000", "20261332", "2026-12-25", "99999999", "20261225Z",
                           "", "20261225T0900", " 20261225", "abc"})
    EXPECT_THAT(wrong(fmt::format("DTSTART:{}", text)), HasSubstr("line 5: DTSTART: found ")) << text;
  EXPECT_THAT(wrong("DTSTART:20261225\nDURATION:-P1D"), HasSubstr("line 6: DURATION: found \"-P1D\""));
  EXPECT_THAT(wrong("DTSTART:20261225\nDURATION:P99999D"), HasSubstr("of 100 years at most"));
  EXPECT_THAT(wrong("DTSTART:20261225\nDTEND:20261225T090000"), HasSubstr("expected two of a kind"));
  EXPECT_THAT(wrong("DTSTART:20261225\nEXDATE:20261226,tomorrow"),
              HasSubstr("line 6: EXDATE: found \"tomorrow\""));
  EXPECT_THAT(of("DTSTART:20261225\nDTEND:20261224"),
              ElementsAre(HasSubstr("line 3: the event: found a DTEND")));
}

TEST(IcalFiles, ARuleThatNoneCanFollowIsRefused) {
  const auto wrong = [](const std::string& rule) {
    return refusal(calendar_of(event("DTSTART:20261225\nRRULE:" + rule)));
  };
  for (const auto* rule : {"", "FREQ=SOMETIMES", "BYMONTH=1", "FREQ=YEARLY;BYEASTER=0",
                           "FREQ=DAILY;COUNT=2;UNTIL=20261231", "FREQ=DAILY;COUNT=4294967297",
                           "FREQ=DAILY;INTERVAL=65537", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;UNTIL=tomorrow",
                           "FREQ=YEARLY;BYMONTH=14", "FREQ=DAILY;COUNT=-1", "RSCALE=HEBREW;FREQ=YEARLY"})
    EXPECT_THAT(wrong(rule), HasSubstr("line 6: RRULE: found ")) << rule;
}

// What would take for ever.
TEST(IcalFiles, WhatTakesTooLongIsRefused) {
  for (const auto* rule : {"FREQ=SECONDLY", "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "FREQ=HOURLY"})
    EXPECT_THAT(of(fmt::format("DTSTART:20261225T090000\nRRULE:{}", rule)),
                ElementsAre(HasSubstr("expected FREQ=DAILY, WEEKLY, MONTHLY or YEARLY")));
  EXPECT_THAT(of("DTSTART:20261225\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
              ElementsAre(HasSubstr("expected a rule that RFC 5545 allows and that a day matches")));
  EXPECT_THAT(of("DTSTART:20261225\nRRULE:FREQ=WEEKLY;BYMONTHDAY=1"),
              ElementsAre(HasSubstr("RFC 5545 allows")));
  std::string minutes = "0";
  for (int i = 1; i < 60; ++i) minutes += "," + std::to_string(i);
  EXPECT_THAT(of("DTSTART:20261225T090000\nRRULE:FREQ=DAILY;BYMINUTE=" + minutes + ";BYSECOND=" + minutes),
              ElementsAre(HasSubstr("expected a rule that takes less time")));
  EXPECT_THAT(of("DTSTART:16010101T090000\nRRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30;BYHOUR=1,2,3"),
              ElementsAre(HasSubstr("expected a rule that takes less time")));
  // Nothing ever matches, and that is soon known.
  EXPECT_THAT(of("DTSTART:20261225\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), ElementsAre("2026-12-25"));
  // On an all-day event the hours mean nothing.
  EXPECT_THAT(of("DTSTART:20261225\nRRULE:FREQ=DAILY;COUNT=2;BYMINUTE=" + minutes),
              ElementsAre("2026-12-25..2026-12-26"));
}

TEST(IcalFiles, HaveBounds) {
  std::string many;
  for (int i = 0; i <= 10'000; ++i) many += "BEGIN:VEVENT\nDTSTART:20261225\nEND:VEVENT\n";
  EXPECT_THAT(refusal(calendar_of(many)), HasSubstr("expected at most 10000"));
  std::string dates;
  for (int i = 0; i <= 100'000; ++i) dates += "20261225,";
  EXPECT_THAT(refusal(calendar_of(event("DTSTART:20261225\nRDATE:" + dates))), HasSubstr("more than 100000"));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "BEGIN:X\n";
  EXPECT_THAT(refusal(calendar_of(deep)), HasSubstr("components within components"));
}

}  // namespace
}  // namespace lamplighter::schedule
