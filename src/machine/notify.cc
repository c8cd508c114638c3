#include "machine/notify.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "fleet/recipients.h"
#include "machine/names.h"
#include "machine/task_state.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/timeouts.h"

namespace lamplighter::machine {
namespace {

using fleet::Notify;
using fleet::Occasion;

constexpr std::string_view kNotSilent = "$states.input.silent = true";
/// A warning that was held up says nothing any more once the stop is due.
constexpr std::string_view kTooLate = "$toMillis($states.input.due) <= $millis()";
constexpr int kLongestError = 300;  // in the list of notifications, which the report carries

/// One topic alone leaves what it always has.
bool is_listed(const std::vector<const Notify*>& recipients) {
  return recipients.size() != 1 || recipients.front()->sns.empty();
}

/// A JSONata expression: whether the message is nothing to this recipient.
std::string silent_for(const Notify& one, Message message) {
  if (message != Message::report) return std::string(message == Message::warning ? kTooLate : kNotSilent);
  const bool of_skipped = is_told_of(one, Occasion::skipped);
  if (is_told_of(one, Occasion::always)) return of_skipped ? "false" : std::string(kNotSilent);
  const std::string not_aborted = "$states.input.status != 'ABORTED'";
  const std::string none_skipped = "$not('skipped' in $states.input.environments.status)";
  if (!of_skipped) return not_aborted;
  return is_told_of(one, Occasion::aborted) ? not_aborted + " and " + none_skipped : none_skipped;
}

/// A JSONata expression: what programs are told (docs/notify.md).
std::string facts_of(const Source& source, Message message) {
  const std::string& fleet = source.fleet.name;
  switch (message) {
    case Message::report:
      return fmt::format(
          "$states.input.{{'kind': 'report', 'fleet': '{}', 'action': action, 'status': status, "
          "'occurrence': $exists($wish.occurrence.due) ? $wish.occurrence.{{'schedule': schedule, 'due': "
          "due}} : null, "
          "'started_at': started_at, 'ended_at': ended_at, 'environments': "
          "[environments.{{'name': name, 'status': status, 'phase': phase, 'reason': $substring(reason, 0, "
          "500)}}]}}",
          fleet);
    case Message::warning:
      return fmt::format(
          "{{'kind': 'warning', 'fleet': '{}', 'action': 'stop', 'schedule': "
          "$states.context.Execution.Input.occurrence.schedule, 'due': $states.input.due, 'environments': "
          "[$states.input.environments]}}",
          fleet);
    case Message::missed:
      return fmt::format("{{'kind': 'missed', 'fleet': '{}', 'occurrences': [$states.input.occurrences]}}",
                         fleet);
  }
  return "";
}

bool wants_facts(const Notify& one) {
  return !one.bus.empty() || (one.webhook && one.webhook->format == tasks::WebhookFormat::json);
}

/// What a state leaves: its input, and what became of its message.
class Left {
 public:
  Left(const Notify& to, bool listed) : to_(json_text(json::value(fleet::name_of(to)))), listed_(listed) {}

  /// `notified` is a JSONata expression that cannot fail.
  [[nodiscard]] std::string with(const std::string& notified) const {
    if (!listed_) return fmt::format("{{% $merge([$states.input, {{'notified': {}}}]) %}}", notified);
    return fmt::format(
        "{{% $merge([$states.input, {{'notifications': [$states.input.notifications, $merge([{{'to': {}}}, "
        "{}])]}}]) %}}",
        to_, notified);
  }
  /// After an error.
  [[nodiscard]] std::string with_error(std::string_view sent) const {
    const std::string words = error_words("$states.errorOutput");
    return with(fmt::format("{{'sent': {}, 'message_id': '', 'error': {}}}", sent,
                            listed_ ? fmt::format("$substring({}, 0, {})", words, kLongestError) : words));
  }

