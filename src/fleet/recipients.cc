#include "fleet/recipients.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::fleet {
namespace {

template <class Wanted>
std::vector<const Notify*> all_of(const Fleet& fleet, Wanted wanted) {
  std::vector<const Notify*> found;
  for (const Notify& one : fleet.notify) {
    if (wanted(one)) found.push_back(&one);
  }
  return found;
}

}  // namespace

std::string_view to_string(Occasion occasion) {
  switch (occasion) {
    case Occasion::always:
      return "always";
    case Occasion::aborted:
      return "aborted";
    case Occasion::skipped:
      return "skipped";
    case Occasion::missed:
      return "missed";
    case Occasion::warning:
      return "warning";
  }
  return "";
}

bool is_told_of(const Notify& one, Occasion occasion) {
  return std::find(one.on.begin(), one.on.end(), occasion) != one.on.end();
}

bool is_told_of_runs(const Notify& one) {
  return is_told_of(one, Occasion::always) || is_told_of(one, Occasion::aborted) ||
         is_told_of(one, Occasion::skipped);
}

std::vector<const Notify*> told_of(const Fleet& fleet, Occasion occasion) {
  return all_of(fleet, [&](const Notify& one) { return is_told_of(one, occasion); });
}

std::vector<const Notify*> told_of_runs(const Fleet& fleet) { return all_of(fleet, is_told_of_runs); }

std::vector<const Notify*> topics_of(const Fleet& fleet) {
  return all_of(fleet, [](const Notify& one) { return !one.sns.empty(); });
}

std::string name_of(const Notify& one) {
  if (one.webhook) return "webhook:" + one.webhook->url.text();
  return one.bus.empty() ? "sns:" + one.sns : "eventbridge:" + one.bus;
}

std::string words_of(const Notify& one) {
  if (one.webhook) {
    return fmt::format("the webhook of {} ({}{})", one.webhook->url.words(), to_string(one.webhook->format),
                       one.webhook->secret.is_none() ? "" : ", signed");
  }
  return one.bus.empty() ? "the topic " + one.sns : "the EventBridge bus " + one.bus;
}

}  // namespace lamplighter::fleet
