#include "jsonata/pictures/calendar.h"

#include <cmath>

#include "json/number_text.h"

namespace lamplighter::jsonata {
namespace {

constexpr double kLargest = 8.64e15;
constexpr double kMillisecondsInWeek = kMillisecondsInDay * 7;

double modulo(double a, double b) { return a - b * std::floor(a / b); }

// Days from 1970-01-01 to the first of a month (0 to 11). Counted in years that begin in March, so that the
// leap day is a year's last, and in cycles of 400 years.
double days_to_month(double year, double month) {
  const double from_march = modulo(month + 10, 12);
  const double march_year = month < 2 ? year - 1 : year;
  const double cycle = std::floor(march_year / 400);
  const double in_cycle = march_year - cycle * 400;
  const double day_of_march_year = std::floor((153 * from_march + 2) / 5);
  const double days =
      in_cycle * 365 + std::floor(in_cycle / 4) - std::floor(in_cycle / 100) + day_of_march_year;
  return cycle * 146097 + days - 719468;
}

struct Month {
  double year;
  double month;  // from 0

  [[nodiscard]] Month after(double months) const {
    const double all = year * 12 + month + months;
    return {std::floor(all / 12), modulo(all, 12)};
  }
  // The Monday of the first week.
  [[nodiscard]] double first_week() const {
    const double first = utc_milliseconds(year, month);
    const double weekday = civil_time(first).weekday;
    return weekday > 4 ? first + (8 - weekday) * kMillisecondsInDay
                       : first - (weekday - 1) * kMillisecondsInDay;
  }
};

double weeks_between(double start, double end) { return (end - start) / kMillisecondsInWeek + 1; }

// Which week of the period it is: of a year (`months` is 12) or of a month (1).
double week_in(Month period, double months, double longest, double today) {
  const double week = weeks_between(period.first_week(), today);
  if (week > longest && today >= period.after(months).first_week()) return 1;
  if (week < 1) return std::floor(weeks_between(period.after(-months).first_week(), today));
  return std::floor(week);
}

}  // namespace

CivilTime civil_time(double milliseconds) {
  const double time = std::fabs(milliseconds) <= kLargest ? std::trunc(milliseconds) : std::nan("");
  const double days = std::floor(time / kMillisecondsInDay);
  const double rest = time - days * kMillisecondsInDay;
  const double shifted = days + 719468;
  const double cycle = std::floor(shifted / 146097);
  const double in_cycle = shifted - cycle * 146097;
  const double year_in_cycle = std::floor((in_cycle - std::floor(in_cycle / 1460) +
                                           std::floor(in_cycle / 36524) - std::floor(in_cycle / 146096)) /
                                          365);
  const double day_of_year =
      in_cycle - (365 * year_in_cycle + std::floor(year_in_cycle / 4) - std::floor(year_in_cycle / 100));
  const double from_march = std::floor((5 * day_of_year + 2) / 153);
  CivilTime civil{};
  civil.month = from_march < 10 ? from_march + 3 : from_march - 9;
  civil.year = year_in_cycle + cycle * 400 + (civil.month <= 2 ? 1 : 0);
  civil.day = day_of_year - std::floor((153 * from_march + 2) / 5) + 1;
  civil.hour = std::floor(rest / 3'600'000);
  civil.minute = modulo(std::floor(rest / 60'000), 60);
  civil.second = modulo(std::floor(rest / 1000), 60);
  civil.millisecond = modulo(rest, 1000);
  civil.weekday = modulo(days + 3, 7) + 1;
  return civil;
}

double utc_milliseconds(double year, double month, double day, double hour, double minute, double second,
                        double millisecond) {
  for (const double part : {year, month, day, hour, minute, second, millisecond}) {
    if (!std::isfinite(part)) return std::nan("");
  }
  year = to_integer(year);
  if (year >= 0 && year <= 99) year += 1900;
  month = to_integer(month);
  const double days = days_to_month(year + std::floor(month / 12), modulo(month, 12)) + to_integer(day) - 1;
  const double time = days * kMillisecondsInDay + to_integer(hour) * 3'600'000 + to_integer(minute) * 60'000 +
                      to_integer(second) * 1000 + to_integer(millisecond);
  return std::fabs(time) <= kLargest ? time : std::nan("");
}

double day_of_year(const CivilTime& time) {
  const double today = utc_milliseconds(time.year, time.month - 1, time.day);
  return (today - utc_milliseconds(time.year, 0)) / kMillisecondsInDay + 1;
}

double week_of_year(const CivilTime& time) {
  return week_in({time.year, 0}, 12, 52, utc_milliseconds(time.year, time.month - 1, time.day));
}

double week_of_month(const CivilTime& time) {
  return week_in({time.year, time.month - 1}, 1, 4, utc_milliseconds(time.year, time.month - 1, time.day));
}

double year_of_week(const CivilTime& time, double milliseconds) {
  const Month year{time.year, 0};
  if (milliseconds < year.first_week()) return time.year - 1;
  return milliseconds >= year.after(12).first_week() ? time.year + 1 : time.year;
}

double month_of_week(const CivilTime& time, double milliseconds) {
  const Month month{time.year, time.month - 1};
  if (milliseconds < month.first_week()) return month.after(-1).month + 1;
  return milliseconds >= month.after(1).first_week() ? month.after(1).month + 1 : time.month;
}

}  // namespace lamplighter::jsonata
