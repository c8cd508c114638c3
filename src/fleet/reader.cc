#include "fleet/reader.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/nearest.h"
#include "base/plain_text.h"
#include "base/utf8.h"
#include "fleet/pattern.h"
#include "fleet/regions.h"

namespace lamplighter::fleet {
namespace {

constexpr std::size_t kMaxQuoted = 60;
constexpr std::size_t kMaxText = 2048;
constexpr std::size_t kMaxErrors = 100;

/// Found text, cut at a whole character.
std::string quoted(std::string_view raw) {
  const std::string text = plain_line(raw);
  if (text.size() <= kMaxQuoted) return fmt::format("\"{}\"", text);
  const std::string_view cut = std::string_view(text).substr(0, kMaxQuoted);
  return fmt::format("\"{}…\"", cut.substr(0, valid_utf8_prefix(cut)));
}

/// The core schema of YAML 1.2: which plain scalars are not text.
std::string_view plain_type(const std::string& text) {
  static const Pattern truth("true|True|TRUE|false|False|FALSE");
  static const Pattern number(
      "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|"
      "[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
  if (text.size() > kMaxQuoted) return "";
  if (truth.matches(text)) return "truth value";
  if (number.matches(text)) return "number";
  return "";
}

}  // namespace

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::sequence:
      return node.items.empty() ? "an empty list" : "a list";
    case YamlNode::Kind::mapping:
      return node.members.empty() ? "an empty mapping" : "a mapping";
    case YamlNode::Kind::scalar:
      break;
  }
  const std::string_view type = node.plain ? plain_type(node.text) : "";
  if (!type.empty()) return fmt::format("the {} {}", type, node.text);
  return quoted(node.text);
}

const YamlNode* Members::find(std::string_view key) const {
  if (mapping_ == nullptr) return nullptr;
  for (const YamlMember& member : mapping_->members) {
    if (member.key.text == key) return &member.value;
  }
  return nullptr;
}

void Reader::error(Place place, std::string message) {
  if (errors_.size() < kMaxErrors) errors_.push_back({place.line, place.column, std::move(message)});
}

std::vector<Diagnostic> Reader::take_errors() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  return std::move(errors_);
}

bool Reader::unique_keys(const YamlNode& mapping) {
  bool good = true;
  std::map<std::string, Place> seen;
  for (const YamlMember& member : mapping.members) {
    const YamlNode& key = member.key;
    if (key.kind != YamlNode::Kind::scalar) {
      error(key.place, fmt::format("found {} as a key, expected a word", describe(key)));
      good = false;
    } else if (const auto [first, fresh] = seen.try_emplace(key.text, key.place); !fresh) {
      error(key.place,
            fmt::format("found the key {} a second time, expected it once (it is at line {} already)",
                        quoted(key.text), first->second.line));
      good = false;
    }
  }
  return good;
}

std::optional<Members> Reader::mapping(const YamlNode& node, keys::Keys known, std::string_view expected) {
  if (node.kind != YamlNode::Kind::mapping) {
    error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
    return std::nullopt;
  }
  unique_keys(node);
  for (const YamlMember& member : node.members) {
    const YamlNode& key = member.key;
    if (key.kind != YamlNode::Kind::scalar) continue;
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      error(key.place,
            fmt::format("found the unknown key {}{}, expected one of {}", quoted(key.text),
                        did_you_mean(key.text, {known.begin(), known.end()}), fmt::join(known, ", ")));
    }
  }
  return Members(node);
}

bool Reader::free_mapping(const YamlNode& node, std::string_view expected) {
  if (node.kind != YamlNode::Kind::mapping || node.members.empty()) {
    error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
    return false;
  }
  return unique_keys(node);
}

bool Reader::list(const YamlNode& node, std::string_view expected) {
  if (node.kind == YamlNode::Kind::sequence && !node.items.empty()) return true;
  error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
  return false;
}

const YamlNode* Reader::required(const Members& members, std::string_view key, const YamlNode& parent,
                                 std::string_view expected) {
  const YamlNode* value = members.find(key);
  if (value == nullptr) error(parent.place, fmt::format("found no \"{}\", expected {}", key, expected));
  return value;
}

