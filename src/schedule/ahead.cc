#include "schedule/ahead.h"

#include <map>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::schedule {
namespace {

constexpr int kMinutesOfDay = 24 * 60;

/// Times of the day that a cron expression can say: each of the minutes in each of the hours.
struct Times {
  bool day_before = false;
  std::set<int> hours;
  std::set<int> minutes;
};

/// The expression's times, so much earlier.
std::vector<Times> times_ahead(const Cron& cron, int ahead) {
  std::map<std::pair<bool, int>, std::set<int>> hours_of;  // by the minute
  for (int hour = 0; hour < 24; ++hour) {
    for (int minute = 0; minute < 60; ++minute) {
      if (!cron.hours.test(static_cast<std::size_t>(hour)) ||
          !cron.minutes.test(static_cast<std::size_t>(minute)))
        continue;
      const int earlier = hour * 60 + minute - ahead;
      const int of_day = (earlier + kMinutesOfDay) % kMinutesOfDay;
      hours_of[{earlier < 0, of_day % 60}].insert(of_day / 60);
    }
  }
  std::map<std::pair<bool, std::set<int>>, std::set<int>> minutes_of;  // by the hours
  for (const auto& [at, hours] : hours_of) minutes_of[{at.first, hours}].insert(at.second);
  std::vector<Times> all;
  all.reserve(minutes_of.size());
  for (const auto& [of, minutes] : minutes_of) all.push_back({of.first, of.second, minutes});
  return all;
}

template <std::size_t N>
std::set<int> members(const std::bitset<N>& bits) {
  std::set<int> found;
  for (std::size_t i = 0; i < N; ++i) {
    if (bits.test(i)) found.insert(static_cast<int>(i));
  }
  return found;
}

/// "*" for all of them.
std::string field(const std::set<int>& members, std::size_t all) {
  return members.size() == all ? "*" : fmt::format("{}", fmt::join(members, ","));
}

std::string day_of_month(const Cron& cron) {
  if (!cron.days_of_month) return "?";
  const auto& days = *cron.days_of_month;
  std::vector<std::string> parts;
  if (days.days.any()) parts.push_back(field(members(days.days), 31));
  if (days.last) parts.emplace_back("L");
  if (days.nearest_weekday)
    parts.push_back(*days.nearest_weekday == 0 ? "LW" : fmt::format("{}W", *days.nearest_weekday));
  return fmt::format("{}", fmt::join(parts, ","));
}

std::string day_of_week(const std::set<int>& days, const Cron::DaysOfWeek& of) {
  std::string text = field(days, 7);
  if (of.nth != 0) text += fmt::format("#{}", of.nth);
  return of.last ? text + "L" : text;
}

/// Which days, and the days before them.
Result<std::pair<std::string, std::string>> days_of(const Cron& cron, bool day_before) {
  const auto& week = cron.days_of_week;
  if (!day_before)
    return std::pair(day_of_month(cron), week ? day_of_week(members(week->days), *week) : std::string("?"));
  const bool at_any_time = cron.months.count() == 12 && cron.years.all();
  if (at_any_time && day_of_month(cron) == "*") return std::pair(std::string("*"), std::string("?"));
  if (!at_any_time || !week || week->nth != 0 || week->last) {
    return fail(ErrorKind::bad_input, "NoEarlierExpression",
                "no cron expression says the days before these: name days of the week in all months, a later "
                "time of the day, or less time ahead");
  }
  std::set<int> before;
  for (const int day : members(week->days)) before.insert(day == 1 ? 7 : day - 1);
  return std::pair(std::string("?"), day_of_week(before, *week));
}

std::string years(const Cron& cron) {
  if (cron.years.all()) return "*";
  std::set<int> named;
  for (const int year : members(cron.years)) named.insert(1970 + year);
  return field(named, cron.years.size());
}

Result<std::vector<std::string>> ahead_of(const Cron& cron, std::chrono::minutes ahead) {
  std::vector<std::string> expressions;
  for (const Times& times : times_ahead(cron, static_cast<int>(ahead.count()))) {
    const auto [of_month, of_week] = TRY(days_of(cron, times.day_before));
    expressions.push_back(fmt::format("cron({} {} {} {} {} {})", field(times.minutes, 60),
                                      field(times.hours, 24), of_month, field(members(cron.months), 12),
                                      of_week, years(cron)));
  }
  return expressions;
}

}  // namespace

Result<std::vector<std::string>> ahead_of(const Expression& expression, std::chrono::minutes ahead) {
  if (const auto* cron = std::get_if<Cron>(&expression)) return ahead_of(*cron, ahead);
  if (const auto* rate = std::get_if<Rate>(&expression)) {
    const auto every = rate->every.count();
    return std::vector{fmt::format("rate({} minute{})", every, every == 1 ? "" : "s")};
  }
  const auto time = std::get<At>(expression).time - ahead;
  return std::vector{fmt::format("at({:%Y-%m-%dT%H:%M:%S})",
                                 fmt::gmtime(std::chrono::sys_seconds(time.time_since_epoch())))};
}

}  // namespace lamplighter::schedule
