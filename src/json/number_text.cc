#include "json/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace lamplighter {
namespace {

// A decimal: 0.DIGITS times ten to the power of `point`.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest_decimal(double positive) {
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.begin(), buffer.end(), positive, std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  Decimal decimal;
  decimal.digits.push_back(text[0]);
  if (e > 2) decimal.digits.append(text.substr(2, e - 2));
  decimal.point = std::atoi(text.data() + e + 1) + 1;  // the buffer is zeroed behind the text
  return decimal;
}

std::string with_exponent(const Decimal& decimal) {
  std::string text(1, decimal.digits[0]);
  if (decimal.digits.size() > 1) text.append(".").append(decimal.digits, 1);
  const int exponent = decimal.point - 1;
  return text.append(exponent < 0 ? "e-" : "e+").append(std::to_string(std::abs(exponent)));
}

std::string lay_out(const Decimal& decimal) {
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.point > 21 || decimal.point < -5) return with_exponent(decimal);
  if (decimal.point <= 0)
    return "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  if (count <= decimal.point)
    return decimal.digits + std::string(static_cast<std::size_t>(decimal.point - count), '0');
  const auto point = static_cast<std::size_t>(decimal.point);
  return decimal.digits.substr(0, point) + "." + decimal.digits.substr(point);
}

}  // namespace

std::string number_to_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  if (number == 0) return "0";
  if (std::fabs(number) < 1e15 && number == std::floor(number)) {
    return std::to_string(static_cast<long long>(number));
  }
  const std::string text = lay_out(shortest_decimal(std::fabs(number)));
  return number < 0 ? "-" + text : text;
}

double to_15_digits(double number) {
  if (!std::isfinite(number) || number == 0) return number;
  if (std::fabs(number) < 1e15 && number == std::floor(number)) return number;
  if (shortest_decimal(std::fabs(number)).digits.size() <= 15) return number;
  // 31 digits show on which side of the middle the rest lies; the middle itself goes away from zero, where
  // printf would go to the even digit.
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.30e", std::fabs(number));
  std::string text(buffer.data(), static_cast<std::size_t>(length));
  const std::string exponent = text.substr(text.find('e') + 1);
  std::string digits = text.substr(0, 1) + text.substr(2, 14);
  const bool up = text[16] >= '5';
  auto value = std::strtoull(digits.c_str(), nullptr, 10) + (up ? 1 : 0);
  const std::string rounded = std::to_string(value) + "e" + std::to_string(std::atoi(exponent.c_str()) - 14);
  const double result = std::strtod(rounded.c_str(), nullptr);
  return number < 0 ? -result : result;
}

std::optional<double> text_to_number(std::string_view text) {
  const auto digit = [&text](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  const auto skip_digits = [&digit](std::size_t& i) {
    const std::size_t start = i;
    while (digit(i)) ++i;
    return i > start;
  };
  std::size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  if (!skip_digits(i)) return std::nullopt;
  if (i < text.size() && text[i] == '.' && !skip_digits(++i)) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!skip_digits(i)) return std::nullopt;
  }
  if (i != text.size()) return std::nullopt;
  double number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  // Out of range leaves the number unset; strtod tells too large from too small.
  if (result.ec == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return number;
}

std::string integer_in_base(double integer, int radix) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (!std::isfinite(integer)) return number_to_text(integer);
  double rest = std::fabs(integer);
  std::string text;
  while (rest >= kExact) {
    rest /= radix;
    text.push_back('0');
  }
  rest = std::floor(rest);
  do {
    const int digit = static_cast<int>(std::fmod(rest, radix));
    text.push_back("0123456789abcdefghijklmnopqrstuvwxyz"[digit]);
    rest = (rest - digit) / radix;
  } while (rest > 0);
  if (integer < 0) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

double to_integer(double number) { return std::isnan(number) ? 0 : std::trunc(number); }

}  // namespace lamplighter
