// Days, weeks and months of the Gregorian calendar in UTC, as JavaScript's Date counts them. Times are
// milliseconds since 1970 as doubles; NaN is no time.
#pragma once

namespace lamplighter::jsonata {

constexpr double kMillisecondsInDay = 86'400'000;

struct CivilTime {
  double year, month, day, hour, minute, second, millisecond;  ///< month and day from 1
  double weekday;                                              ///< 1 is Monday, 7 is Sunday
};

/// All parts are NaN where `milliseconds` is no time that a Date can hold.
CivilTime civil_time(double milliseconds);

/// Date.UTC: parts beyond their range carry over; the years 0 to 99 mean 1900 to 1999. `month` from 0.
double utc_milliseconds(double year, double month, double day = 1, double hour = 0, double minute = 0,
                        double second = 0, double millisecond = 0);

double day_of_year(const CivilTime& time);
/// ISO 8601 weeks: the first is the one with the year's (or month's) first Thursday.
double week_of_year(const CivilTime& time);
double week_of_month(const CivilTime& time);
/// The year (or month, from 1) that the week belongs to.
double year_of_week(const CivilTime& time, double milliseconds);
double month_of_week(const CivilTime& time, double milliseconds);

}  // namespace lamplighter::jsonata
