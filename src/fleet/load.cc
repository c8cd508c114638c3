#include "fleet/load.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/read_input.h"
#include "base/words.h"
#include "fleet/regions.h"
#include "fleet/schedule_days.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxFile = std::size_t{2} << 20;  // past what a fleet file may have: the parser says so

Status check_region(const std::string& region) {
  if (std::binary_search(regions().begin(), regions().end(), region)) return {};
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --region {}{}, expected a region of AWS such as us-east-1", region,
                          did_you_mean(region, regions())));
}

/// That its days can be worked out, now and not only when a schedule is due.
Status check_days(const schedule::Ical& ical) {
  const auto today = std::chrono::floor<std::chrono::days>(SystemClock().now());
  const std::chrono::local_days day(today.time_since_epoch());
  CHECK_OK(schedule::days_of(ical, schedule::Zone(), {day, day + kCalendarReach}));
  return {};
}

}  // namespace

std::string ical_path(const std::string& fleet_file, const std::string& ical_file) {
  if (fleet_file == "-") return ical_file;
  return (std::filesystem::path(fleet_file).parent_path() / ical_file).string();
}

Result<std::string> ical_text(const std::string& path) {
  auto text = TRY(read_file(path, schedule::kMaxIcal + 1));
  if (text) return *std::move(text);
  return fail(ErrorKind::bad_input, "UnreadableFile", path + ": there is no such file");
}

Result<schedule::Ical> ical_of(const std::string& text, const std::string& path) {
  auto ical = schedule::read_ical(text);
  if (!ical) return tl::unexpected(with_context(ical.error(), path));
  if (const auto checked = check_days(*ical); !checked)
    return tl::unexpected(with_context(checked.error(), path));
  return ical;
}

IcalReader ical_reader(const std::string& fleet_file) {
  return [fleet_file](const std::string& ical_file) -> Result<schedule::Ical> {
    const std::string path = ical_path(fleet_file, ical_file);
    return ical_of(TRY(ical_text(path)), path);
  };
}

Result<Fleet> load(const std::string& path, const std::string& region) {
  if (!region.empty()) CHECK_OK(check_region(region));
  const auto text = read_input(path, kMaxFile);
  if (!text) {
    return fail(ErrorKind::bad_input, "InvalidFleet",
                fmt::format("can't read the fleet file {}: say -f FILE (examples/ has two)",
                            path == "-" ? path : text.error().message));
  }
  return read(*text, path, region);
}

Result<Fleet> read(const std::string& text, const std::string& path, const std::string& region) {
  return read(text, path, region, ical_reader(path));
}

Result<Fleet> read(const std::string& text, const std::string& path, const std::string& region,
                   const IcalReader& read_ical) {
  auto parsed = parse(text, region, read_ical);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  std::string message = fmt::format("{} has {}", path, count_of(parsed.errors.size(), "error"));
  for (const Diagnostic& error : parsed.errors) {
    message += fmt::format("\n{}:{}:{}: {}", path, error.line, error.column, error.message);
  }
  return fail(ErrorKind::bad_input, "InvalidFleet", message);
}

}  // namespace lamplighter::fleet
