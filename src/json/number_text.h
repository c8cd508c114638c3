// Numbers as JavaScript writes and reads them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lamplighter {

/// The shortest text that reads back as the same number: "0.1", "1e+21", "NaN".
std::string number_to_text(double number);

/// The number rounded to 15 significant digits, half away from zero.
double to_15_digits(double number);

/// The whole text as a decimal number: sign, digits, fraction, exponent; nullopt where it is none. Too large
/// is infinity.
std::optional<double> text_to_number(std::string_view text);

/// A whole number in base `radix` (2 to 36). Digits that a double does not hold are zeros.
std::string integer_in_base(double integer, int radix);

/// JavaScript's ToIntegerOrInfinity: towards zero; NaN is 0.
double to_integer(double number);

}  // namespace lamplighter
