// Schedule expressions of EventBridge Scheduler: cron(…), rate(…) and at(…), as data.
#pragma once

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace lamplighter::schedule {

/// When a cron expression is due: every minute that is in all of its fields. One of `days_of_month` and
/// `days_of_week` is absent ("?").
struct Cron {
  struct DaysOfMonth {
    std::bitset<32> days;                ///< 1 to 31
    bool last = false;                   ///< L
    std::optional<int> nearest_weekday;  ///< 15W; 0 for LW
  };
  struct DaysOfWeek {
    std::bitset<8> days;  ///< 1 (Sunday) to 7
    int nth = 0;          ///< MON#2: the second of the month; 0: each
    bool last = false;    ///< FRIL: the last of the month
  };
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::optional<DaysOfMonth> days_of_month;
  std::bitset<13> months;  ///< 1 to 12
  std::optional<DaysOfWeek> days_of_week;
  std::bitset<230> years;  ///< since 1970, to 2199
};

struct Rate {
  std::chrono::minutes every{0};
};

/// A moment on the schedule's own time zone's clock.
struct At {
  std::chrono::local_time<std::chrono::seconds> time;
};

using Expression = std::variant<Cron, Rate, At>;

/// The part in the parentheses: "0 6 ? * MON-FRI *". Error: bad_input "InvalidSchedule", naming the field.
Result<Cron> parse_cron(std::string_view fields);
/// "12 hours".
Result<Rate> parse_rate(std::string_view text);
/// "2026-12-24T06:00:00".
Result<At> parse_at(std::string_view text);

/// "cron(0 6 ? * MON-FRI *)", "rate(12 hours)" or "at(2026-12-24T06:00:00)".
Result<Expression> parse_expression(std::string_view text);

}  // namespace lamplighter::schedule
