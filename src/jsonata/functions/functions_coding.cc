// $base64encode…, $encodeUrl….
#include <array>
#include <optional>
#include <string>

#include "jsonata/evaluate/evaluator.h"
#include "jsonata/functions/functions.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// One byte a UTF-16 unit: its lower half. So the reference encodes, which knows no UTF-8 here.
Outcome base64_encode(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  const std::u16string units = to_units(arguments[0].string());
  TextBuilder out(evaluator.arena());
  for (std::size_t i = 0; i < units.size(); i += 3) {
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = (bits << 8U) | (i + j < units.size() ? units[i + j] & 0xFFU : 0U);
    for (std::size_t j = 0; j < 4; ++j) {
      out.append(i + j <= units.size() ? kBase64[(bits >> (18U - 6U * j)) & 0x3FU] : '=');
    }
  }
  return Value(out.view());
}

std::size_t base64_digit(char c) {
  if (c == '-') return 62;
  if (c == '_') return 63;
  return kBase64.find(c);
}

// Lenient: what is no digit is passed over, and the first "=" ends.
Outcome base64_decode(Evaluator& evaluator, Arguments arguments) {
  if (!arguments[0].is_string()) return Value();
  std::string text;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char c : arguments[0].string()) {
    if (c == '=') break;
    const std::size_t digit = base64_digit(c);
    if (digit == std::string_view::npos) continue;
    bits = (bits << 6U) | static_cast<unsigned>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    append_code_point(text, (bits >> count) & 0xFFU);
  }
  return Value(evaluator.arena().copy(text));
}

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
constexpr std::string_view kReserved = ";/?:@&=+$,#";

tl::unexpected<Failure*> malformed(Evaluator& evaluator, Value text, std::string_view name) {
  Failure failure;
  failure.code = "D3140";
  failure.value = text;
  failure.token = name;
  failure.has_token = true;
  return fail(evaluator.arena(), failure);
}

Outcome encode(Evaluator& evaluator, Value value, std::string_view name, bool keep_reserved) {
  if (!value.is_string()) return Value();
  if (has_lone_surrogate(value.string())) return malformed(evaluator, value, name);
  TextBuilder out(evaluator.arena());
  for (const char c : value.string()) {
    const bool plain = kUnreserved.find(c) != std::string_view::npos ||
                       (keep_reserved && kReserved.find(c) != std::string_view::npos);
    if (plain) {
      out.append(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.append('%');
    out.append("0123456789ABCDEF"[byte >> 4U]);
    out.append("0123456789ABCDEF"[byte & 0xFU]);
  }
  return Value(out.view());
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const int lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that %XX at `position` stands for.
std::optional<char> escaped_byte(std::string_view text, std::size_t position) {
  if (position + 2 >= text.size() || text[position] != '%') return std::nullopt;
  const int high = hex_digit(text[position + 1]);
  const int low = hex_digit(text[position + 2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

// The character that the escapes at `position` stand for, as UTF-8; nullopt where they are none.
std::optional<std::string> escaped_character(std::string_view text, std::size_t position) {
  std::string bytes;
  std::size_t length = 1;
  while (bytes.size() < length) {
    const auto byte = escaped_byte(text, position + 3 * bytes.size());
    if (!byte) return std::nullopt;
    bytes.push_back(*byte);
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() == 1) length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  std::size_t end = 0;
  const char32_t c = next_code_point(bytes, end);
  const bool shortest = length == 1 || c >= (length == 2 ? 0x80U : length == 3 ? 0x800U : 0x10000U);
  if (end != length || is_surrogate(c) || !shortest) return std::nullopt;
  return bytes;
}

Outcome decode(Evaluator& evaluator, Value value, std::string_view name, bool keep_reserved) {
  if (!value.is_string()) return Value();
  const std::string_view text = value.string();
  TextBuilder out(evaluator.arena());
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '%') {
      out.append(text[i++]);
      continue;
    }
    const auto character = escaped_character(text, i);
    if (!character) return malformed(evaluator, value, name);
    const std::size_t length = character->size() * 3;
    const bool keep =
        keep_reserved && character->size() == 1 && kReserved.find((*character)[0]) != std::string_view::npos;
    out.append(keep ? text.substr(i, length) : std::string_view(*character));
    i += length;
  }
  return Value(out.view());
}

Outcome encode_url(Evaluator& evaluator, Arguments arguments) {
  return encode(evaluator, arguments[0], "encodeUrl", true);
}
Outcome encode_url_component(Evaluator& evaluator, Arguments arguments) {
  return encode(evaluator, arguments[0], "encodeUrlComponent", false);
}
Outcome decode_url(Evaluator& evaluator, Arguments arguments) {
  return decode(evaluator, arguments[0], "decodeUrl", true);
}
Outcome decode_url_component(Evaluator& evaluator, Arguments arguments) {
  return decode(evaluator, arguments[0], "decodeUrlComponent", false);
}

constexpr std::array kFunctions{
    NativeFunction{"base64encode", "<s-:s>", 1, base64_encode},
    NativeFunction{"base64decode", "<s-:s>", 1, base64_decode},
    NativeFunction{"encodeUrl", "<s-:s>", 1, encode_url},
    NativeFunction{"encodeUrlComponent", "<s-:s>", 1, encode_url_component},
    NativeFunction{"decodeUrl", "<s-:s>", 1, decode_url},
    NativeFunction{"decodeUrlComponent", "<s-:s>", 1, decode_url_component},
};

}  // namespace

std::span<const NativeFunction> coding_functions() { return kFunctions; }

}  // namespace lamplighter::jsonata
