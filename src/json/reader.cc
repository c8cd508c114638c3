#include "json/reader.h"

#include <optional>

#include <fmt/format.h>

#include "json/writer.h"

namespace lamplighter {
namespace {

constexpr std::size_t kShownBytes = 60;

/// At most kShownBytes, and no part of a character.
std::string shorten(std::string text) {
  if (text.size() <= kShownBytes) return text;
  std::size_t end = kShownBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string describe(const json::value* value) {
  if (!value) return "nothing";
  if (value->is_object()) return "an object";
  if (value->is_array()) return "a list";
  return shorten(json_text(*value));
}

tl::unexpected<Error> mismatch(std::string_view code, std::string_view path, std::string_view found,
                               std::string_view expected) {
  return fail(ErrorKind::bad_input, std::string(code),
              fmt::format("{}{}found {}, expected {}", path, path.empty() ? "" : ": ", found, expected));
}

std::optional<std::int64_t> whole(const json::value* value) {
  return value ? as_whole_number(*value) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> as_whole_number(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  boost::system::error_code error;
  const auto number = value.to_number<std::int64_t>(error);
  return error ? std::nullopt : std::optional(number);
}

Result<Reader> Reader::of(const json::value& value, std::string path, std::string_view code) {
  const auto* object = value.if_object();
  if (!object) return mismatch(code, path, describe(&value), "an object");
  return Reader(*object, std::move(path), code);
}

std::string Reader::path(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

std::string Reader::path(std::string_view key, std::size_t index) const {
  return fmt::format("{}[{}]", path(key), index);
}

tl::unexpected<Error> Reader::unexpected(std::string_view key, std::string_view expected) const {
  return mismatch(code_, path(key), describe(find(key)), expected);
}

tl::unexpected<Error> Reader::unexpected(std::string_view expected) const {
  return mismatch(code_, path_, "an object", expected);
}

Result<std::string> Reader::text(std::string_view key) const {
  const auto* member = find(key);
  if (!member || !member->is_string()) return unexpected(key, "a text");
  return std::string(member->get_string());
}

Result<std::string> Reader::nonempty_text(std::string_view key) const {
  auto value = text(key);
  if (!value || value->empty()) return unexpected(key, "a text that is not empty");
  return value;
}

Result<std::int64_t> Reader::whole_number(std::string_view key) const {
  if (const auto number = whole(find(key))) return *number;
  return unexpected(key, "a whole number");
}

Result<std::int64_t> Reader::whole_number(std::string_view key, std::int64_t min, std::int64_t max) const {
  const auto number = whole(find(key));
  if (number && *number >= min && *number <= max) return *number;
  return unexpected(key, fmt::format("a whole number from {} to {}", min, max));
}

Result<bool> Reader::truth(std::string_view key) const {
  const auto* member = find(key);
  if (!member || !member->is_bool()) return unexpected(key, "true or false");
  return member->get_bool();
}

Result<Time> Reader::time(std::string_view key) const {
  const auto* member = find(key);
  if (member && member->is_string()) {
    if (auto time = parse_time(member->get_string())) return *time;
  }
  return unexpected(key, "a time such as 2026-11-24T06:00:00.000Z");
}

Result<Reader> Reader::object(std::string_view key) const {
  const auto* member = find(key);
  if (!member) return unexpected(key, "an object");
  return of(*member, path(key), code_);
}

Result<std::vector<Reader>> Reader::objects(std::string_view key) const {
  std::vector<Reader> readers;
  for (const auto& item : *TRY(array(key))) {
    readers.push_back(TRY(of(item, path(key, readers.size()), code_)));
  }
  return readers;
}

Result<const json::array*> Reader::array(std::string_view key) const {
  const auto* member = find(key);
  if (!member || !member->is_array()) return unexpected(key, "a list");
  return &member->get_array();
}

Result<std::string> Reader::optional_text(std::string_view key) const {
  return find(key) ? text(key) : std::string();
}

Result<std::vector<Reader>> Reader::optional_objects(std::string_view key) const {
  return find(key) ? objects(key) : std::vector<Reader>();
}

Result<std::optional<Time>> Reader::optional_time(std::string_view key) const {
  const auto* member = find(key);
  if (!member || (member->is_string() && member->get_string().empty())) return std::optional<Time>();
  return TRY(time(key));
}

Result<std::int64_t> Reader::optional_count(std::string_view key, std::int64_t max) const {
  return find(key) ? whole_number(key, 0, max) : 0;
}

Result<std::vector<std::string>> Reader::optional_texts(std::string_view key) const {
  std::vector<std::string> texts;
  if (!find(key)) return texts;
  for (const auto& item : *TRY(array(key))) {
    if (!item.is_string() || item.get_string().empty()) {
      return mismatch(code_, path(key, texts.size()), describe(&item), "a text that is not empty");
    }
    texts.emplace_back(item.get_string());
  }
  return texts;
}

}  // namespace lamplighter
