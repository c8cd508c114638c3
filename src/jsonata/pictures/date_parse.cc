// Dates read by a picture, and ISO 8601 dates.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "jsonata/functions/regex.h"
#include "jsonata/functions/text.h"
#include "jsonata/pictures/calendar.h"
#include "jsonata/pictures/date_picture.h"

namespace lamplighter::jsonata {
namespace {

// By component: its value, or nothing where the text has a name that is none.
using Components = std::map<char, std::optional<double>>;

bool is_zone(const DatePart& part) { return part.component == 'Z' || part.component == 'z'; }

// The separator between hours and minutes, if the picture has a regular one.
std::string zone_separator(const DatePart& part) {
  std::string separator;
  if (part.integer->regular) append_code_point(separator, part.integer->separators[0].character);
  return separator;
}

std::string escaped(std::string_view literal) {
  std::string pattern;
  for (const char c : literal) {
    if (std::string_view(".*+?^${}()|[]\\").find(c) != std::string_view::npos) pattern.push_back('\\');
    pattern.push_back(c);
  }
  return pattern;
}

Attempt<std::string> pattern_of(const DatePart& part, Arena& arena) {
  if (part.component == '\0') return escaped(part.literal);
  if (is_zone(part)) {
    const std::string separator = zone_separator(part);
    return std::string(part.component == 'z' ? "GMT" : "") + "[-+][0-9]+" +
           (separator.empty() ? "" : separator + "[0-9]+");
  }
  if (part.integer) return integer_pattern(*part.integer, arena);
  if (part.component == 'M' || part.component == 'x' || part.component == 'F' || part.component == 'P') {
    return std::string("[a-zA-Z]+");
  }
  return fail(arena, "D3133", Value(arena.copy(std::string_view(&part.component, 1))));
}

// Minutes east of UTC.
double parse_zone(const DatePart& part, std::string_view text) {
  if (part.component == 'z') text.remove_prefix(std::min<std::size_t>(3, text.size()));
  const std::string separator = zone_separator(part);
  const std::size_t place = separator.empty() ? std::string_view::npos : text.find(separator);
  if (place != std::string_view::npos) {
    return leading_integer(text.substr(0, place)) * 60 +
           leading_integer(text.substr(place + separator.size()));
  }
  if (text.size() <= 3) return leading_integer(text) * 60;
  return leading_integer(text.substr(0, 3)) * 60 + leading_integer(text.substr(3));
}

std::optional<double> parse_name(const DatePart& part, std::string_view text) {
  if (part.component == 'P') {
    if (text == "am" || text == "AM") return 0;
    return text == "pm" || text == "PM" ? std::optional(1.0) : std::nullopt;
  }
  const bool month = part.component != 'F';
  const double width = part.max_width.value_or(0);
  std::optional<double> found;
  for (double i = 1; i <= (month ? 12 : 7); ++i) {
    std::string_view name = month ? month_name(i) : day_name(i);
    if (width >= 1) name = name.substr(0, static_cast<std::size_t>(width));
    if (name == text) found = i;  // of "Ju" the last one
  }
  return found;
}

Attempt<std::optional<double>> parse_part(const DatePart& part, std::string_view text, Arena& arena) {
  if (is_zone(part)) return std::optional(parse_zone(part, text));
  if (!part.integer) return parse_name(part, text);
  return std::optional(JSONATA_TRY(parse_integer(text, *part.integer, arena)));
}

// The components of the text; nullopt where it does not match the picture.
Attempt<std::optional<Components>> read_components(std::string_view text, const std::vector<DatePart>& parts,
                                                   Arena& arena) {
  std::string pattern = "^";
  for (const DatePart& part : parts) pattern += "(" + JSONATA_TRY(pattern_of(part, arena)) + ")";
  const auto regex = Regex::compile(pattern + "$", "i");
  if (!regex) return fail(arena, kRegexLimit);
  const std::u16string units = to_units(text);
  const auto match = (*regex)->search(units, 0);
  if (!match && match.error() == Regex::Error::limit) return fail(arena, kRegexLimit);
  if (!match) return std::optional<Components>();
  Components components;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].component == '\0' || i + 1 >= match->size()) continue;
    const Regex::Range range = (*match)[i + 1];
    const std::string piece =
        from_units(std::u16string_view(units).substr(range.start, range.end - range.start));
    components[parts[i].component] = JSONATA_TRY(parse_part(parts[i], piece, arena));
  }
  return std::optional(components);
}

