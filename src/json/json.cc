#include "json/json.h"

#include <fmt/format.h>

namespace lamplighter {
namespace {

void write_pretty(std::string& out, const json::value& value, std::size_t indent);

template <class Items, class Write>
void write_block(std::string& out, char open, char close, const Items& items, std::size_t indent,
                 Write write) {
  out += open;
  bool first = true;
  for (const auto& item : items) {
    out += first ? "\n" : ",\n";
    out.append(indent + 2, ' ');
    write(item);
    first = false;
  }
  if (!first) out.append("\n").append(indent, ' ');
  out += close;
}

void write_pretty(std::string& out, const json::value& value, std::size_t indent) {
  if (const auto* object = value.if_object()) {
    write_block(out, '{', '}', *object, indent, [&](const auto& member) {
      out += json::serialize(json::string_view(member.key()));
      out += ": ";
      write_pretty(out, member.value(), indent + 2);
    });
  } else if (const auto* array = value.if_array()) {
    write_block(out, '[', ']', *array, indent,
                [&](const auto& item) { write_pretty(out, item, indent + 2); });
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, std::size_t max_depth, std::size_t max_bytes) {
  if (text.size() > max_bytes) {
    return fail(ErrorKind::bad_input, "InvalidJson",
                fmt::format("found {} bytes of JSON, expected at most {}", text.size(), max_bytes));
  }
  json::parse_options options;
  options.max_depth = max_depth;
  json::stream_parser parser({}, options);
  boost::system::error_code error;
  const std::size_t parsed = parser.write_some(text.data(), text.size(), error);
  if (!error) parser.finish(error);
  if (!error && text.find_first_not_of(" \t\r\n", parsed) == std::string_view::npos) return parser.release();
  return fail(ErrorKind::bad_input, "InvalidJson",
              fmt::format("at byte {}: {}", parsed, error ? error.message() : "text after the value"));
}

const json::value* find(const json::value& value, std::string_view key) {
  const auto* object = value.if_object();
  return object ? object->if_contains(key) : nullptr;
}

std::string get_string(const json::value& value, std::string_view key, std::string_view fallback) {
  const auto* member = find(value, key);
  const auto* text = member ? member->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : std::string(fallback);
}

std::int64_t get_int(const json::value& value, std::string_view key, std::int64_t fallback) {
  const auto* member = find(value, key);
  if (!member || !member->is_number()) return fallback;
  boost::system::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  return error ? fallback : number;
}

bool get_bool(const json::value& value, std::string_view key, bool fallback) {
  const auto* member = find(value, key);
  const auto* truth = member ? member->if_bool() : nullptr;
  return truth ? *truth : fallback;
}

std::string pretty(const json::value& value) {
  std::string out;
  write_pretty(out, value, 0);
  out += '\n';
  return out;
}

}  // namespace lamplighter
