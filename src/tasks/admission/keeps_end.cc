#include "tasks/admission/keeps_end.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

bool stands(const std::vector<Override>& overrides, const WantedOccurrence& one) {
  const Occurrence occurrence{one.schedule, one.due};
  // An occurrence that was due before somebody said so was carried out.
  return std::none_of(overrides.begin(), overrides.end(),
                      [&](const auto& said) { return said.made <= one.due && leaves_out(said, occurrence); });
}

/// The latest of the environment; nullptr for none.
const WantedOccurrence* latest(const std::vector<Override>& overrides, const KeepsEnd& end,
                               const std::string& environment) {
  const auto found = std::find_if(end.wanted.begin(), end.wanted.end(), [&](const auto& one) {
    const auto& names = one.environments;
    return std::find(names.begin(), names.end(), environment) != names.end() && stands(overrides, one);
  });
  return found == end.wanted.end() ? nullptr : &*found;
}

}  // namespace

Ruling ruling_at_end(const std::vector<Override>& overrides, const Decision& decision) {
  const KeepsEnd& end = *decision.occurrence->ends;
  const auto skipped = [](std::string why) { return Ruling{Ruling::Kind::skipped, std::move(why)}; };
  const WantedOccurrence* last = latest(overrides, end, decision.environment);
  if (last == nullptr) {
    if (end.undone) return {};
    return skipped(fmt::format("no schedule wants it {} by then", kept_word(decision.action)));
  }
  if (last->action != decision.action)
    return skipped(fmt::format("\"{}\" wants it {} by then", last->schedule, kept_word(last->action)));
  if (last->due >= decision.occurrence->due)
    return skipped(fmt::format("\"{}\" does so itself", last->schedule));
  return {};
}

}  // namespace lamplighter::tasks
