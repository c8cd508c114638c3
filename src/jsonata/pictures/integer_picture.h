// How $formatInteger, $parseInteger and the numbers in dates are written: the picture "#,##0;o", "w", "I", ….
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jsonata/failure.h"

namespace lamplighter::jsonata {

struct IntegerFormat {
  enum class Primary { decimal, letters, roman, words, sequence };
  enum class Case { upper, lower, title };
  struct Separator {
    std::size_t position;  ///< digits behind it
    char32_t character;
  };

  Primary primary = Primary::decimal;
  Case letter_case = Case::lower;
  bool ordinal = false;
  // Only of a decimal format:
  char32_t zero = U'0';
  std::optional<double> mandatory_digits;
  double optional_digits = 0;
  bool regular = false;               ///< the one separator repeats at its position
  std::vector<Separator> separators;  ///< from the right
  double parse_width = -1;            ///< at most so many digits are read; -1: any number
  std::string token;                  ///< of a sequence: what is not supported
};

/// Error: D3131.
Attempt<IntegerFormat> analyse_integer_picture(std::string_view picture, Arena& arena);

/// Errors: D3130 where the picture is a sequence, U1004 where the text would be too long.
Attempt<std::string> format_integer(double value, const IntegerFormat& format, Arena& arena);

/// NaN where the text is no such integer. Error: D3130.
Attempt<double> parse_integer(std::string_view text, const IntegerFormat& format, Arena& arena);

/// A regular expression of what parse_integer takes in a date.
Attempt<std::string> integer_pattern(const IntegerFormat& format, Arena& arena);

/// JavaScript's parseInt: the digits at the start, else NaN.
double leading_integer(std::string_view text);

}  // namespace lamplighter::jsonata
