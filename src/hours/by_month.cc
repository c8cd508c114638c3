#include "hours/by_month.h"

namespace lamplighter::hours {
namespace {

constexpr std::size_t kMonthOfDate = 7;  // "2026-11"

bool is_same_environment(const Row& one, const Row& other) {
  return one.fleet == other.fleet && one.environment == other.environment;
}

void add(Row& month, const Row& day) {
  month.length += day.length;
  month.hours.running += day.hours.running;
  month.hours.stopped += day.hours.stopped;
}

}  // namespace

std::vector<Row> by_month(const std::vector<Row>& days, std::size_t months) {
  std::vector<Row> all;
  for (const Row& day : days) {
    const std::string month = day.day.substr(0, kMonthOfDate);
    if (all.empty() || !is_same_environment(all.back(), day) || all.back().day != month)
      all.push_back({day.fleet, day.environment, month, {}, {}});
    add(all.back(), day);
  }
  std::vector<Row> latest;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool has_later = i + months < all.size() && is_same_environment(all[i], all[i + months]);
    if (!has_later) latest.push_back(all[i]);
  }
  return latest;
}

}  // namespace lamplighter::hours
