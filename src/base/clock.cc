#include "base/clock.h"

#include <cmath>
#include <ctime>
#include <thread>

#include <fmt/format.h>

namespace lamplighter {
namespace {

using std::chrono::duration_cast;

Time wall_now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

/// Since the machine was started, its sleep included.
std::chrono::nanoseconds since_boot() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

/// Takes exactly `digits` digits from the front of `text`; -1 where they are not there.
int take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return -1;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// ".123456789" → 123 ms; nullopt-like -1 where it is malformed. No fraction is 0.
int take_fraction(std::string_view& text) {
  if (!take(text, ".")) return 0;
  int millis = 0;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 3) millis = millis * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0 || digits > 9) return -1;
  for (; digits < 3; ++digits) millis *= 10;
  return millis;
}

/// "Z" or "+01:30" as minutes east of UTC; false where it is neither.
bool take_offset(std::string_view& text, std::chrono::minutes& offset) {
  offset = std::chrono::minutes{0};
  if (take(text, "Z")) return true;
  const bool west = !text.empty() && text.front() == '-';
  if (!take(text, "+-")) return false;
  const int hours = take_digits(text, 2);
  if (!take(text, ":")) return false;
  const int minutes = take_digits(text, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return false;
  offset = std::chrono::minutes{(west ? -1 : 1) * (hours * 60 + minutes)};
  return true;
}

}  // namespace

SystemClock::SystemClock(double speed)
    : speed_(speed), started_(wall_now()), started_since_boot_(since_boot()) {}

Time SystemClock::now() const { return speed_ == 1.0 ? wall_now() : steady(); }

Time SystemClock::steady() const {
  const std::chrono::duration<double> passed = since_boot() - started_since_boot_;
  return started_ + duration_cast<Duration>(passed * speed_);
}

void SystemClock::sleep(Duration duration) {
  if (duration > Duration::zero()) {
    std::this_thread::sleep_for(std::chrono::duration<double, std::milli>(duration) / speed_);
  }
}

std::string format_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Result<Time> parse_time(std::string_view text) {
  const std::string_view whole = text;
  const auto bad = [&] {
    return fail(ErrorKind::bad_input, "InvalidTimestamp",
                fmt::format("found \"{}\", expected an RFC 3339 timestamp such as 2026-11-24T06:00:00Z",
                            whole.substr(0, 64)));
  };
  const int year = take_digits(text, 4);
  const bool dash1 = take(text, "-");
  const int month = take_digits(text, 2);
  const bool dash2 = take(text, "-");
  const int day = take_digits(text, 2);
  const bool separator = take(text, "T");
  const int hour = take_digits(text, 2);
  const bool colon1 = take(text, ":");
  const int minute = take_digits(text, 2);
  const bool colon2 = take(text, ":");
  const int second = take_digits(text, 2);
  if (!(dash1 && dash2 && separator && colon1 && colon2) || year < 0 || month < 0 || day < 0) return bad();
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return bad();
  const int millis = take_fraction(text);
  std::chrono::minutes offset{};
  if (millis < 0 || !take_offset(text, offset) || !text.empty()) return bad();
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return bad();
  return Time{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + Duration{millis} - offset;
}

}  // namespace lamplighter
