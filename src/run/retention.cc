#include "run/retention.h"

#include <charconv>

#include <fmt/format.h>

#include "base/duration.h"

namespace lamplighter::run {
namespace {

using std::chrono::hours;

constexpr hours kLongest{24 * 3650};
constexpr std::uint64_t kMostMebibytes = std::uint64_t{1} << 24;  // 16 TiB

Result<hours> read_age(const std::string& text) {
  const auto age = parse_duration(text);
  if (age && *age >= hours{1} && *age <= kLongest) return std::chrono::duration_cast<hours>(*age);
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --keep-executions {}, expected a time from 1h to 3650d", text));
}

Result<std::uint64_t> read_size(const std::string& text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [unit, error] = std::from_chars(text.data(), end, number);
  const std::string_view suffix(unit, static_cast<std::size_t>(end - unit));
  const std::uint64_t mebibytes = suffix == "GiB" ? 1024 : suffix == "MiB" ? 1 : 0;
  const bool is_size =
      error == std::errc{} && mebibytes > 0 && number >= 1 && number <= kMostMebibytes / mebibytes;
  if (is_size) return (number * mebibytes) << 20;
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --keep-size {}, expected a size such as 500MiB or 1GiB", text));
}

}  // namespace

Result<std::optional<engine::Retention>> retention_of(const std::string& age, const std::string& size) {
  if (age.empty() && size.empty()) return std::nullopt;
  engine::Retention retention;
  if (!age.empty()) retention.age = TRY(read_age(age));
  if (!size.empty()) retention.bytes = TRY(read_size(size));
  return retention;
}

}  // namespace lamplighter::run
