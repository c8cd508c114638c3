// What Lamplighter leaves on an alarm that it mutes: two tags, which outlive every process and are found from
// any machine.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "tasks/protocol/execution_name.h"

namespace lamplighter::tasks {

/// The mark itself: its value says for whom, "fleet/environment/phase".
inline constexpr std::string_view kMutedTag = "lamplighter:muted";
/// Since when, by which execution, and when that began: "2026-11-24T20:00:07.000Z stop-20261124-200000-x7
/// 2026-11-24T20:00:00.000Z".
inline constexpr std::string_view kMutedByTag = "lamplighter:muted-by";

using AlarmTags = std::map<std::string, std::string>;

struct AlarmMark {
  std::string fleet;
  std::string environment;
  std::string phase;
  std::optional<Time> since;    ///< nullopt in marks of before there was the second tag
  std::string execution;        ///< its name; "" likewise
  std::optional<Time> began{};  ///< the execution; nullopt likewise, and where a person adopted the alarm

  friend bool operator==(const AlarmMark&, const AlarmMark&) = default;
};

/// The tags of a mark, within what tags may hold.
AlarmTags tags_of(const AlarmMark& mark);
/// "fleet/environment/phase".
std::string value_of(const AlarmMark& mark);
/// nullopt where the tags hold none. One that is not of that form is of the fleet that its value spells.
std::optional<AlarmMark> read_mark(const AlarmTags& tags);

/// When the execution began that left it: of two, the alarm is the later one's. Where the mark doesn't say
/// so, its own moment; the beginning of time where it says nothing.
Time beginning_of(const AlarmMark& mark);

/// Whether an execution left the mark that began later than `began`. One that would begin well after `now` is
/// no later one: it was left by a clock that ran ahead, or was set back since.
bool is_of_later(const AlarmMark& mark, Time began, Time now);

/// The name of the execution that an ARN or name stands for, as a mark spells it.
std::string marked_name(std::string_view execution);

}  // namespace lamplighter::tasks
