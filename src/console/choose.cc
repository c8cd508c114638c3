#include "console/choose.h"

#include <charconv>
#include <cstdio>
#include <numeric>

#include <unistd.h>

#include "console/print.h"

namespace lamplighter::console {
namespace {

/// A line of standard input, without its end.
std::string read_line() {
  std::string line;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
    if (line.size() < 100) line += static_cast<char>(c);
  }
  return line;
}

}  // namespace

bool can_ask() { return isatty(STDIN_FILENO) == 1; }

std::vector<std::size_t> places_of(const std::string& answer, std::size_t count) {
  if (answer == "all") {
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), 0);
    return places;
  }
  std::size_t number = 0;
  const char* end = answer.data() + answer.size();
  const auto parsed = std::from_chars(answer.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number < 1 || number > count) return {};
  return {number - 1};
}

std::vector<std::size_t> choose(const std::vector<std::string>& choices) {
  for (std::size_t i = 0; i < choices.size(); ++i) print_line(stderr, "{:>4}  {}", i + 1, choices[i]);
  print_text(stderr, fmt::format("Which goes on? [1-{}, all; anything else: none] ", choices.size()));
  std::fflush(stderr);
  return places_of(read_line(), choices.size());
}

}  // namespace lamplighter::console
