#include "jsonata/pictures/number_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

#include "json/number_text.h"
#include "jsonata/functions/text.h"
#include "jsonata/pictures/rounding.h"

namespace lamplighter::jsonata {
namespace {

using Text = std::u16string;
using View = std::u16string_view;

// The signs that a picture and a number are written with.
struct Signs {
  Text decimal = u".", grouping = u",", exponent = u"e", minus = u"-", percent = u"%", per_mille = u"\u2030",
       zero = u"0", digit = u"#", pattern = u";";

  explicit Signs(Value options) {
    if (!options.is_object()) return;
    const std::pair<std::string_view, Text*> names[] = {{"decimal-separator", &decimal},
                                                        {"grouping-separator", &grouping},
                                                        {"exponent-separator", &exponent},
                                                        {"minus-sign", &minus},
                                                        {"percent", &percent},
                                                        {"per-mille", &per_mille},
                                                        {"zero-digit", &zero},
                                                        {"digit", &digit},
                                                        {"pattern-separator", &pattern}};
    for (const auto& [name, sign] : names) {
      const Value value = member_of(options, name);
      if (value.is_string() && !value.string().empty()) *sign = to_units(value.string());
    }
  }

  [[nodiscard]] bool is_digit(char16_t c) const { return c >= zero[0] && c < zero[0] + 10; }
  [[nodiscard]] bool is_place(char16_t c) const { return is_digit(c) || is(c, digit); }
  [[nodiscard]] bool is_active(char16_t c) const {
    return is_place(c) || is(c, decimal) || is(c, exponent) || is(c, grouping) || is(c, pattern);
  }
  static bool is(char16_t c, const Text& sign) { return sign.size() == 1 && sign[0] == c; }
};

// One of the picture's two halves, taken apart.
struct Part {
  Text picture, prefix, suffix, active, mantissa, integer, fraction, exponent;
  bool has_exponent = false;
};

// What the picture asks for.
struct Layout {
  Text prefix, suffix, picture;
  std::vector<std::size_t> integer_groups, fraction_groups;
  std::size_t regular_group = 0;
  std::size_t min_integer = 0, min_fraction = 0, max_fraction = 0, min_exponent = 0, scaling = 0;
};

std::size_t count_digits(View text, const Signs& signs) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [&](char16_t c) { return signs.is_digit(c); }));
}
std::size_t count_places(View text, const Signs& signs) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [&](char16_t c) { return signs.is_place(c); }));
}

std::vector<Text> split(View text, View separator) {
  std::vector<Text> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end == View::npos ? end : end - start));
    if (end == View::npos) return parts;
    start = end + separator.size();
  }
}

Part take_apart(const Text& picture, const Signs& signs) {
  Part part;
  part.picture = picture;
  const auto starts = [&](char16_t c) { return signs.is_active(c) && !Signs::is(c, signs.exponent); };
  const auto first = std::find_if(picture.begin(), picture.end(), starts);
  const auto last = std::find_if(picture.rbegin(), picture.rend(), starts).base();
  if (first == picture.end()) return part;
  part.prefix.assign(picture.begin(), first);
  part.suffix.assign(last, picture.end());
  part.active.assign(first, last);
  const std::size_t exponent = picture.find(signs.exponent, part.prefix.size());
  part.has_exponent = exponent != Text::npos && exponent <= picture.size() - part.suffix.size();
  part.mantissa = part.has_exponent ? part.active.substr(0, exponent) : part.active;
  if (part.has_exponent)
    part.exponent = exponent + 1 < part.active.size() ? part.active.substr(exponent + 1) : Text();
  const std::size_t decimal = part.mantissa.find(signs.decimal);
  part.integer = part.mantissa.substr(0, decimal);
  part.fraction = decimal == Text::npos ? part.suffix : part.mantissa.substr(decimal + 1);
  return part;
}

bool occurs(const Text& text, const Text& sign) { return text.find(sign) != Text::npos; }
bool occurs_twice(const Text& text, const Text& sign) { return text.find(sign) != text.rfind(sign); }

