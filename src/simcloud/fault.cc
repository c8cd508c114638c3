#include "simcloud/fault.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::simcloud {
namespace {

struct KindName {
  std::string_view name;
  FaultKind kind;
  bool of_server;
};

constexpr std::array<KindName, 15> kKinds{{{"capacity", FaultKind::capacity, true},
                                           {"no-host", FaultKind::no_host, true},
                                           {"relapse", FaultKind::relapse, true},
                                           {"stuck", FaultKind::stuck, true},
                                           {"impaired", FaultKind::impaired, true},
                                           {"impaired-volume", FaultKind::impaired_volume, true},
                                           {"protected", FaultKind::stop_protected, true},
                                           {"one-time-spot", FaultKind::one_time_spot, true},
                                           {"instance-store", FaultKind::instance_store, true},
                                           {"denied", FaultKind::denied, true},
                                           {"gone", FaultKind::gone, true},
                                           {"missing", FaultKind::missing, true},
                                           {"throttle", FaultKind::throttle, false},
                                           {"error", FaultKind::error, false},
                                           {"reset", FaultKind::reset, false}}};

/// "capacity, relapse or missing": the kinds of a server, or those of a call.
std::string kinds(bool of_server) {
  std::vector<std::string_view> names;
  for (const KindName& kind : kKinds) {
    if (kind.of_server == of_server) names.push_back(kind.name);
  }
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

tl::unexpected<Error> invalid(std::string_view text, std::string_view why) {
  return fail(ErrorKind::bad_input, "InvalidFault",
              fmt::format("fault \"{}\": {}; expected {} with a server's name (capacity:test4), or {} with a "
                          "probability (throttle:0.1), each optionally with *N for the first N times "
                          "(capacity:test4*2)",
                          text.substr(0, 100), why, kinds(true), kinds(false)));
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
