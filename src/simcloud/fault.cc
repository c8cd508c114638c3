#include "simcloud/fault.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace lamplighter::simcloud {
namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
  bool of_server;
};

constexpr std::array<KindName, 8> kKinds{{{"capacity", FaultKind::capacity, true},
                                          {"relapse", FaultKind::relapse, true},
                                          {"stuck", FaultKind::stuck, true},
                                          {"impaired", FaultKind::impaired, true},
                                          {"missing", FaultKind::missing, true},
                                          {"throttle", FaultKind::throttle, false},
                                          {"error", FaultKind::error, false},
                                          {"reset", FaultKind::reset, false}}};

tl::unexpected<Error> invalid(std::string_view text, std::string_view why) {
  return fail(
      ErrorKind::bad_input, "InvalidFault",
      fmt::format(
          "fault \"{}\": {}; expected capacity, relapse, stuck, impaired or missing with a server's name "
          "(capacity:test4), or throttle, error or reset with a probability (throttle:0.1), each "
          "optionally with *N for the first N times (capacity:test4*2)",
          text.substr(0, 100), why));
}

std::optional<double> parse_probability(std::string_view text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 1))
    return std::nullopt;
  return value;
}

std::optional<int> parse_times(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

}  // namespace

Result<Fault> parse_fault(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return invalid(text, "it has no ':'");
  const KindName* kind = nullptr;
  for (const KindName& known : kKinds) {
    if (known.name == text.substr(0, colon)) kind = &known;
  }
  if (kind == nullptr)
    return invalid(text,
                   fmt::format("there is no kind \"{}\"", text.substr(0, std::min<std::size_t>(colon, 40))));

  Fault fault;
  fault.kind = kind->kind;
  std::string_view argument = text.substr(colon + 1);
  if (const auto star = argument.rfind('*'); star != std::string_view::npos) {
    const auto times = parse_times(argument.substr(star + 1));
    if (!times) return invalid(text, "what follows '*' is not a number of times");
    fault.times = *times;
    argument = argument.substr(0, star);
  }
  if (argument.empty())
    return invalid(text, kind->of_server ? "the server's name is missing" : "the probability is missing");
  if (kind->of_server) {
    fault.server = argument;
    return fault;
  }
  const auto probability = parse_probability(argument);
  if (!probability) return invalid(text, "a probability is a number from 0 to 1");
  fault.probability = *probability;
  return fault;
}

}  // namespace lamplighter::simcloud
