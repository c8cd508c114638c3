#include "fleet/load.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.h"
#include "base/read_input.h"
#include "base/words.h"
#include "fleet/parse.h"
#include "fleet/regions.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxFile = std::size_t{2} << 20;  // past what a fleet file may have: the parser says so

Status check_region(const std::string& region) {
  if (std::binary_search(regions().begin(), regions().end(), region)) return {};
  return fail(ErrorKind::bad_input, "Usage",
              fmt::format("found --region {}{}, expected a region of AWS such as us-east-1", region,
                          did_you_mean(region, regions())));
}

}  // namespace

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
  auto parsed = parse(text, region);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  std::string message = fmt::format("{} has {}", path, count_of(parsed.errors.size(), "error"));
  for (const Diagnostic& error : parsed.errors) {
    message += fmt::format("\n{}:{}:{}: {}", path, error.line, error.column, error.message);
  }
  return fail(ErrorKind::bad_input, "InvalidFleet", message);
}

}  // namespace lamplighter::fleet
