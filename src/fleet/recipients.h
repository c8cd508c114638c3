// Who is told of what, by a fleet's `notify`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fleet/fleet.h"

namespace lamplighter::fleet {

std::string_view to_string(Occasion occasion);

bool is_told_of(const Notify& one, Occasion occasion);
/// Whether it is told of some run's report.
bool is_told_of_runs(const Notify& one);

/// Those who are told of it, in the file's order. Refer to the fleet.
std::vector<const Notify*> told_of(const Fleet& fleet, Occasion occasion);
std::vector<const Notify*> told_of_runs(const Fleet& fleet);

/// The topics among all, in the file's order.
std::vector<const Notify*> topics_of(const Fleet& fleet);

/// "sns:mailme", "webhook:env:SLACK_URL", "eventbridge:default": no secret is in it.
std::string name_of(const Notify& one);
/// The same for people: "the topic mailme", "the webhook of the variable SLACK_URL (slack)".
std::string words_of(const Notify& one);

}  // namespace lamplighter::fleet
