#include "tasks/protocol/fields.h"

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kShownBytes = 60;

std::string describe(const json::value* value) {
  if (!value) return "nothing";
  if (value->is_object()) return "an object";
  if (value->is_array()) return "a list";
  std::string text = json::serialize(*value);
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "…";
  return text;
}

}  // namespace

tl::unexpected<Error> invalid_payload(std::string_view path, const json::value* found,
                                      std::string_view expected) {
  return fail(ErrorKind::bad_input, "InvalidPayload",
              fmt::format("{}: found {}, expected {}", path, describe(found), expected));
}

Result<Fields> Fields::of(const json::value& value, std::string path) {
  const auto* object = value.if_object();
  if (!object) return invalid_payload(path, &value, "an object");
  return Fields(*object, std::move(path));
}

const json::value* Fields::find(std::string_view key) const { return object_->if_contains(key); }

std::string Fields::path(std::string_view key) const { return fmt::format("{}.{}", path_, key); }

tl::unexpected<Error> Fields::unexpected(std::string_view key, std::string_view expected) const {
  return invalid_payload(path(key), find(key), expected);
}

Result<std::string> Fields::text(std::string_view key) const {
  const auto* member = find(key);
  if (!member || !member->is_string()) return unexpected(key, "a text");
  return std::string(member->get_string());
}

Result<std::string> Fields::nonempty_text(std::string_view key) const {
  auto value = text(key);
  if (!value || value->empty()) return unexpected(key, "a text that is not empty");
  return value;
}

Result<std::int64_t> Fields::whole_number(std::string_view key, std::int64_t min, std::int64_t max) const {
  const auto* member = find(key);
  boost::system::error_code error;
  const std::int64_t number =
      member && member->is_number() ? member->to_number<std::int64_t>(error) : min - 1;
  if (error || number < min || number > max) {
    return unexpected(key, fmt::format("a whole number from {} to {}", min, max));
  }
  return number;
}

Result<Time> Fields::time(std::string_view key) const {
  const auto* member = find(key);
  if (member && member->is_string()) {
    if (auto time = parse_time(member->get_string())) return *time;
  }
  return unexpected(key, "a time such as 2026-11-24T06:00:00.000Z");
}

Result<Fields> Fields::object(std::string_view key) const {
  const auto* member = find(key);
  if (!member) return unexpected(key, "an object");
  return of(*member, path(key));
}

Result<const json::array*> Fields::array(std::string_view key) const {
  const auto* member = find(key);
  if (!member || !member->is_array()) return unexpected(key, "a list");
  return &member->get_array();
}

Result<std::string> Fields::optional_text(std::string_view key) const {
  return find(key) ? text(key) : std::string();
}

Result<std::vector<std::string>> Fields::optional_texts(std::string_view key) const {
  std::vector<std::string> texts;
  if (!find(key)) return texts;
  for (const auto& item : *TRY(array(key))) {
    if (!item.is_string() || item.get_string().empty()) {
      return invalid_payload(path(key), &item, "a list of texts that are not empty");
    }
    texts.emplace_back(item.get_string());
  }
  return texts;
}

}  // namespace lamplighter::tasks
