#include "engine/core/event.h"

#include <iterator>
#include <stdexcept>

#include <boost/crc.hpp>
#include <fmt/format.h>

#include "engine/core/payload.h"
#include "engine/core/repeated_text.h"

namespace lamplighter::engine {
namespace {

std::uint32_t checksum(std::string_view text) {
  boost::crc_32_type crc;
  crc.process_bytes(text.data(), text.size());
  return crc.checksum();
}

void write_details(std::string& out, const json::object& details, RepeatedTexts& texts) {
  char separator = '{';
  for (const auto& member : details) {
    out += separator;
    separator = ',';
    append_quoted(out, member.key());
    out += ':';
    if (const auto* text = member.value().if_string()) {
      texts.write(out, *text);
    } else if (const auto* object = member.value().if_object()) {
      write_details(out, *object, texts);
    } else {
      out += json_text(member.value());
    }
  }
  out += details.empty() ? "{}" : "}";
}

/// Puts the texts of details back to what they were.
void read_details(json::object& details, RepeatedTexts& texts) {
  for (auto& member : details) {
    if (auto* object = member.value().if_object()) {
      read_details(*object, texts);
    } else if (member.value().is_string() || member.value().is_array()) {
      if (!texts.read(member.value())) throw std::runtime_error("a text refers to none");
    }
  }
}

void write_record(std::string& out, const Event& event, RepeatedTexts& texts) {
  fmt::format_to(std::back_inserter(out), "[{},{},{},\"{}\",{},", event.id, event.previous_id,
                 event.time.time_since_epoch().count(), to_string(event.type), event.strand);
  write_details(out, event.details, texts);
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
  read_details(event.details, texts);
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
  json::object details = event.details;
  for (const auto* payload : {"input", "output", "assignedVariables"}) {
    if (details.contains(payload)) details[std::string(payload) + "Details"] = {{"truncated", false}};
  }
  out[key] = std::move(details);
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
  return fmt::format("{:08x}{}", checksum(text), text);
}

Result<std::vector<Event>> read_records(std::string_view records) {
  if (records.size() < 8) return corrupted("it is too short");
  const auto text = records.substr(8);
  if (fmt::format("{:08x}", checksum(text)) != records.substr(0, 8))
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
