#include "schedule/occurrence.h"

#include <algorithm>

#include "schedule/time_zone.h"

namespace lamplighter::schedule {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::year_month_day;
using LocalTime = std::chrono::local_time<std::chrono::seconds>;

constexpr int kFirstYear = 1970;  // of Cron::years

local_days new_year(int year) {
  return local_days(std::chrono::year(year) / std::chrono::January / std::chrono::day(1));
}

unsigned last_day(const year_month_day& date) {
  return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

unsigned weekday_of(const year_month_day& date) {
  return std::chrono::weekday(local_days(date)).c_encoding() + 1;  // 1 is Sunday
}

/// The weekday nearest to the day (0: to the month's last), without leaving the month.
unsigned nearest_weekday(const year_month_day& date, int day) {
  const unsigned last = last_day(date);
  if (static_cast<unsigned>(day) > last) return 0;  // this month has no such day
  const unsigned wanted = day == 0 ? last : static_cast<unsigned>(day);
  const unsigned weekday = weekday_of(date.year() / date.month() / std::chrono::day(wanted));
  if (weekday == 7) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (weekday == 1) return wanted < last ? wanted + 1 : wanted - 2;
  return wanted;
}

bool matches(const Cron::DaysOfMonth& days_of_month, const year_month_day& date) {
  const auto day = static_cast<unsigned>(date.day());
  return days_of_month.days.test(day) || (days_of_month.last && day == last_day(date)) ||
         (days_of_month.nearest_weekday && day == nearest_weekday(date, *days_of_month.nearest_weekday));
}

bool matches(const Cron::DaysOfWeek& days_of_week, const year_month_day& date) {
  const auto day = static_cast<unsigned>(date.day());
  return days_of_week.days.test(weekday_of(date)) &&
         (days_of_week.nth == 0 || (day - 1) / 7 + 1 == static_cast<unsigned>(days_of_week.nth)) &&
         (!days_of_week.last || day + 7 > last_day(date));
}

bool matches(const Cron& cron, const year_month_day& date) {
  return (!cron.days_of_month || matches(*cron.days_of_month, date)) &&
         (!cron.days_of_week || matches(*cron.days_of_week, date));
}

/// The first day from `day` on whose year and month are in the cron expression's; `end` where there is none.
local_days skip_to_month(const Cron& cron, local_days day, local_days end) {
  while (day < end) {
    const year_month_day date(day);
    if (!cron.years.test(static_cast<std::size_t>(int{date.year()} - kFirstYear))) {
      day = new_year(int{date.year()} + 1);
    } else if (!cron.months.test(static_cast<unsigned>(date.month()))) {
      day = local_days((date.year() / date.month() + std::chrono::months(1)) / 1);
    } else {
      return day;
    }
  }
  return end;
}

/// The day's first moment after `after`, when the zone's clock showed `shown`, at which the cron expression's
/// hours and minutes are due.
std::optional<Time> next_of_day(const Cron& cron, const Zone& zone, local_days day, Time after,
                                LocalTime shown) {
  for (std::size_t hour = 0; hour < cron.hours.size(); ++hour) {
    if (!cron.hours.test(hour) || day + std::chrono::hours(hour + 1) <= shown) continue;
    for (std::size_t minute = 0; minute < cron.minutes.size(); ++minute) {
      const LocalTime local = day + std::chrono::hours(hour) + std::chrono::minutes(minute);
      if (!cron.minutes.test(minute) || local < shown) continue;
      const auto time = zone.to_utc(local);
      if (time && *time > after) return time;
    }
  }
  return std::nullopt;
}

std::optional<Time> next(const Cron& cron, const Zone& zone, Time after) {
  const local_days first = new_year(kFirstYear);
  const local_days end = new_year(kFirstYear + static_cast<int>(cron.years.size()));
  // Local time grows with the time: what is due later on the zone's clock is due later. (Where the clock was
  // set back, what it shows again has been due.)
  const LocalTime shown = to_local(zone, after);
  local_days day = std::max(first, std::chrono::floor<days>(shown));
  for (; (day = skip_to_month(cron, day, end)) < end; day += days(1)) {
    if (!matches(cron, year_month_day(day))) continue;
    if (const auto time = next_of_day(cron, zone, day, after, shown)) return time;
  }
  return std::nullopt;
}

/// The first is due where the counting begins.
Time next(const Rate& rate, Time begin, Time after) {
  if (begin > after) return begin;
  const Duration every = rate.every;
  return begin + ((after - begin) / every + 1) * every;
}

}  // namespace

namespace {

/// Of the expression, whatever comes ahead of it.
std::optional<Time> next_named(const Rule& rule, const Zone& zone, Time after) {
  if (const auto* at = std::get_if<At>(&rule.expression)) {
    const auto time = zone.to_utc(at->time);
    return time && *time > after ? time : std::nullopt;
  }
  std::optional<Time> time;
  if (const auto* rate = std::get_if<Rate>(&rule.expression)) {
    time = next(*rate, rule.start.value_or(rule.known_since), after);
  } else {
    const Time from = rule.start ? std::max(after, *rule.start - Duration(1)) : after;
    time = next(std::get<Cron>(rule.expression), zone, from);
  }
  return time && rule.end && *time > *rule.end ? std::nullopt : time;
}

}  // namespace

std::optional<Time> next_occurrence(const Rule& rule, const Zone& zone, Time after) {
  const auto time = next_named(rule, zone, after + rule.ahead);
  return time ? std::optional(*time - rule.ahead) : time;
}

std::optional<Time> next_occurrence(const Rule& rule, Time after) {
  return next_occurrence(rule, *time_zone(rule.timezone), after);
}

}  // namespace lamplighter::schedule
