#include "fleet/load.h"

#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "fleet/parse.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxFile = std::size_t{2} << 20;  // past what a fleet file may have: the parser says so

/// A file's text, or standard input's for "-".
Result<std::string> read_input(const std::string& path) {
  std::ifstream file;
  if (path != "-") file.open(path, std::ios::binary);
  std::istream& in = path == "-" ? std::cin : file;
  std::string text(kMaxFile, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(kMaxFile));
  if (in.bad() || (!in && !in.eof())) {
    return fail(ErrorKind::bad_input, "InvalidFleet",
                fmt::format("can't read the fleet file {}: say -f FILE (examples/ has two)", path));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

}  // namespace

Result<Fleet> load(const std::string& path, const std::string& region) {
  const std::string text = TRY(read_input(path));
  auto parsed = parse(text, region);
  if (parsed.errors.empty()) return std::move(parsed.fleet);
  const std::size_t count = parsed.errors.size();
  std::string message = fmt::format("{} has {} error{}", path, count, count == 1 ? "" : "s");
  for (const Diagnostic& error : parsed.errors) {
    message += fmt::format("\n{}:{}:{}: {}", path, error.line, error.column, error.message);
  }
  return fail(ErrorKind::bad_input, "InvalidFleet", message);
}

}  // namespace lamplighter::fleet