std::optional<std::string> Reader::text(const YamlNode& node, std::string_view expected) {
  const std::string found = describe(node);
  if (node.kind != YamlNode::Kind::scalar || node.text.empty()) {
    error(node.place, fmt::format("found {}, expected {}", found, expected));
  } else if (node.plain && !plain_type(node.text).empty()) {
    error(node.place,
          fmt::format("found {}, expected {} (as text: \"{}\", in quotes)", found, expected, node.text));
  } else if (node.text.size() > kMaxText || has_control_characters(node.text)) {
    error(node.place,
          fmt::format("found text that is too long or has control characters, expected {}", expected));
  } else if (node.text.starts_with("{%")) {
    // Step Functions would evaluate it.
    error(node.place, fmt::format("found {}, expected {} that does not begin with \"{{%\"", found, expected));
  } else {
    return node.text;
  }
  return std::nullopt;
}

std::optional<std::string> Reader::word(const YamlNode& node, const std::vector<std::string>& words) {
  const std::string expected = fmt::format("one of {}", fmt::join(words, ", "));
  if (node.kind == YamlNode::Kind::scalar &&
      std::find(words.begin(), words.end(), node.text) != words.end()) {
    return node.text;
  }
  error(node.place,
        fmt::format("found {}{}, expected {}", describe(node), did_you_mean(node.text, words), expected));
  return std::nullopt;
}

std::optional<std::string> Reader::name(const YamlNode& node, std::string_view what, std::size_t max_length) {
  const std::string expected = fmt::format(
      "{} of at most {} letters, digits, - and _, beginning with a letter or digit", what, max_length);
  auto value = text(node, expected);
  if (!value) return std::nullopt;
  static const Pattern pattern("[A-Za-z0-9][A-Za-z0-9_-]*");
  if (value->size() <= max_length && pattern.matches(*value)) return value;
  error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
  return std::nullopt;
}

std::optional<Duration> Reader::duration(const YamlNode& node, Duration low, Duration high) {
  const std::string expected = fmt::format("a duration from {} to {} such as 90s, 10m or 1h30m",
                                           format_duration(low), format_duration(high));
  if (node.kind == YamlNode::Kind::scalar) {
    const auto value = parse_duration(node.text);
    const bool whole = value && *value % std::chrono::seconds{1} == Duration::zero();
    if (whole && *value >= low && *value <= high) return *value;
  }
  error(node.place, fmt::format("found {}, expected {}", describe(node), expected));
  return std::nullopt;
}

std::optional<int> Reader::number(const YamlNode& node, int low, int high) {
  int value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto read = std::from_chars(node.text.data(), end, value);
  const bool whole = node.kind == YamlNode::Kind::scalar && node.plain && read.ec == std::errc{};
  if (whole && read.ptr == end && value >= low && value <= high) return value;
  error(node.place,
        fmt::format("found {}, expected a whole number from {} to {}", describe(node), low, high));
  return std::nullopt;
}

std::optional<std::string> Reader::region(const YamlNode& node) {
  constexpr std::string_view kExpected = "a region of AWS such as us-east-1";
  auto value = text(node, kExpected);
  if (!value) return std::nullopt;
  if (std::binary_search(regions().begin(), regions().end(), *value)) return value;
  error(node.place,
        fmt::format("found {}{}, expected {}", describe(node), did_you_mean(*value, regions()), kExpected));
  return std::nullopt;
}

std::optional<std::string> Reader::role_arn(const YamlNode& node) {
  static const Pattern pattern("arn:aws(-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}");
  constexpr std::string_view kExpected = "a role's ARN such as arn:aws:iam::123456789012:role/Lamplighter";
  auto value = text(node, kExpected);
  if (!value) return std::nullopt;
  if (pattern.matches(*value)) return value;
  error(node.place, fmt::format("found {}, expected {}", describe(node), kExpected));
  return std::nullopt;
}

std::optional<std::string> Reader::account(const YamlNode& node) {
  static const Pattern pattern("[0-9]{12}");
  constexpr std::string_view kExpected = "an account's 12 digits such as \"123456789012\"";
  auto value = text(node, kExpected);
  if (!value || pattern.matches(*value)) return value;
  error(node.place, fmt::format("found {}, expected {}", describe(node), kExpected));
  return std::nullopt;
}

std::optional<Time> Reader::moment(const YamlNode& node) {
  const auto value = node.kind == YamlNode::Kind::scalar
                         ? parse_time(node.text)
                         : Result<Time>(fail(ErrorKind::bad_input, "InvalidTimestamp", ""));
  if (value) return *value;
  error(node.place, fmt::format("found {}, expected a moment such as 2026-11-24T06:00:00Z", describe(node)));
  return std::nullopt;
}

}  // namespace lamplighter::fleet
