#include <algorithm>

#include <fmt/format.h>

#include "base/arn.h"
#include "fleet/parts.h"
#include "fleet/pattern.h"

namespace lamplighter::fleet {
namespace {

/// The topic, by name or ARN; an ARN brings its own region.
void read_topic(Reader& reader, const YamlNode& node, Notify& notify) {
  static const Pattern name("[A-Za-z0-9_-]{1,256}");
  static const Pattern arn("arn:aws(-[a-z]+)*:sns:([a-z0-9-]{5,40}):[0-9]{12}:[A-Za-z0-9_-]{1,256}");
  constexpr std::string_view kExpected =
      "an SNS topic's name or ARN (letters, digits, - and _; FIFO topics can't send mail)";
  const auto topic = reader.text(node, kExpected);
  if (!topic) return;
  const bool is_arn = arn.matches(*topic);
  if (!is_arn && !name.matches(*topic)) {
    reader.error(node.place, fmt::format("found {}, expected {}", describe(node), kExpected));
    return;
  }
  notify.sns = *topic;
  if (is_arn) notify.region = parse_arn(*topic)->region;
}

void read_emails(Reader& reader, const YamlNode& node, Notify& notify) {
  static const Pattern email("[^@ ,;<>\"]{1,64}@[A-Za-z0-9.-]{1,190}");
  constexpr std::string_view kExpected = "an e-mail address";
  if (!reader.list(node, "a list of e-mail addresses")) return;
  for (const YamlNode& item : node.items) {
    const auto address = reader.text(item, kExpected);
    if (!address) continue;
    if (!email.matches(*address)) {
      reader.error(item.place, fmt::format("found {}, expected {}", describe(item), kExpected));
    } else if (std::find(notify.emails.begin(), notify.emails.end(), *address) != notify.emails.end()) {
      reader.error(item.place, fmt::format("found {} twice, expected each address once", *address));
    } else {
      notify.emails.push_back(*address);
    }
  }
}

}  // namespace

Notify read_notify(Reader& reader, const YamlNode& node, const std::string& region) {
  Notify notify;
  notify.region = region;
  const auto members = reader.mapping(node, keys::kNotify, "a mapping: sns, region, emails");
  if (!members) return notify;
  if (const auto* topic = reader.required(*members, "sns", node, "an SNS topic's name or ARN")) {
    read_topic(reader, *topic, notify);
  }
  if (const auto* own = members->find("region")) {
    const auto given = reader.region(*own);
    if (given && notify.sns.starts_with("arn:") && *given != notify.region) {
      reader.error(own->place, fmt::format("found {}, expected {}, the region in the topic's ARN", *given,
                                           notify.region));
    } else if (given) {
      notify.region = *given;
    }
  }
  if (notify.region.empty() && members->find("region") == nullptr) {
    reader.error(node.place,
                 "found no \"region\" for the topic, expected one here or at the top of the file");
  }
  if (const auto* emails = members->find("emails")) read_emails(reader, *emails, notify);
  return notify;
}

namespace {

void read_match(Reader& reader, const YamlNode& node, Fleet& fleet) {
  const auto word = reader.word(node, {"dimension", "dimension-or-name", "none"});
  if (const auto match = tasks::parse_alarm_match(word.value_or(""))) fleet.alarms = *match;
}

}  // namespace

void read_alarms(Reader& reader, const YamlNode& node, Fleet& fleet) {
  if (node.kind == YamlNode::Kind::scalar) return read_match(reader, node, fleet);
  const auto members = reader.mapping(
      node, keys::kAlarms, "none, dimension, dimension-or-name, or a mapping: match, unmute_after");
  if (!members) return;
  if (const auto* match = members->find("match")) read_match(reader, *match, fleet);
  if (const auto* after = members->find("unmute_after")) {
    const auto duration = reader.duration(*after, Duration::zero(), std::chrono::hours{24});
    fleet.unmute_after = duration.value_or(fleet.unmute_after);
  }
}

}  // namespace lamplighter::fleet