// --- which components say when
// ----------------------------------------------------------------------------------

std::optional<double> value_of(const Components& components, char component) {
  const auto found = components.find(component);
  return found == components.end() ? std::nullopt : found->second;
}

// Present, and neither zero nor NaN: what the reference takes for given when it looks which kind of date it
// is.
bool is_given(const Components& components, char component) {
  const auto value = value_of(components, component);
  return value && *value != 0 && !std::isnan(*value);
}

// Whether, of all of `among`, at least one of `allowed` is given and none else.
bool only(const Components& components, std::string_view among, std::string_view allowed) {
  bool any = false;
  for (const char c : among) {
    if (!is_given(components, c)) continue;
    if (allowed.find(c) == std::string_view::npos) return false;
    any = true;
  }
  return any;
}

double current(char component, double now) {
  const CivilTime time = civil_time(now);
  switch (component) {
    case 'Y':
      return time.year;
    case 'M':
      return time.month;
    case 'D':
      return time.day;
    case 'd':
      return day_of_year(time);
    case 'H':
      return time.hour;
    case 'h':
      return std::fmod(time.hour, 12) == 0 ? 12 : std::fmod(time.hour, 12);
    case 'm':
      return time.minute;
    case 's':
      return time.second;
    case 'f':
      return time.millisecond;
    default:
      return std::nan("");
  }
}

// From the most significant component on: what stands before the given ones is now's, what stands behind them
// is the least. A gap among them is an error.
Done fill_in(Components& components, std::string_view order, double now, Arena& arena) {
  bool started = false;
  bool ended = false;
  for (const char c : order) {
    if (value_of(components, c)) {
      if (ended) return fail(arena, "D3136");
      started = true;
    } else if (started) {
      components[c] = c == 'M' || c == 'D' || c == 'd' ? 1 : 0;
      ended = true;
    } else {
      components[c] = current(c, now);
    }
  }
  return {};
}

double zone_minutes(const Components& components) {
  if (is_given(components, 'Z')) return *value_of(components, 'Z');
  return is_given(components, 'z') ? *value_of(components, 'z') : 0;
}

Attempt<double> time_of(Components components, double now, Arena& arena) {
  constexpr std::string_view kDate = "YXMxWwdD";
  constexpr std::string_view kTime = "PHhmsf";
  const bool by_day_of_year = !only(components, kDate, "YMD") && only(components, kDate, "Yd");
  const bool by_weeks = only(components, kDate, "XxwF") || only(components, kDate, "XWF");
  if (by_weeks && !only(components, kDate, "YMD") && !by_day_of_year) return fail(arena, "D3136");
  const bool twelve_hours = !only(components, kTime, "Hmsf") && only(components, kTime, "Phmsf");
  const std::string order = std::string(by_day_of_year ? "YD" : "YMD") + (twelve_hours ? "Phmsf" : "Hmsf");
  JSONATA_CHECK(fill_in(components, order, now, arena));

  const auto part = [&components](char component) { return value_of(components, component).value_or(0); };
  double month = part('M') > 0 ? part('M') - 1 : 0;
  double day = part('D');
  if (by_day_of_year) {
    const double first = utc_milliseconds(part('Y'), 0);
    const CivilTime derived = civil_time(first + (part('d') - 1) * kMillisecondsInDay);
    month = derived.month - 1;
    day = derived.day;
  }
  double hour = part('H');
  if (twelve_hours) {
    hour = part('h') == 12 ? 0 : part('h');
    if (part('P') == 1) hour += 12;
  }
  const double time = utc_milliseconds(part('Y'), month, day, hour, part('m'), part('s'), part('f'));
  return time - zone_minutes(components) * 60'000;
}

