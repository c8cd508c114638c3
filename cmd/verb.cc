#include "cmd/verb.h"

#include <cstdio>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "fleet/parse.h"

namespace lamplighter::cmd {

int report_error(const Error& error) {
  fmt::print(stderr, "lamplighter: {}\n", error.message);
  switch (error.kind) {
    case ErrorKind::bad_input:
      return ExitCode::bad_input;
    case ErrorKind::aws:
      return ExitCode::no_aws;
    case ErrorKind::internal:
      break;
  }
  return ExitCode::aborted;
}

Result<fleet::Fleet> load_fleet(const std::string& path, const std::string& region) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file)
    return fail(ErrorKind::bad_input, "InvalidFleet", fmt::format("can't read the fleet file {}", path));
  auto parsed = fleet::parse(text, region);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  std::string message = fmt::format("{} has {} error(s)", path, parsed.errors.size());
  for (const fleet::Diagnostic& error : parsed.errors) {
    message += fmt::format("\n{}:{}:{}: {}", path, error.line, error.column, error.message);
  }
  return fail(ErrorKind::bad_input, "InvalidFleet", message);
}

}  // namespace lamplighter::cmd
