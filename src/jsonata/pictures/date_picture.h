// The pictures of $fromMillis and $toMillis: "[D1o] [MNn] [Y0001]" (XPath Functions and
// Operators 3.1, 9.8.4).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jsonata/failure.h"
#include "jsonata/pictures/integer_picture.h"

namespace lamplighter::jsonata {

struct DatePart {
  enum class Names { none, upper, lower, title };

  std::string literal;    ///< text between markers; then the rest is unused
  char component = '\0';  ///< Y, M, D, …; '\0' for a literal
  Names names = Names::none;
  std::string presentation;
  char second_presentation = '\0';  ///< a, t, c or o
  std::optional<double> min_width;  ///< NaN where the width is no number
  std::optional<double> max_width;
  std::optional<IntegerFormat> integer;
  double digits = -1;  ///< of a year, month or day: how many of the last ones; -1: all
};

/// Errors: D3131, D3132, D3135.
Attempt<std::vector<DatePart>> analyse_date_picture(std::string_view picture, Arena& arena);

/// The time as the picture shows it, shifted by `zone` ("+0530"). Errors: also D3130, D3133, D3134.
Attempt<std::string> format_date(double milliseconds, std::string_view picture, std::string_view zone,
                                 Arena& arena);

/// Milliseconds of the text that is written so; parts that the picture has no marker for come from `now`.
/// nullopt where the text is not written so. Errors: also D3136.
Attempt<std::optional<double>> parse_date(std::string_view text, std::string_view picture, double now,
                                          Arena& arena);

/// Milliseconds of an ISO 8601 text; NaN where there is no such time. Error: D3110 where it is not written
/// so.
Attempt<double> parse_iso_date(std::string_view text, Arena& arena);

/// "January" of 1, "Monday" of 1.
std::string_view month_name(double month);
std::string_view day_name(double weekday);

}  // namespace lamplighter::jsonata
