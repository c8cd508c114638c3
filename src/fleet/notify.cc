#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/arn.h"
#include "fleet/parts.h"
#include "fleet/pattern.h"
#include "fleet/recipients.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMostRecipients = 10;
constexpr std::string_view kExpectedRecipient = "a recipient: sns, webhook or eventbridge, with on, …";

/// The text of `node` where it has that form; what else is found there is an error.
std::optional<std::string> text_like(Reader& reader, const YamlNode& node, const Pattern& form,
                                     std::string_view expected) {
  auto text = reader.text(node, expected);
  if (!text || form.matches(*text)) return text;
  reader.error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
  return std::nullopt;
}

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

/// The bus, by name or ARN; an ARN brings its own region.
void read_bus(Reader& reader, const YamlNode& node, Notify& notify) {
  static const Pattern form(
      "[A-Za-z0-9._/-]{1,256}|"
      "arn:aws(-[a-z]+)*:events:[a-z0-9-]{5,40}:[0-9]{12}:event-bus/[A-Za-z0-9._/-]{1,256}");
  const auto bus = text_like(reader, node, form, "an EventBridge bus's name or ARN");
  if (!bus) return;
  notify.bus = *bus;
  if (const auto arn = parse_arn(*bus)) notify.region = arn->region;
}

/// Where a secret stands. What is found in its place may be the secret itself: no error shows it.
std::string name_like(Reader& reader, const YamlNode& node, const Pattern& form, std::string_view expected) {
  if (node.kind == YamlNode::Kind::scalar && form.matches(node.text)) return node.text;
  reader.error(node.place, fmt::format("found something else, expected {}", expected));
  return "";
}

/// {env: NAME}, {file: PATH} or {ssm: NAME}.
tasks::SecretSource read_secret(Reader& reader, const YamlNode& node) {
  using Kind = tasks::SecretSource::Kind;
  static const Pattern variable("[A-Za-z_][A-Za-z0-9_]{0,127}");
  static const Pattern path("/[A-Za-z0-9._@+,=~/ -]{1,500}");
  static const Pattern parameter("/?[A-Za-z0-9_.-]{1,128}(/[A-Za-z0-9_.-]{1,128}){0,3}");
  constexpr std::string_view kExpected = "where it stands: {env: NAME}, {file: PATH} or {ssm: NAME}";
  const bool names_places =
      std::all_of(node.members.begin(), node.members.end(), [](const YamlMember& member) {
        return std::find(keys::kSecret.begin(), keys::kSecret.end(), member.key.text) != keys::kSecret.end();
      });
  if (node.kind != YamlNode::Kind::mapping || !names_places) {
    reader.error(node.place,
                 fmt::format("found the secret itself, or something else, expected {}", kExpected));
    return {};
  }
  const auto members = reader.mapping(node, keys::kSecret, kExpected);
  if (node.members.size() != 1) {
    reader.error(node.place, fmt::format("found {} keys, expected {}", node.members.size(), kExpected));
    return {};
  }
  if (const auto* name = members->find("env"))
    return {Kind::env, name_like(reader, *name, variable, "the name of an environment variable")};
  if (const auto* name = members->find("file"))
    return {Kind::file, name_like(reader, *name, path, "an absolute path")};
  if (const auto* name = members->find("ssm"))
    return {Kind::ssm, name_like(reader, *name, parameter, "an SSM parameter's name")};
  return {};
}

void read_webhook(Reader& reader, const YamlNode& node, Notify& notify) {
  const auto members = reader.mapping(node, keys::kWebhook, "a webhook: url, format, secret, timeout");
  tasks::Webhook& webhook = notify.webhook.emplace();
  if (!members) return;
  if (const auto* url = reader.required(*members, "url", node, "where its URL stands: {env: NAME}, …"))
    webhook.url = read_secret(reader, *url);
  if (const auto* format = reader.required(*members, "format", node, "slack, teams or json")) {
    const auto word = reader.word(*format, {"slack", "teams", "json"});
    for (const auto each : {tasks::WebhookFormat::slack, tasks::WebhookFormat::teams}) {
      if (word == to_string(each)) webhook.format = each;
    }
  }
  if (const auto* secret = members->find("secret")) webhook.secret = read_secret(reader, *secret);
  if (const auto* timeout = members->find("timeout")) {
    const auto duration = reader.duration(*timeout, std::chrono::seconds{1}, tasks::kMostWebhookTimeout);
    webhook.timeout = std::chrono::floor<std::chrono::seconds>(duration.value_or(webhook.timeout));
  }
}

