#include "simcloud/fault.h"

#include <algorithm>
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
  FaultOf of;
};

constexpr std::array kKinds{
    KindName{"capacity", FaultKind::capacity, FaultOf::server},
    KindName{"no-host", FaultKind::no_host, FaultOf::server},
    KindName{"relapse", FaultKind::relapse, FaultOf::server},
    KindName{"stuck", FaultKind::stuck, FaultOf::server},
    KindName{"impaired", FaultKind::impaired, FaultOf::server},
    KindName{"impaired-volume", FaultKind::impaired_volume, FaultOf::server},
    KindName{"ringing", FaultKind::ringing, FaultOf::server},
    KindName{"protected", FaultKind::stop_protected, FaultOf::server},
    KindName{"one-time-spot", FaultKind::one_time_spot, FaultOf::server},
    KindName{"instance-store", FaultKind::instance_store, FaultOf::server},
    KindName{"denied", FaultKind::denied, FaultOf::server},
    KindName{"gone", FaultKind::gone, FaultOf::server},
    KindName{"missing", FaultKind::missing, FaultOf::server},
    KindName{"topic-missing", FaultKind::topic_missing, FaultOf::topic},
    KindName{"topic-denied", FaultKind::topic_denied, FaultOf::topic},
    KindName{"topic-key", FaultKind::topic_key, FaultOf::topic},
    KindName{"topic-throttled", FaultKind::topic_throttled, FaultOf::topic},
    KindName{"topic-lost", FaultKind::topic_lost, FaultOf::topic},
    KindName{"topic-unanswered", FaultKind::topic_unanswered, FaultOf::topic},
    KindName{"table-missing", FaultKind::table_missing, FaultOf::table},
    KindName{"table-denied", FaultKind::table_denied, FaultOf::table},
    KindName{"table-throttled", FaultKind::table_throttled, FaultOf::table},
    KindName{"table-unanswered", FaultKind::table_unanswered, FaultOf::table},
    KindName{"throttle", FaultKind::throttle, FaultOf::call},
    KindName{"error", FaultKind::error, FaultOf::call},
    KindName{"reset", FaultKind::reset, FaultOf::call},
};

/// "capacity, relapse or missing": the kinds of a server, a topic, a table or a call.
std::string kinds(FaultOf of) {
  std::vector<std::string_view> names;
  for (const KindName& kind : kKinds) {
    if (kind.of == of) names.push_back(kind.name);
  }
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

tl::unexpected<Error> invalid(std::string_view text, std::string_view why) {
  return fail(
      ErrorKind::bad_input, "InvalidFault",
      fmt::format("fault \"{}\": {}; expected {} with a server's name (capacity:test4), {} with a "
                  "topic's (topic-denied:mailme), {} with a table's (table-denied:leases), or {} with "
                  "a probability (throttle:0.1), each optionally with *N for the first N times "
                  "(capacity:test4*2)",
                  text.substr(0, 100), why, kinds(FaultOf::server), kinds(FaultOf::topic),
                  kinds(FaultOf::table), kinds(FaultOf::call)));
}

std::string_view argument_of(FaultOf of) {
  switch (of) {
    case FaultOf::server:
      return "server";
    case FaultOf::topic:
      return "topic";
    case FaultOf::table:
      return "table";
    case FaultOf::call:
      break;
  }
  return "probability";
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

FaultOf fault_of(FaultKind kind) {
  return std::find_if(kKinds.begin(), kKinds.end(), [&](const KindName& name) { return name.kind == kind; })
      ->of;
}

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
  if (argument.empty()) return invalid(text, fmt::format("its {} is missing", argument_of(kind->of)));
  if (kind->of != FaultOf::call) {
    fault.server = argument;
    return fault;
  }
  const auto probability = parse_probability(argument);
  if (!probability) return invalid(text, "a probability is a number from 0 to 1");
  fault.probability = *probability;
  return fault;
}

}  // namespace lamplighter::simcloud
