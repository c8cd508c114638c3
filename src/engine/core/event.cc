#include "engine/core/event.h"

#include <cmath>
#include <iterator>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/checksum.h"
#include "engine/core/payload.h"
#include "engine/core/repeated_text.h"

namespace lamplighter::engine {
namespace {

/// Their members, behind a separator.
void write_members(std::string& out, char separator, const json::object& details, RepeatedTexts& texts) {
  for (const auto& member : details) {
    out += separator;
    separator = ',';
    append_quoted(out, member.key());
    out += ':';
    if (const auto* text = member.value().if_string()) {
      texts.write(out, *text);
    } else if (const auto* object = member.value().if_object()) {
      write_members(out, '{', *object, texts);
      out += object->empty() ? "{}" : "}";
    } else {
      out += json_text(member.value());
    }
  }
}

/// The payload is one of them, and the first.
void write_details(std::string& out, const Event& event, RepeatedTexts& texts) {
  out += '{';
  if (event.payload) {
    append_quoted(out, payload_key(event.type));
    out += ':';
    texts.write(out, event.payload);
  }
  std::string others;
  write_members(others, ',', event.details, texts);
  out += event.payload || others.empty() ? others : others.substr(1);
  out += '}';
}

SharedText read_text(const json::value& value, RepeatedTexts& texts) {
  auto text = texts.read(value);
  if (!text) throw std::runtime_error("a text refers to none");
  return text;
}

/// Puts the texts of details back to what they were. Gives that of the member `payload`.
SharedText read_details(json::object& details, std::string_view payload, RepeatedTexts& texts) {
  SharedText out;
  for (auto& member : details) {
    auto& value = member.value();
    if (auto* object = value.if_object()) {
      read_details(*object, "", texts);
    } else if (value.is_string() || value.is_array()) {
      auto text = read_text(value, texts);
      if (member.key() == payload) {
        out = std::move(text);
      } else if (value.is_array()) {
        value = *text;
      }
    }
  }
  return out;
}

void write_record(std::string& out, const Event& event, RepeatedTexts& texts) {
  fmt::format_to(std::back_inserter(out), "[{},{},{},\"{}\",{},", event.id, event.previous_id,
                 event.time.time_since_epoch().count(), to_string(event.type), event.strand);
  write_details(out, event, texts);
  out += ',';
  out += json_text(event.note);
  out += ']';
}

EventType read_type(std::string_view text) {
  const auto type = parse_event_type(text);
  if (!type) throw std::runtime_error(fmt::format("'{}' is no type of event", text));
  return *type;
}

Event from_record(json::array& record, RepeatedTexts& texts) {
  Event event;
  event.id = record.at(0).to_number<std::int64_t>();
  event.previous_id = record.at(1).to_number<std::int64_t>();
  event.time = Time{Duration{record.at(2).to_number<std::int64_t>()}};
  event.type = read_type(record.at(3).as_string());
  event.strand = record.at(4).to_number<std::uint32_t>();
  event.details = std::move(record.at(5).as_object());
  const auto payload = payload_key(event.type);
  event.payload = read_details(event.details, payload, texts);
  if (event.payload) event.details.stable_erase(event.details.find(payload));
  event.note = std::move(record.at(6).as_object());
  return event;
}

tl::unexpected<Error> corrupted(std::string_view why) {
  return fail(ErrorKind::internal, "DatabaseCorrupted",
              fmt::format("a part of a history cannot be read: {}", why));
}

}  // namespace

json::object to_history_json(const Event& event) {
  json::object out{{"timestamp", format_time(event.time)},
                   {"type", to_string(event.type)},
                   {"id", event.id},
                   {"previousEventId", event.previous_id}};
  const auto key = details_key(event.type);
  if (key.empty()) return out;
  json::object details;
  if (event.payload) details.emplace(payload_key(event.type), *event.payload);
  for (const auto& member : event.details) details.emplace(member.key(), member.value());
  for (const auto* payload : {"input", "output", "assignedVariables"}) {
    if (details.contains(payload)) details[std::string(payload) + "Details"] = {{"truncated", false}};
  }
  out[key] = std::move(details);
  return out;
}

namespace {

/// RFC 3339 text, or seconds since 1970, as the JSON protocols write times.
std::optional<Time> read_time(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    const auto time = parse_time(value->get_string());
    return time ? std::optional(*time) : std::nullopt;
  }
  constexpr double kLatest = 253'402'300'800;  // the year 10000
  const double seconds = value->is_number() ? value->to_number<double>() : -1;
  if (!(seconds >= 0 && seconds < kLatest)) return std::nullopt;
  return Time{Duration{std::llround(seconds * 1'000)}};
}

std::optional<std::int64_t> read_id(const json::value& event, std::string_view name) {
  const auto* value = find(event, name);
  return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

/// Without the payload, which goes to its place, and without what says that nothing was cut.
void take_details(Event& event, const json::object& details) {
  const auto payload = payload_key(event.type);
  for (const auto& [key, value] : details) {
    const std::string_view name = key;
    if (!payload.empty() && name == payload && value.is_string()) {
      event.payload = std::make_shared<const std::string>(value.get_string());
    } else if (!name.ends_with("Details")) {
      event.details.emplace(name, value);
    }
  }
}

}  // namespace

std::optional<Event> read_history_json(const json::value& event) {
  const auto type = parse_event_type(get_string(event, "type"));
  const auto id = read_id(event, "id");
  const auto time = read_time(find(event, "timestamp"));
  if (!type || !id || *id < 1 || !time) return std::nullopt;
  Event out;
  out.id = *id;
  out.previous_id = read_id(event, "previousEventId").value_or(0);
  out.time = *time;
  out.type = *type;
  const auto* details = find(event, details_key(*type));
  if (details != nullptr && details->is_object()) take_details(out, details->get_object());
  return out;
}

std::string write_records(const std::vector<Event>& events) {
  std::string text = "[";
  RepeatedTexts texts;
  for (const auto& event : events) {
    if (text.size() > 1) text += ',';
    write_record(text, event, texts);
  }
  text += ']';
  return fmt::format("{:08x}{}", crc32(text), text);
}

Result<std::vector<Event>> read_records(std::string_view records) {
  if (records.size() < 8) return corrupted("it is too short");
  const auto text = records.substr(8);
  if (fmt::format("{:08x}", crc32(text)) != records.substr(0, 8))
    return corrupted("its checksum does not fit");
  auto value = parse_json(text, kMaxPayloadDepth + 10, text.size());  // a payload within a note
  if (!value || !value->is_array()) return corrupted("it is not a list of events");
  std::vector<Event> out;
  RepeatedTexts texts;
  try {
    for (auto& record : value->get_array()) out.push_back(from_record(record.as_array(), texts));
  } catch (const std::exception& error) {  // Boost.JSON's accessors throw on a wrong type
    return corrupted(error.what());
  }
  return out;
}

}  // namespace lamplighter::engine