void read_occasions(Reader& reader, const YamlNode& node, Notify& notify) {
  constexpr std::array kAll{Occasion::always, Occasion::aborted, Occasion::skipped, Occasion::missed,
                            Occasion::warning};
  if (!reader.list(node, "a list of always, aborted, skipped, missed and warning")) return;
  notify.on.clear();
  for (const YamlNode& item : node.items) {
    const auto word = reader.word(item, {"always", "aborted", "skipped", "missed", "warning"});
    const auto found =
        std::find_if(kAll.begin(), kAll.end(), [&](auto one) { return to_string(one) == word; });
    if (found == kAll.end()) continue;
    if (is_told_of(notify, *found))
      reader.error(item.place, fmt::format("found {} twice, expected each word once", *word));
    else
      notify.on.push_back(*found);
  }
}

/// Of a topic, a bus, or a webhook's SSM parameters; an ARN has its own already.
void read_region(Reader& reader, const YamlNode& node, const Members& members, Notify& notify) {
  const bool is_arn = notify.sns.starts_with("arn:") || notify.bus.starts_with("arn:");
  if (const auto* own = members.find("region")) {
    const auto given = reader.region(*own);
    if (given && is_arn && *given != notify.region) {
      reader.error(own->place, fmt::format("found {}, expected {}, the region in the {}'s ARN", *given,
                                           notify.region, notify.bus.empty() ? "topic" : "bus"));
    } else if (given) {
      notify.region = *given;
    }
  } else if (notify.region.empty()) {
    const std::string_view what = notify.webhook ? "SSM parameter" : notify.bus.empty() ? "topic" : "bus";
    reader.error(
        node.place,
        fmt::format("found no \"region\" for the {}, expected one here or at the top of the file", what));
  }
}

bool has_parameter(const tasks::Webhook& webhook) {
  return webhook.url.kind == tasks::SecretSource::Kind::ssm ||
         webhook.secret.kind == tasks::SecretSource::Kind::ssm;
}

/// Just one of the three.
void read_kind(Reader& reader, const YamlNode& node, const Members& members, Notify& notify) {
  int kinds = 0;
  const auto given = [&](std::string_view key) {
    const auto* value = members.find(key);
    kinds += value != nullptr ? 1 : 0;
    return value;
  };
  if (const auto* topic = given("sns")) read_topic(reader, *topic, notify);
  if (const auto* webhook = given("webhook")) read_webhook(reader, *webhook, notify);
  if (const auto* bus = given("eventbridge")) read_bus(reader, *bus, notify);
  if (kinds == 1) return;
  reader.error(node.place, fmt::format("found {} of sns, webhook and eventbridge, expected exactly one",
                                       kinds == 0 ? "none" : "several"));
}

Notify read_recipient(Reader& reader, const YamlNode& node, const std::string& region) {
  Notify notify;
  notify.region = region;
  const auto members = reader.mapping(node, keys::kNotify, kExpectedRecipient);
  if (!members) return notify;
  read_kind(reader, node, *members, notify);
  if (notify.webhook && !has_parameter(*notify.webhook)) {
    notify.region = "";
  } else {
    read_region(reader, node, *members, notify);
  }
  if (notify.webhook) notify.webhook->region = notify.region;
  if (const auto* emails = members->find("emails")) {
    read_emails(reader, *emails, notify);
    if (members->find("sns") == nullptr && (notify.webhook || members->find("eventbridge") != nullptr))
      reader.error(emails->place, "found emails without sns, expected them with a topic, which sends them");
  }
  if (const auto* on = members->find("on")) read_occasions(reader, *on, notify);
  return notify;
}

void check_once(Reader& reader, const YamlNode& node, const std::vector<Notify>& all) {
  const auto is_same = [](const Notify& one, const Notify& other) {
    const bool is_known =
        !one.sns.empty() || !one.bus.empty() || (one.webhook && !one.webhook->url.name.empty());
    return is_known && name_of(one) == name_of(other) && one.region == other.region;
  };
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto first = std::find_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                    [&](const Notify& one) { return is_same(one, all[i]); });
    if (first == all.begin() + static_cast<std::ptrdiff_t>(i)) continue;
    reader.error(node.items[i].place,
                 fmt::format("found {} twice, expected each recipient once (what it is told of is a list: "
                             "`on`)",
                             words_of(all[i])));
  }
}

}  // namespace

std::vector<Notify> read_notify(Reader& reader, const YamlNode& node, const std::string& region) {
  if (node.kind == YamlNode::Kind::mapping) return {read_recipient(reader, node, region)};
  std::vector<Notify> all;
  if (!reader.list(node, "a recipient (sns, webhook or eventbridge), or a list of them")) return all;
  if (node.items.size() > kMostRecipients) {
    reader.error(node.place,
                 fmt::format("found {} recipients, expected at most {}", node.items.size(), kMostRecipients));
    return all;
  }
  for (const YamlNode& item : node.items) all.push_back(read_recipient(reader, item, region));
  check_once(reader, node, all);
  return all;
}

}  // namespace lamplighter::fleet
