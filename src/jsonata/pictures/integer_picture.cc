#include "jsonata/pictures/integer_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "json/number_text.h"
#include "jsonata/functions/case_mapping.h"
#include "jsonata/functions/text.h"
#include "jsonata/pictures/integer_words.h"

namespace lamplighter::jsonata {
namespace {

using Primary = IntegerFormat::Primary;
using Case = IntegerFormat::Case;

constexpr double kLongest = 100'000;  // digits and letters

// The zeros of the decimal digits that Unicode knows (in the basic plane).
constexpr std::array<char32_t, 37> kZeros{
    0x30,   0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10};

std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) points.push_back(next_code_point(text, i));
  return points;
}

std::string as_text(const std::u32string& points) {
  std::string text;
  for (const char32_t c : points) append_code_point(text, c);
  return text;
}

char32_t zero_of(char32_t digit) {
  const auto* found = std::find_if(kZeros.begin(), kZeros.end(),
                                   [digit](char32_t zero) { return digit >= zero && digit <= zero + 9; });
  return found == kZeros.end() ? 0 : *found;
}

// The distance at which one separator repeats; 0 where they are irregular.
std::size_t regular_distance(const std::vector<IntegerFormat::Separator>& separators) {
  if (separators.empty()) return 0;
  std::size_t distance = 0;
  for (const auto& separator : separators) {
    if (separator.character != separators[0].character) return 0;
    distance = std::gcd(distance, separator.position);
  }
  for (std::size_t i = 1; i <= separators.size(); ++i) {
    const bool present = std::any_of(separators.begin(), separators.end(), [&](const auto& separator) {
      return separator.position == i * distance;
    });
    if (!present) return 0;
  }
  return distance;
}

bool set_named_format(IntegerFormat& format, std::string_view name) {
  const auto set = [&format](Primary primary, Case letter_case) {
    format.primary = primary;
    format.letter_case = letter_case;
    return true;
  };
  if (name == "A") return set(Primary::letters, Case::upper);
  if (name == "a") return set(Primary::letters, Case::lower);
  if (name == "I") return set(Primary::roman, Case::upper);
  if (name == "i") return set(Primary::roman, Case::lower);
  if (name == "W") return set(Primary::words, Case::upper);
  if (name == "Ww") return set(Primary::words, Case::title);
  if (name == "w") return set(Primary::words, Case::lower);
  return false;
}

Done analyse_digits(IntegerFormat& format, std::string_view pattern, Arena& arena) {
  std::u32string points = code_points(pattern);
  std::reverse(points.begin(), points.end());
  std::size_t position = 0;
  double mandatory = 0;
  char32_t zero = 0;
  for (const char32_t c : points) {
    if (const char32_t group = zero_of(c); group != 0) {
      if (zero != 0 && group != zero) return fail(arena, "D3131");
      zero = group;
      ++mandatory;
      ++position;
    } else if (c == U'#') {
      ++format.optional_digits;
      ++position;
    } else {
      format.separators.push_back({position, c});
    }
  }
  if (mandatory == 0) {
    format.primary = Primary::sequence;
    format.token = pattern;
    return {};
  }
  format.zero = zero;
  format.mandatory_digits = mandatory;
  if (const std::size_t distance = regular_distance(format.separators); distance > 0) {
    format.regular = true;
    format.separators = {{distance, format.separators[0].character}};
  }
  return {};
}

// --- formatting
// -----------------------------------------------------------------------------------------------

// JavaScript's substr(start): from the end where `start` is negative.
std::u32string substr_from(const std::u32string& text, std::ptrdiff_t start) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
  if (start < 0) start = std::max<std::ptrdiff_t>(0, size + start);
  return text.substr(static_cast<std::size_t>(std::min(start, size)));
}

void insert_separator(std::u32string& digits, std::size_t position, char32_t character) {
  const auto place = static_cast<std::ptrdiff_t>(digits.size()) - static_cast<std::ptrdiff_t>(position);
  // Where the number is shorter than the picture, the reference loses digits so; it stays as it is.
  const std::u32string before =
      place > 0 ? digits.substr(0, static_cast<std::size_t>(place)) : std::u32string();
  digits = before + character + substr_from(digits, place);
}

void insert_separators(std::u32string& digits, const IntegerFormat& format) {
  if (!format.regular) {
    for (auto separator = format.separators.rbegin(); separator != format.separators.rend(); ++separator) {
      insert_separator(digits, separator->position, separator->character);
    }
    return;
  }
  const std::size_t distance = format.separators[0].position;
  for (std::size_t i = digits.empty() ? 0 : (digits.size() - 1) / distance; i > 0; --i) {
    insert_separator(digits, i * distance, format.separators[0].character);
  }
}

std::u32string_view ordinal_suffix(const std::u32string& digits) {
  const bool teen = digits.size() > 1 && digits[digits.size() - 2] == U'1';
  if (digits.empty() || teen) return U"th";
  switch (digits.back()) {
    case U'1':
      return U"st";
    case U'2':
      return U"nd";
    case U'3':
      return U"rd";
    default:
      return U"th";
  }
}

