#include "engine/core/payload.h"

#include <array>
#include <charconv>
#include <cmath>

namespace lamplighter::engine {
namespace {

/// "1e-07" → "1e-7"
void drop_exponent_zero(std::string& text) {
  const auto sign = text.find_first_of("+-", text.find('e'));
  if (sign != std::string::npos && text.size() == sign + 3 && text[sign + 1] == '0') text.erase(sign + 1, 1);
}

void write_double(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  const double size = std::abs(number);
  const bool fixed = size == 0 || (size >= 1e-6 && size < 1e21);
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  if (!fixed) drop_exponent_zero(text);
  out += text;
}

void write(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    char separator = '{';
    for (const auto& member : *object) {
      out += separator;
      separator = ',';
      out += json::serialize(json::string_view(member.key()));
      out += ':';
      write(out, member.value());
    }
    out += object->empty() ? "{}" : "}";
  } else if (const auto* array = value.if_array()) {
    char separator = '[';
    for (const auto& item : *array) {
      out += separator;
      separator = ',';
      write(out, item);
    }
    out += array->empty() ? "[]" : "]";
  } else if (const auto* number = value.if_double()) {
    write_double(out, *number);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string json_text(const json::value& value) {
  std::string out;
  write(out, value);
  return out;
}

Payload make_payload(json::value value) {
  std::string text = json_text(value);
  return std::make_shared<const PayloadData>(PayloadData{std::move(text), std::move(value)});
}

Result<Payload> read_payload(std::string_view text) {
  auto value = TRY(parse_json(text));
  return std::make_shared<const PayloadData>(PayloadData{std::string(text), std::move(value)});
}

}  // namespace lamplighter::engine
