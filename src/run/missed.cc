#include "run/missed.h"

#include <array>

namespace lamplighter::run {
namespace {

using scheduler::Missed;

struct Reason {
  Missed::Why why;
  std::string_view name;
  std::string_view words;
};
constexpr std::array<Reason, 3> kReasons{{
    {Missed::Why::too_late, "too late", "older than it may be to be made up for"},
    {Missed::Why::superseded, "superseded", "a later occurrence counts"},
    {Missed::Why::failed, "failed", "it could not be started"},
}};

const Reason& reason_of(Missed::Why why) { return kReasons.at(static_cast<std::size_t>(why)); }

}  // namespace

json::object to_json(const scheduler::MissedRecord& record) {
  const Missed& missed = record.missed;
  return {{"fleet", record.fleet},
          {"schedule", missed.schedule},
          {"first", format_time(missed.first)},
          {"last", format_time(missed.last)},
          {"count", missed.count},
          {"more", missed.more},
          {"why", json::string(reason_of(missed.why).name)},
          {"recorded", format_time(record.recorded)}};
}

std::optional<scheduler::MissedRecord> read_missed(const json::value& value) {
  const auto first = parse_time(get_string(value, "first"));
  const auto last = parse_time(get_string(value, "last"));
  const auto recorded = parse_time(get_string(value, "recorded"));
  const std::string why = get_string(value, "why");
  if (!first || !last || !recorded) return std::nullopt;
  for (const Reason& reason : kReasons) {
    if (reason.name != why) continue;
    return scheduler::MissedRecord{get_string(value, "fleet"),
                                   *recorded,
                                   {get_string(value, "schedule"), *first, *last, get_int(value, "count", 1),
                                    get_bool(value, "more"), reason.why}};
  }
  return std::nullopt;
}

std::string_view words_of(Missed::Why why) { return reason_of(why).words; }

}  // namespace lamplighter::run