// The code of the last rule that the picture breaks, or nullptr.
const char* broken_rule(const Part& part, const Signs& signs) {
  const char* code = nullptr;
  const auto check = [&code](bool broken, const char* its_code) {
    if (broken) code = its_code;
  };
  const Text& picture = part.picture;
  const std::size_t decimal = picture.find(signs.decimal);
  const bool percent = occurs(picture, signs.percent);
  const bool per_mille = occurs(picture, signs.per_mille);
  check(occurs_twice(picture, signs.decimal), "D3081");
  check(occurs_twice(picture, signs.percent), "D3082");
  check(occurs_twice(picture, signs.per_mille), "D3083");
  check(percent && per_mille, "D3084");
  check(count_places(part.mantissa, signs) == 0, "D3085");
  check(!std::all_of(part.active.begin(), part.active.end(), [&](char16_t c) { return signs.is_active(c); }),
        "D3086");
  if (decimal != Text::npos) {
    const bool before = decimal > 0 && Signs::is(picture[decimal - 1], signs.grouping);
    const bool behind = decimal + 1 < picture.size() && Signs::is(picture[decimal + 1], signs.grouping);
    check(before || behind, "D3087");
  } else {
    check(!part.integer.empty() && Signs::is(part.integer.back(), signs.grouping), "D3088");
  }
  check(occurs(picture, signs.grouping + signs.grouping), "D3089");
  const std::size_t optional = part.integer.find(signs.digit);
  check(optional != Text::npos && count_digits(View(part.integer).substr(0, optional), signs) > 0, "D3090");
  const std::size_t last_optional = part.fraction.rfind(signs.digit);
  check(last_optional != Text::npos && count_digits(View(part.fraction).substr(last_optional), signs) > 0,
        "D3091");
  check(part.has_exponent && !part.exponent.empty() && (percent || per_mille), "D3092");
  check(part.has_exponent &&
            (part.exponent.empty() || count_digits(part.exponent, signs) != part.exponent.size()),
        "D3093");
  return code;
}

// How many places stand beside each grouping sign: to its right, or (`to_left`) to its left.
std::vector<std::size_t> group_positions(const Text& text, const Text& integer, bool to_left,
                                         const Signs& signs) {
  std::vector<std::size_t> positions;
  std::size_t place = text.find(signs.grouping);
  while (place != Text::npos) {
    const View all(text);
    const std::size_t cut = std::min(place, all.size());
    positions.push_back(count_places(to_left ? all.substr(0, cut) : all.substr(cut), signs));
    // The reference looks for further signs in the integer part, also when it counts in the fraction.
    place = integer.find(signs.grouping, place + 1);
  }
  return positions;
}

std::size_t regular_distance(const std::vector<std::size_t>& positions) {
  std::size_t distance = 0;
  for (const std::size_t position : positions) distance = std::gcd(distance, position);
  for (std::size_t i = 1; i <= positions.size(); ++i) {
    if (std::find(positions.begin(), positions.end(), i * distance) == positions.end()) return 0;
  }
  return distance;
}

Layout lay_out(const Part& part, const Signs& signs) {
  Layout layout;
  layout.prefix = part.prefix;
  layout.suffix = part.suffix;
  layout.picture = part.picture;
  layout.integer_groups = group_positions(part.integer, part.integer, false, signs);
  layout.fraction_groups = group_positions(part.fraction, part.integer, true, signs);
  layout.regular_group = regular_distance(layout.integer_groups);
  layout.min_integer = layout.scaling = count_digits(part.integer, signs);
  layout.min_fraction = count_digits(part.fraction, signs);
  layout.max_fraction = count_places(part.fraction, signs);
  if (layout.min_integer == 0 && layout.max_fraction == 0) {
    if (part.has_exponent) {
      layout.min_fraction = layout.max_fraction = 1;
    } else {
      layout.min_integer = 1;
    }
  }
  if (part.has_exponent && layout.min_integer == 0 && occurs(part.integer, signs.digit))
    layout.min_integer = 1;
  if (layout.min_integer == 0 && layout.min_fraction == 0) layout.min_fraction = 1;
  if (part.has_exponent) layout.min_exponent = count_digits(part.exponent, signs);
  return layout;
}

// --- writing
// ----------------------------------------------------------------------------------------------------

// The number with a fixed count of decimal places, in the picture's digits.
Text fixed(double value, std::size_t places, const Signs& signs) {
  constexpr double kLargest = 1e21;  // from here on JavaScript writes an exponent
  std::string text;
  if (!(std::fabs(value) < kLargest)) {
    text = number_to_text(std::fabs(value));
  } else {
    std::array<char, 160> buffer{};
    const int size = std::snprintf(buffer.data(), buffer.size(), "%.*f",
                                   static_cast<int>(std::min<std::size_t>(places, 100)), std::fabs(value));
    text.assign(buffer.data(), static_cast<std::size_t>(size));
  }
  Text units = to_units(text);
  for (char16_t& c : units) {
    if (c >= u'0' && c <= u'9') c = static_cast<char16_t>(signs.zero[0] + (c - u'0'));
  }
  return units;
}

