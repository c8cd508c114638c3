#include "base/duration.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace lamplighter {
namespace {

struct Unit {
  std::string_view name;
  Duration length;
};

// Longest first; "ms" is looked up before "m" can match its first letter.
constexpr std::array<Unit, 5> kUnits{{{"d", std::chrono::hours{24}},
                                      {"h", std::chrono::hours{1}},
                                      {"m", std::chrono::minutes{1}},
                                      {"s", std::chrono::seconds{1}},
                                      {"ms", Duration{1}}}};
constexpr std::int64_t kMaxNumber = 1'000'000'000;

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto bad = [&] {
    return fail(
        ErrorKind::bad_input, "InvalidDuration",
        fmt::format("found \"{}\", expected a duration such as 90s, 10m or 1h30m", text.substr(0, 64)));
  };
  if (text == "0") return Duration::zero();
  Duration total{0};
  std::size_t next_unit = 0;
  std::string_view rest = text;
  if (rest.empty()) return bad();
  while (!rest.empty()) {
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || number < 0 || number > kMaxNumber || rest.front() == '-') return bad();
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const std::string_view name = rest.substr(0, rest.find_first_of("0123456789"));
    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (next_unit == kUnits.size()) return bad();
    total += number * kUnits[next_unit++].length;
    rest.remove_prefix(name.size());
  }
  return total;
}

std::string format_duration(Duration duration) {
  if (duration < Duration::zero()) return "-" + format_duration(-duration);
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const auto count = duration / unit.length; count > 0) {
      text += fmt::format("{}{}", count, unit.name);
      duration -= count * unit.length;
    }
  }
  return text.empty() ? "0s" : text;
}

}  // namespace lamplighter