// --- ISO 8601
// ---------------------------------------------------------------------------------------------------

// Reads pieces of a text from front to back.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool take(char c) {
    if (text_.substr(position_, 1) != std::string_view(&c, 1)) return false;
    ++position_;
    return true;
  }
  // Exactly `count` digits; NaN where there are not so many.
  double digits(std::size_t count) {
    const std::string_view piece = text_.substr(position_, count);
    const bool all = piece.size() == count && piece.find_first_not_of("0123456789") == std::string_view::npos;
    if (!all) return std::nan("");
    position_ += count;
    return leading_integer(piece);
  }
  std::string_view all_digits() {
    const std::size_t end = std::min(text_.find_first_not_of("0123456789", position_), text_.size());
    const std::string_view piece = text_.substr(position_, end - position_);
    position_ = end;
    return piece;
  }
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

// Milliseconds of "5", "123456": the first three digits of a fraction.
double fraction_milliseconds(std::string_view digits) {
  std::string three(digits.substr(0, 3));
  three.resize(3, '0');
  return leading_integer(three);
}

struct IsoDate {
  double year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
  double offset_minutes = 0;

  // Whether each part is in its range; 24:00 is the next midnight.
  [[nodiscard]] bool in_range() const {
    const bool midnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= 31 && (hour <= 23 || midnight) && minute <= 59 &&
           second <= 59;
  }
  [[nodiscard]] double time() const {
    if (!in_range()) return std::nan("");
    // Through a leap cycle, since Date.UTC takes the years 0 to 99 for 1900 to 1999.
    constexpr double kCycle = 400;
    constexpr double kDaysInCycle = 146097;
    return utc_milliseconds(year + kCycle, month - 1, day, hour, minute, second, millisecond) -
           kDaysInCycle * kMillisecondsInDay - offset_minutes * 60'000;
  }
};

bool read_offset(Reader& reader, IsoDate& date) {
  if (reader.take('Z') || reader.at_end()) return reader.at_end();
  const bool west = reader.take('-');
  if (!west && !reader.take('+')) return false;
  const double hours = reader.digits(2);
  reader.take(':');
  date.offset_minutes = (hours * 60 + reader.digits(2)) * (west ? -1 : 1);
  return reader.at_end() && !std::isnan(date.offset_minutes);
}

// Whether the text has the form of a date with, perhaps, a time.
bool read_iso_date(std::string_view text, IsoDate& date) {
  Reader reader(text);
  date.year = reader.digits(4);
  if (std::isnan(date.year)) return false;
  if (reader.take('-')) date.month = reader.digits(2);
  if (reader.take('-')) date.day = reader.digits(2);
  if (reader.take('T')) {
    date.hour = reader.digits(2);
    const bool colon = reader.take(':');
    date.minute = reader.digits(2);
    if (!colon || !reader.take(':')) return false;
    date.second = reader.digits(2);
    if (std::isnan(date.hour) || std::isnan(date.minute) || std::isnan(date.second)) return false;
  }
  if (reader.take('.')) {
    const std::string_view digits = reader.all_digits();
    if (digits.empty()) return false;
    date.millisecond = fraction_milliseconds(digits);
  }
  return !std::isnan(date.month) && !std::isnan(date.day) && read_offset(reader, date);
}

}  // namespace

Attempt<std::optional<double>> parse_date(std::string_view text, std::string_view picture, double now,
                                          Arena& arena) {
  const std::vector<DatePart> parts = JSONATA_TRY(analyse_date_picture(picture, arena));
  const auto components = JSONATA_TRY(read_components(text, parts, arena));
  if (!components || components->empty()) return std::optional<double>();
  return std::optional(JSONATA_TRY(time_of(*components, now, arena)));
}

Attempt<double> parse_iso_date(std::string_view text, Arena& arena) {
  IsoDate date;
  if (!read_iso_date(text, date)) return fail(arena, "D3110", Value(text));
  return date.time();
}

}  // namespace lamplighter::jsonata