// Brings the mantissa to the picture's number of integer digits; gives the exponent.
double scale(double& mantissa, std::size_t digits) {
  const double most = std::pow(10, static_cast<double>(digits));
  const double least = std::pow(10, static_cast<double>(digits) - 1);
  double exponent = 0;
  if (mantissa == 0 || !std::isfinite(mantissa)) return exponent;
  for (; std::fabs(mantissa) < least; --exponent) mantissa *= 10;
  for (; std::fabs(mantissa) > most; ++exponent) mantissa /= 10;
  return exponent;
}

void strip_zeros(Text& text, char16_t zero) {
  text.erase(0, std::min(text.find_first_not_of(zero), text.size()));
  text.erase(text.find_last_not_of(zero) + 1);
}

void pad(Text& text, const Layout& layout, const Signs& signs) {
  const std::size_t decimal = text.find(signs.decimal);
  const std::size_t behind = text.size() - decimal - 1;
  if (layout.min_fraction > behind) text.append(layout.min_fraction - behind, signs.zero[0]);
  if (layout.min_integer > decimal) text.insert(0, layout.min_integer - decimal, signs.zero[0]);
}

// Inserts a grouping sign, at a place as JavaScript's slice takes it: from the end where negative. So the
// reference does where groups are wider than the number.
void insert_sign(Text& text, std::ptrdiff_t place, const Signs& signs) {
  const auto size = static_cast<std::ptrdiff_t>(text.size());
  const auto cut =
      static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(place < 0 ? size + place : place, 0, size));
  text.insert(cut, signs.grouping);
}

void group(Text& text, const Layout& layout, const Signs& signs) {
  auto decimal = static_cast<std::ptrdiff_t>(text.find(signs.decimal));
  if (layout.regular_group > 0) {
    const auto width = static_cast<std::ptrdiff_t>(layout.regular_group);
    const std::ptrdiff_t groups = decimal == 0 ? 0 : (decimal - 1) / width;
    for (std::ptrdiff_t i = 1; i <= groups; ++i) insert_sign(text, decimal - i * width, signs);
  } else {
    for (const std::size_t position : layout.integer_groups) {
      insert_sign(text, decimal - static_cast<std::ptrdiff_t>(position), signs);
      ++decimal;
    }
  }
  decimal = static_cast<std::ptrdiff_t>(text.find(signs.decimal));
  for (const std::size_t position : layout.fraction_groups) {
    insert_sign(text, static_cast<std::ptrdiff_t>(position) + decimal + 1, signs);
  }
}

Text write_number(double value, const Layout& layout, const Signs& signs) {
  double mantissa = value;
  if (occurs(layout.picture, signs.percent)) {
    mantissa *= 100;
  } else if (occurs(layout.picture, signs.per_mille)) {
    mantissa *= 1000;
  }
  const bool has_exponent = layout.min_exponent > 0;
  const double exponent = has_exponent ? scale(mantissa, layout.scaling) : 0;
  const double rounded = round_half_even(mantissa, static_cast<double>(layout.max_fraction));
  Text text = fixed(rounded, layout.max_fraction, signs);
  const std::size_t point = text.find(u'.');
  if (point == Text::npos) {
    text += signs.decimal;
  } else {
    text.replace(point, 1, signs.decimal);
  }
  strip_zeros(text, signs.zero[0]);
  pad(text, layout, signs);
  group(text, layout, signs);
  const bool point_last = text.find(signs.decimal) == text.size() - 1;
  if (!occurs(layout.picture, signs.decimal) || point_last) text.pop_back();
  if (has_exponent) {
    Text digits = fixed(exponent, 0, signs);
    if (layout.min_exponent > digits.size())
      digits.insert(0, layout.min_exponent - digits.size(), signs.zero[0]);
    text += signs.exponent + (exponent < 0 ? signs.minus : Text()) + digits;
  }
  return layout.prefix + text + layout.suffix;
}

}  // namespace

Attempt<std::string> format_number(double value, std::string_view picture, Value options, Arena& arena) {
  const Signs signs(options);
  const std::vector<Text> pictures = split(to_units(picture), signs.pattern);
  if (pictures.size() > 2) return fail(arena, "D3080");
  std::vector<Layout> layouts;
  for (const Text& half : pictures) {
    const Part part = take_apart(half, signs);
    if (const char* code = broken_rule(part, signs)) return fail(arena, code);
    layouts.push_back(lay_out(part, signs));
  }
  if (layouts.size() == 1) {
    layouts.push_back(layouts[0]);
    layouts[1].prefix = signs.minus + layouts[1].prefix;
  }
  return from_units(write_number(value, layouts[value >= 0 ? 0 : 1], signs));
}

}  // namespace lamplighter::jsonata
