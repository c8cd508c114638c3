#include "jsonata/pictures/rounding.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "json/number_text.h"

namespace lamplighter::jsonata {
namespace {

// The number times ten to the power of `places`, by moving the point of its text.
double shift(double number, double places) {
  std::string text = number_to_text(number);
  double exponent = places;
  if (const std::size_t e = text.find('e'); e != std::string::npos) {
    exponent += std::atof(text.c_str() + e + 1);
    text.resize(e);
  }
  // A part of a place makes the text no number.
  if (exponent != std::floor(exponent) || !std::isfinite(exponent)) return std::nan("");
  return std::strtod((text + "e" + number_to_text(exponent)).c_str(), nullptr);
}

}  // namespace

double round_half_even(double number, double precision) {
  if (precision != 0) number = shift(number, precision);
  double rounded = std::floor(number + 0.5);
  if (std::fabs(number) >= 4503599627370496.0)
    rounded = number;                                           // 2^52: no fraction; adding would lose digits
  if (number < 0.5 && number > 0 && rounded == 1) rounded = 0;  // 0.49999999999999994 + 0.5 is 1
  if (std::fabs(rounded - number) == 0.5 && std::fabs(std::fmod(rounded, 2)) == 1) rounded -= 1;
  if (precision != 0) rounded = shift(rounded, -precision);
  return rounded == 0 ? 0 : rounded;  // never -0
}

}  // namespace lamplighter::jsonata
