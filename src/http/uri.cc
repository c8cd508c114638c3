#include "http/uri.h"

#include <algorithm>

namespace lamplighter::http {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/// A form's text, in which "+" is a blank.
std::string form_text(std::string_view text) {
  std::string with_blanks(text);
  std::replace(with_blanks.begin(), with_blanks.end(), '+', ' ');
  return percent_decode(with_blanks);
}

/// The text up to `separator`, which is taken off `rest` along with it.
std::string_view take(std::string_view& rest, char separator) {
  const std::string_view taken = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), taken.size() + 1));
  return taken;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::string form_encode(const Parameters& parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out += percent_encode(name);
    out += '=';
    out += percent_encode(value);
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    decoded += escape ? static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return decoded;
}

std::optional<Parameters> form_decode(std::string_view form, std::size_t max) {
  Parameters parameters;
  while (!form.empty()) {
    std::string_view value = take(form, '&');
    const std::string_view name = take(value, '=');
    if (name.empty()) continue;
    if (parameters.size() == max) return std::nullopt;
    parameters.emplace_back(form_text(name), form_text(value));
  }
  return parameters;
}

std::optional<Target> parse_target(std::string_view url) {
  constexpr std::size_t kMostParameters = 1'000;
  Target target;
  std::string_view path = take(url, '?');
  auto query = form_decode(url, kMostParameters);
  if (!query) return std::nullopt;
  target.query = std::move(*query);
  while (!path.empty()) {
    const std::string_view segment = take(path, '/');
    if (!segment.empty()) target.path.push_back(percent_decode(segment));
  }
  return target;
}

}  // namespace lamplighter::http
