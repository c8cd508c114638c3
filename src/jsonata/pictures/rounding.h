// Rounding as $round does it.
#pragma once

namespace lamplighter::jsonata {

/// To `precision` decimal places (negative: to tens, hundreds, …), halves to the even neighbour. Works on the
/// decimal text of the number, so that 4.525 is a half although its double is a little less.
double round_half_even(double number, double precision);

}  // namespace lamplighter::jsonata
