#include "fleet/load.h"

#include <fmt/format.h>

#include "base/read_input.h"
#include "fleet/parse.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxFile = std::size_t{2} << 20;  // past what a fleet file may have: the parser says so

}  // namespace

Result<Fleet> load(const std::string& path, const std::string& region) {
  const auto text = read_input(path, kMaxFile);
  if (!text) {
    return fail(ErrorKind::bad_input, "InvalidFleet",
                fmt::format("can't read the fleet file {}: say -f FILE (examples/ has two)",
                            path == "-" ? path : text.error().message));
  }
  auto parsed = parse(*text, region);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  const std::size_t count = parsed.errors.size();
  std::string message = fmt::format("{} has {} error{}", path, count, count == 1 ? "" : "s");
  for (const Diagnostic& error : parsed.errors) {
    message += fmt::format("\n{}:{}:{}: {}", path, error.line, error.column, error.message);
  }
  return fail(ErrorKind::bad_input, "InvalidFleet", message);
}

}  // namespace lamplighter::fleet
