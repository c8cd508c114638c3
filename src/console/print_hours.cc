#include "console/print_hours.h"

#include <chrono>
#include <cstdio>

#include "console/print.h"

namespace lamplighter::console {
namespace {

double in_hours(Duration time) { return std::chrono::duration<double, std::ratio<3600>>(time).count(); }

std::int64_t in_seconds(Duration time) { return std::chrono::floor<std::chrono::seconds>(time).count(); }

}  // namespace

void print_hours(const std::vector<hours::Row>& rows) {
  print_line(stdout, "{:<24} {:<16} {:<10} {:>11} {:>11} {:>11}", "FLEET", "ENVIRONMENT", "DAY",
             "RUNNING (h)", "STOPPED (h)", "UNKNOWN (h)");
  for (const hours::Row& row : rows) {
    print_line(stdout, "{:<24} {:<16} {:<10} {:>11.1f} {:>11.1f} {:>11.1f}", row.fleet, row.environment,
               row.day, in_hours(row.hours.running), in_hours(row.hours.stopped), in_hours(row.unknown()));
  }
}

json::array to_json(const std::vector<hours::Row>& rows) {
  json::array array;
  for (const hours::Row& row : rows) {
    array.push_back({{"fleet", row.fleet},
                     {"environment", row.environment},
                     {row.day.size() == 7 ? "month" : "day", row.day},
                     {"running_seconds", in_seconds(row.hours.running)},
                     {"stopped_seconds", in_seconds(row.hours.stopped)},
                     {"unknown_seconds", in_seconds(row.unknown())}});
  }
  return array;
}

}  // namespace lamplighter::console
