#include "tasks/admission/ruling.h"

#include <algorithm>

#include <fmt/format.h>

#include "tasks/admission/keeps_end.h"

namespace lamplighter::tasks {
namespace {

constexpr std::string_view kDoesItAllTheSame = " --override, with the fleet's file, does it all the same";

}  // namespace

bool leaves_out(const Override& one, const Occurrence& occurrence) {
  switch (one.kind) {
    case Override::Kind::keep:
      return false;
    case Override::Kind::skip:
      if (one.schedule != occurrence.schedule) return false;
      return one.occurrence ? *one.occurrence == occurrence.due : occurrence.due < one.until;
    case Override::Kind::pause:
      break;
  }
  return occurrence.due < one.until;
}

const Override* keep_of(const std::vector<Override>& overrides, const std::string& environment, Time now) {
  const Override* latest = nullptr;
  for (const auto& one : overrides) {
    if (one.kind != Override::Kind::keep || !is_in_force(one, now)) continue;
    const auto& names = one.environments;
    if (std::find(names.begin(), names.end(), environment) == names.end()) continue;
    if (latest == nullptr || one.id > latest->id) latest = &one;
  }
  return latest;
}

Ruling overruled(const std::vector<Override>& overrides, const Decision& decision, Time now) {
  if (decision.occurrence) {
    for (const auto& one : overrides) {
      if (leaves_out(one, *decision.occurrence)) return {Ruling::Kind::skipped, words_of(one, now)};
    }
  } else if (decision.despite_keeps) {
    return {};
  }
  // What is due at a keep's end comes after it, whatever the clock of whoever carries it out says.
  const Time moment = decision.occurrence ? std::max(now, decision.occurrence->due) : now;
  const Override* keep = keep_of(overrides, decision.environment, moment);
  const bool is_kept_else = keep != nullptr && keep->wanted != decision.action;
  if (!is_kept_else && decision.occurrence && decision.occurrence->ends)
    return ruling_at_end(overrides, decision);
  if (!is_kept_else) return {};
  if (decision.occurrence) return {Ruling::Kind::skipped, words_of(*keep, now)};
  return {Ruling::Kind::refused, words_of(*keep, now)};
}

std::string how_to_overrule(Action action, const std::string& environment, bool in_cloud) {
  return fmt::format("lamplighter {} {}{}{}", to_string(action), environment, in_cloud ? " --cloud" : "",
                     kDoesItAllTheSame);
}

bool says_how_to_overrule(std::string_view reason) {
  return reason.ends_with(fmt::format("{})", kDoesItAllTheSame));
}

}  // namespace lamplighter::tasks
