#include "run/fleets_in_force.h"

#include <optional>

#include <fmt/format.h>

#include "json/reader.h"
#include "run/keeps_end.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::run {
namespace {

/// Error: it is no input of a keep's end.
Result<std::string> renewed(const fleet::Fleet& fleet, const std::string& text) {
  json::value input = TRY(parse_json(text));
  const auto fields = TRY(Reader::of(input, "input", "InvalidInput"));
  auto occurrence = TRY(tasks::read_occurrence(fields));
  if (!occurrence || !occurrence->ends) return fields.unexpected(tasks::kOccurrence, "that of a keep's end");
  tasks::Override keep;
  keep.environments = TRY(fields.optional_texts("environments"));
  keep.made = occurrence->ends->made;
  keep.undone = occurrence->ends->undone;
  keep.until = occurrence->due;
  occurrence->ends = TRY(end_of(fleet, keep));
  add_to(input.as_object(), *occurrence);
  return json_text(input);
}

}  // namespace

void FleetsInForce::know(const fleet::Fleet& fleet) {
  const MutexLock lock(mutex_);
  for (const auto action : {tasks::Action::start, tasks::Action::stop})
    fleets_.insert_or_assign(fmt::format("{}-{}", fleet.name, tasks::to_string(action)), fleet);
}

std::string FleetsInForce::input_now(const std::string& machine_arn, const std::string& input) const {
  std::optional<fleet::Fleet> fleet;
  {
    const MutexLock lock(mutex_);
    const auto found = fleets_.find(machine_arn.substr(machine_arn.rfind(':') + 1));
    if (found != fleets_.end()) fleet = found->second;
  }
  return fleet ? renewed(*fleet, input).value_or(input) : input;
}

}  // namespace lamplighter::run
