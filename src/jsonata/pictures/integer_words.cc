#include "jsonata/pictures/integer_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "jsonata/functions/case_mapping.h"

namespace lamplighter::jsonata {
namespace {

constexpr std::array<std::string_view, 20> kFew{"Zero",    "One",     "Two",       "Three",    "Four",
                                                "Five",    "Six",     "Seven",     "Eight",    "Nine",
                                                "Ten",     "Eleven",  "Twelve",    "Thirteen", "Fourteen",
                                                "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
constexpr std::array<std::string_view, 20> kOrdinals{
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
constexpr std::array<std::string_view, 8> kDecades{"Twenty", "Thirty",  "Forty",  "Fifty",
                                                   "Sixty",  "Seventy", "Eighty", "Ninety"};
constexpr std::array<std::string_view, 4> kMagnitudes{"Thousand", "Million", "Billion", "Trillion"};

std::string words(double number, bool follows, bool ordinal);

std::string below_hundred(double number, bool follows, bool ordinal) {
  const std::string lead = follows ? " and " : "";
  const auto n = static_cast<std::size_t>(number);
  if (n < 20) return lead + std::string(ordinal ? kOrdinals[n] : kFew[n]);
  std::string text(kDecades[n / 10 - 2]);
  if (n % 10 > 0) return lead + text + "-" + words(static_cast<double>(n % 10), false, ordinal);
  if (ordinal) text.replace(text.size() - 1, 1, "ieth");
  return lead + text;
}

// What comes behind "Hundred", "Thousand", ….
std::string remainder_words(double remainder, bool ordinal) {
  if (remainder > 0) return words(remainder, true, ordinal);
  return ordinal ? "th" : "";
}

std::string words(double number, bool follows, bool ordinal) {
  if (number < 100) return below_hundred(number, follows, ordinal);
  const std::string lead = follows ? ", " : "";
  if (number < 1000) {
    const auto hundreds = static_cast<std::size_t>(number / 100);
    return lead + std::string(kFew[hundreds]) + " Hundred" + remainder_words(std::fmod(number, 100), ordinal);
  }
  const double exponent =
      std::min(std::floor(std::log10(number) / 3), static_cast<double>(kMagnitudes.size()));
  const double factor = std::pow(10, exponent * 3);
  const double count = std::floor(number / factor);
  const std::string_view magnitude = kMagnitudes[static_cast<std::size_t>(exponent) - 1];
  return lead + words(count, false, false) + " " + std::string(magnitude) +
         remainder_words(number - count * factor, ordinal);
}

struct WordValues {
  std::unordered_map<std::string, double> values;
  std::vector<std::string> words;  // in order

  void add(const std::string& word, double value) {
    if (values.emplace(word, value).second) words.push_back(word);
  }
};

WordValues make_word_values() {
  WordValues all;
  for (std::size_t i = 0; i < kFew.size(); ++i) all.add(to_lower(kFew[i]), static_cast<double>(i));
  for (std::size_t i = 0; i < kOrdinals.size(); ++i) all.add(to_lower(kOrdinals[i]), static_cast<double>(i));
  for (std::size_t i = 0; i < kDecades.size(); ++i) {
    std::string word = to_lower(kDecades[i]);
    const auto value = static_cast<double>((i + 2) * 10);
    all.add(word, value);
    all.add(word.replace(word.size() - 1, 1, "ieth"), value);
  }
  all.add("hundred", 100);
  all.add("hundredth", 100);
  for (std::size_t i = 0; i < kMagnitudes.size(); ++i) {
    const std::string word = to_lower(kMagnitudes[i]);
    const double value = std::pow(10, static_cast<double>(i + 1) * 3);
    all.add(word, value);
    all.add(word + "th", value);
  }
  return all;
}

const WordValues& word_values() {
  static const WordValues values = make_word_values();
  return values;
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// How long the gap between words at `i` is: ", ", " and ", a space, hyphen or backslash.
std::size_t gap_length(std::string_view text, std::size_t i) {
  if (text[i] == ',' && i + 1 < text.size() && is_space(text[i + 1])) return 2;
  if (is_space(text[i]) && text.substr(i + 1, 3) == "and" && i + 4 < text.size() && is_space(text[i + 4]))
    return 5;
  return is_space(text[i]) || text[i] == '-' || text[i] == '\\' ? 1 : 0;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t gap = gap_length(text, i);
    if (gap == 0) {
      parts.back().push_back(text[i++]);
    } else {
      parts.emplace_back();
      i += gap;
    }
  }
  return parts;
}

struct Numeral {
  double value;
  std::string_view letters;
};
constexpr std::array<Numeral, 13> kNumerals{{{1000, "m"},
                                             {900, "cm"},
                                             {500, "d"},
                                             {400, "cd"},
                                             {100, "c"},
                                             {90, "xc"},
                                             {50, "l"},
                                             {40, "xl"},
                                             {10, "x"},
                                             {9, "ix"},
                                             {5, "v"},
                                             {4, "iv"},
                                             {1, "i"}}};

double roman_digit(char c) {
  switch (c) {
    case 'M':
      return 1000;
    case 'D':
      return 500;
    case 'C':
      return 100;
    case 'L':
      return 50;
    case 'X':
      return 10;
    case 'V':
      return 5;
    case 'I':
      return 1;
    default:
      return std::nan("");
  }
}

}  // namespace

std::string number_to_words(double number, bool ordinal) { return words(number, false, ordinal); }

double words_to_number(std::string_view text) {
  std::vector<double> segments{0};
  for (const std::string& word : split_words(text)) {
    const auto found = word_values().values.find(word);
    if (found == word_values().values.end()) return std::nan("");
    const double value = found->second;
    if (value >= 100) {
      segments.back() *= value;
    } else if (segments.back() >= 1000) {
      segments.push_back(value);
    } else {
      segments.back() += value;
    }
  }
  double sum = 0;
  for (const double segment : segments) sum += segment;
  return sum;
}

const std::vector<std::string>& number_words() { return word_values().words; }

std::string number_to_roman(double number) {
  std::string text;
  for (const Numeral& numeral : kNumerals) {
    for (; number >= numeral.value; number -= numeral.value) text.append(numeral.letters);
  }
  return text;
}

double roman_to_number(std::string_view text) {
  double number = 0;
  double largest = 1;
  for (std::size_t i = text.size(); i-- > 0;) {
    const double value = roman_digit(text[i]);
    if (value < largest) {
      number -= value;
    } else {
      largest = value;
      number += value;
    }
  }
  return number;
}

std::string number_to_letters(double number, char first) {
  std::string letters;
  for (; number > 0; number = std::floor((number - 1) / 26)) {
    letters.push_back(static_cast<char>(first + static_cast<int>(std::fmod(number - 1, 26))));
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

double letters_to_number(std::string_view text, char first) {
  double number = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    number += (static_cast<unsigned char>(text[text.size() - i - 1]) - first + 1) *
              std::pow(26, static_cast<double>(i));
  }
  return number;
}

}  // namespace lamplighter::jsonata