Attempt<std::string> format_decimal(double value, const IntegerFormat& format, Arena& arena) {
  std::u32string digits = code_points(number_to_text(value));
  const double mandatory = format.mandatory_digits.value_or(0);
  if (mandatory > kLongest) return fail(arena, kByteLimit);
  const double missing = mandatory - static_cast<double>(digits.size());
  if (missing > 0) digits.insert(0, static_cast<std::size_t>(missing), U'0');
  for (char32_t& c : digits) c += format.zero - U'0';
  insert_separators(digits, format);
  if (format.ordinal) digits += ordinal_suffix(digits);
  return as_text(digits);
}

tl::unexpected<Failure*> not_supported(const IntegerFormat& format, Arena& arena) {
  return fail(arena, "D3130", Value(arena.copy(format.token)));
}

Attempt<std::string> format_positive(double value, const IntegerFormat& format, Arena& arena) {
  constexpr double kLargestRoman = kLongest * 1000;  // an m each
  const bool upper = format.letter_case == Case::upper;
  switch (format.primary) {
    case Primary::letters:
      return number_to_letters(value, upper ? 'A' : 'a');
    case Primary::roman: {
      if (value > kLargestRoman) return fail(arena, kByteLimit);
      const std::string numerals = number_to_roman(value);
      return upper ? to_upper(numerals) : numerals;
    }
    case Primary::words: {
      const std::string words = number_to_words(value, format.ordinal);
      if (format.letter_case == Case::title) return words;
      return upper ? to_upper(words) : to_lower(words);
    }
    case Primary::decimal:
      return format_decimal(value, format, arena);
    default:
      return not_supported(format, arena);
  }
}

// --- parsing
// --------------------------------------------------------------------------------------------------

double parse_decimal(std::string_view text, const IntegerFormat& format) {
  std::u32string digits = code_points(text);
  if (format.ordinal) digits.resize(digits.size() >= 2 ? digits.size() - 2 : 0);
  const auto is_separator = [&format](char32_t c) {
    if (format.regular) return c == U',';
    return std::any_of(format.separators.begin(), format.separators.end(),
                       [c](const auto& separator) { return separator.character == c; });
  };
  digits.erase(std::remove_if(digits.begin(), digits.end(), is_separator), digits.end());
  for (char32_t& c : digits) c = c >= format.zero && c <= format.zero + 9 ? c - format.zero + U'0' : c;
  return leading_integer(as_text(digits));
}

// How many digits a date's pattern takes.
std::string repetition(const IntegerFormat& format) {
  if (!(format.parse_width > 0)) return "+";
  const std::string most = number_to_text(format.parse_width);
  if (format.optional_digits == 0) return "{" + most + "}";
  return "{" + number_to_text(std::max(0.0, format.parse_width - format.optional_digits)) + "," + most + "}";
}

}  // namespace

Attempt<IntegerFormat> analyse_integer_picture(std::string_view picture, Arena& arena) {
  IntegerFormat format;
  const std::size_t semicolon = picture.rfind(';');
  if (semicolon != std::string_view::npos) format.ordinal = picture.substr(semicolon + 1, 1) == "o";
  const std::string_view primary = picture.substr(0, semicolon);
  if (!set_named_format(format, primary)) JSONATA_CHECK(analyse_digits(format, primary, arena));
  return format;
}

Attempt<std::string> format_integer(double value, const IntegerFormat& format, Arena& arena) {
  const bool endless = std::isinf(value) || (std::isnan(value) && format.primary == Primary::words);
  if (endless && format.primary != Primary::decimal) return fail(arena, "D1001", Value(value));
  const std::string text = JSONATA_TRY(format_positive(std::fabs(value), format, arena));
  return value < 0 ? "-" + text : text;
}

Attempt<double> parse_integer(std::string_view text, const IntegerFormat& format, Arena& arena) {
  const bool upper = format.letter_case == Case::upper;
  switch (format.primary) {
    case Primary::letters:
      return letters_to_number(text, upper ? 'A' : 'a');
    case Primary::roman:
      return roman_to_number(upper ? std::string(text) : to_upper(text));
    case Primary::words:
      return words_to_number(to_lower(text));
    case Primary::decimal:
      return parse_decimal(text, format);
    default:
      return not_supported(format, arena);
  }
}

Attempt<std::string> integer_pattern(const IntegerFormat& format, Arena& arena) {
  const bool upper = format.letter_case == Case::upper;
  switch (format.primary) {
    case Primary::letters:
      return std::string(upper ? "[A-Z]+" : "[a-z]+");
    case Primary::roman:
      return std::string(upper ? "[MDCLXVI]+" : "[mdclxvi]+");
    case Primary::words: {
      std::string pattern = "(?:";
      for (const std::string& word : number_words()) pattern += word + "|";
      return pattern + "and|[\\-, ])+";
    }
    case Primary::decimal: {
      std::string pattern = "[0-9]" + repetition(format);
      return format.ordinal ? pattern + "(?:th|st|nd|rd)" : pattern;
    }
    default:
      return not_supported(format, arena);
  }
}

double leading_integer(std::string_view text) {
  std::size_t i = text.find_first_not_of(" \t\n\v\f\r");
  if (i == std::string_view::npos) return std::nan("");
  const bool negative = text[i] == '-';
  if (text[i] == '-' || text[i] == '+') ++i;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", i), text.size());
  if (end == i || i >= text.size()) return std::nan("");
  const double number = text_to_number(text.substr(i, end - i)).value_or(0);
  return negative ? -number : number;
}

}  // namespace lamplighter::jsonata
