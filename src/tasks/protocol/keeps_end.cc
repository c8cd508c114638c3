#include "tasks/protocol/keeps_end.h"

#include <utility>

#include <fmt/format.h>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

json::object to_json(const WantedOccurrence& one) {
  return {{"schedule", one.schedule},
          {"action", json::string(to_string(one.action))},
          {"due", format_time(one.due)},
          {"environments", json::value_from(one.environments)}};
}

Result<WantedOccurrence> read_wanted(const Reader& fields) {
  WantedOccurrence one;
  one.schedule = TRY(fields.nonempty_text("schedule"));
  one.action = TRY(read_action(fields));
  one.due = TRY(fields.time("due"));
  one.environments = TRY(fields.optional_texts("environments"));
  return one;
}

}  // namespace

json::object to_json(const KeepsEnd& end) {
  json::array wanted;
  for (const auto& one : end.wanted) wanted.push_back(to_json(one));
  return {{"made", format_time(end.made)}, {"undone", end.undone}, {"wanted", std::move(wanted)}};
}

Result<KeepsEnd> read_keeps_end(const Reader& fields) {
  KeepsEnd end;
  end.made = TRY(fields.time("made"));
  end.undone = TRY(fields.truth("undone"));
  for (const Reader& one : TRY(fields.objects("wanted"))) end.wanted.push_back(TRY(read_wanted(one)));
  if (end.wanted.size() <= kMostWanted) return end;
  return fields.unexpected("wanted", fmt::format("at most {} occurrences", kMostWanted));
}

}  // namespace lamplighter::tasks