 private:
  std::string to_;
  bool listed_;
};

json::object retrier(std::string_view error, std::chrono::seconds pause, int attempts) {
  return {{"ErrorEquals", json::array{error}},
          {"IntervalSeconds", pause.count()},
          {"BackoffRate", 1},
          {"MaxAttempts", attempts}};
}

/// Whether the message went out before such an error nobody knows.
json::object unclear_catcher(const std::string& output, const std::string& next) {
  return {{"ErrorEquals", json::array{"States.Timeout", "Sandbox.Timedout", "Runtime.ExitError"}},
          {"Output", output},
          {"Next", next}};
}

json::object payload_of(const Source& source, Message message, const Notify& to) {
  tasks::NotifyPayload task;
  task.topic = to.sns;
  task.bus = to.bus;
  task.webhook = to.webhook;
  if (!to.webhook) task.region = to.region.empty() ? source.environments.front()->region : to.region;
  json::object payload = to_json(task);
  payload["silent"] = fmt::format("{{% {} %}}", silent_for(to, message));
  payload["subject"] = "{% $states.input.subject %}";
  payload["body"] = "{% $states.input.body %}";
  if (wants_facts(to)) payload["facts"] = fmt::format("{{% {} %}}", facts_of(source, message));
  return payload;
}

/// One try: `catchers` come before those of all errors, after which nothing was `sent`, or nobody knows.
json::object notify_state(const Source& source, const Notify& to, json::object payload, const Left& left,
                          json::array catchers, std::string_view sent, const std::string& next) {
  json::array retried = not_run();
  retried.emplace_back(tasks::kNotSent);
  json::object state = task_state(source, std::move(payload), tasks::kReconcileTimeout, std::move(retried));
  if (to.webhook) {
    json::array& retriers = state["Retry"].as_array();
    retriers.push_back(retrier(tasks::kBusyBriefly, tasks::kBriefly, tasks::kBusyBrieflyRetries));
    retriers.push_back(retrier(tasks::kBusy, tasks::kLongestBusy, tasks::kBusyRetries));
  }
  state["Output"] = left.with("$merge([$states.result.Payload])");
  for (const json::value& catcher : catch_all(next, json::value(left.with_error(sent)))) {
    catchers.push_back(catcher);
  }
  state["Catch"] = std::move(catchers);
  state["Next"] = next;
  return state;
}

/// A report whose mail is unclear is mailed again, and says so.
void add_recipient(const Source& source, Message message, const Notify& to, bool listed,
                   const std::string& name, const std::string& next, json::object& states) {
  const Left left(to, listed);
  json::object payload = payload_of(source, message, to);
  if (to.sns.empty()) {
    states[name] = notify_state(source, to, std::move(payload), left,
                                {unclear_catcher(left.with_error("'unknown'"), next)}, "false", next);
    return;
  }
  const bool again = message == Message::report;
  const std::string unclear = again ? name + " again" : next;
  states[name] = notify_state(source, to, payload, left, {unclear_catcher("{% $states.input %}", unclear)},
                              "false", next);
  if (!again) return;
  payload["repeat"] = true;
  states[unclear] = notify_state(source, to, std::move(payload), left, {}, "'unknown'", next);
}

}  // namespace

std::vector<const Notify*> recipients_of(const fleet::Fleet& fleet, Message message) {
  if (message == Message::report) return told_of_runs(fleet);
  return told_of(fleet, message == Message::warning ? Occasion::warning : Occasion::missed);
}

std::string add_notify_states(const Source& source, Message message, const std::string& next,
                              json::object& states) {
  const auto recipients = recipients_of(source.fleet, message);
  const auto name = [&](std::size_t i) {
    if (i == recipients.size()) return next;
    return i == 0 ? std::string(kNotifyState) : fmt::format("{} {}", kNotifyState, i + 1);
  };
  for (std::size_t i = 0; i < recipients.size(); ++i)
    add_recipient(source, message, *recipients[i], is_listed(recipients), name(i), name(i + 1), states);
  return name(0);
}

std::string all_were_told(const fleet::Fleet& fleet, Message message) {
  const auto recipients = recipients_of(fleet, message);
  // Who has no error was not to be told any more.
  if (!is_listed(recipients))
    return "$states.input.notified.sent = true or $states.input.notified.error = ''";
  return fmt::format("$count($states.input.notifications[sent = true or error = '']) = {}",
                     recipients.size());
}

std::string who_was_not_told(const fleet::Fleet& fleet, Message message) {
  if (!is_listed(recipients_of(fleet, message))) return "$states.input.notified.error";
  return "$join($states.input.notifications[sent != true].(to & ': ' & error), '; ')";
}

}  // namespace lamplighter::machine
