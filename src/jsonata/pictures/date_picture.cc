#include "jsonata/pictures/date_picture.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "jsonata/functions/case_mapping.h"
#include "jsonata/pictures/calendar.h"

namespace lamplighter::jsonata {
namespace {

using Names = DatePart::Names;

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};

constexpr std::string_view kIntegerComponents = "YMDdFWwXxHhmsf";

bool is_one_of(char c, std::string_view letters) {
  return c != '\0' && letters.find(c) != std::string_view::npos;
}

// How a component is shown where the marker does not say it.
std::string_view default_presentation(char component) {
  switch (component) {
    case 'm':
    case 's':
      return "01";
    case 'Z':
    case 'z':
      return "01:01";
    case 'F':
    case 'P':
    case 'C':
    case 'E':
      return "n";
    default:
      return is_one_of(component, "YMDdWwXxHhf") ? "1" : "";
  }
}

std::optional<double> parse_width(std::string_view text) {
  return text == "*" ? std::nullopt : std::optional(leading_integer(text));
}

class PictureAnalysis {
 public:
  PictureAnalysis(std::string_view picture, Arena& arena) : picture_(picture), arena_(arena) {}

  Attempt<std::vector<DatePart>> run() {
    std::size_t start = 0;
    std::size_t position = picture_.find('[');
    while (position != std::string_view::npos) {
      add_literal(picture_.substr(start, position - start));
      if (picture_.substr(position + 1, 1) == "[") {
        add_literal("[");
        start = position + 2;
      } else {
        const std::size_t end = picture_.find(']', position);
        if (end == std::string_view::npos) return fail(arena_, "D3135");
        JSONATA_CHECK(add_marker(picture_.substr(position + 1, end - position - 1)));
        start = end + 1;
      }
      position = picture_.find('[', start);
    }
    add_literal(picture_.substr(std::min(start, picture_.size())));
    return std::move(parts_);
  }

 private:
  void add_literal(std::string_view text) {
    if (text.empty()) return;
    DatePart part;
    for (std::size_t i = 0; i < text.size(); ++i) {
      part.literal.push_back(text[i]);
      if (text.substr(i, 2) == "]]") ++i;
    }
    parts_.push_back(std::move(part));
  }

  Done add_marker(std::string_view text) {
    std::string marker;
    for (const char c : text) {
      if (!is_one_of(c, " \t\n\v\f\r")) marker.push_back(c);
    }
    DatePart part;
    part.component = marker.empty() ? '?' : marker[0];
    const std::size_t comma = marker.rfind(',');
    if (comma != std::string::npos) set_width(part, std::string_view(marker).substr(comma + 1));
    set_presentation(part, comma == 0 || marker.empty()
                               ? ""
                               : marker.substr(1, comma == std::string::npos ? comma : comma - 1));
    if (part.presentation.empty()) {
      return fail(arena_, "D3132", Value(arena_.copy(std::string_view(marker).substr(0, 1))));
    }
    JSONATA_CHECK(set_format(part));
    parts_.push_back(std::move(part));
    return {};
  }

  static void set_width(DatePart& part, std::string_view width) {
    const std::size_t dash = width.find('-');
    part.min_width = parse_width(width.substr(0, dash));
    if (dash != std::string_view::npos) part.max_width = parse_width(width.substr(dash + 1));
  }

  static void set_presentation(DatePart& part, std::string presentation) {
    if (presentation.size() > 1 && is_one_of(presentation.back(), "atco")) {
      part.second_presentation = presentation.back();
      presentation.pop_back();
    }
    part.presentation =
        presentation.empty() ? std::string(default_presentation(part.component)) : presentation;
  }

  Done set_format(DatePart& part) {
    const bool is_zone = part.component == 'Z' || part.component == 'z';
    if (part.presentation[0] == 'n') {
      part.names = Names::lower;
    } else if (part.presentation[0] == 'N') {
      part.names = part.presentation.substr(1, 1) == "n" ? Names::title : Names::upper;
    } else if (is_one_of(part.component, kIntegerComponents)) {
      JSONATA_CHECK(set_integer_format(part));
    }
    if (is_zone) part.integer = JSONATA_TRY(analyse_integer_picture(part.presentation, arena_));
    return {};
  }

  Done set_integer_format(DatePart& part) {
    std::string picture = part.presentation;
    if (part.second_presentation != '\0') picture.append({';', part.second_presentation});
    part.integer = JSONATA_TRY(analyse_integer_picture(picture, arena_));
    IntegerFormat& format = *part.integer;
    format.ordinal = part.second_presentation == 'o';
    if (part.min_width && format.mandatory_digits && *format.mandatory_digits < *part.min_width) {
      format.mandatory_digits = part.min_width;
    }
    if (is_one_of(part.component, "YMD")) set_digits(part);
    format.parse_width = part.digits;
    return {};
  }

  static void set_digits(DatePart& part) {
    IntegerFormat& format = *part.integer;
    if (part.max_width) {
      part.digits = *part.max_width;
      format.mandatory_digits = part.max_width;
    } else if (format.mandatory_digits && *format.mandatory_digits + format.optional_digits >= 2) {
      part.digits = *format.mandatory_digits + format.optional_digits;
    }
  }

  std::string_view picture_;
  Arena& arena_;
  std::vector<DatePart> parts_;
};

// --- formatting
// -----------------------------------------------------------------------------------------------

double component_value(char component, const CivilTime& time, double milliseconds) {
  switch (component) {
    case 'Y':
      return time.year;
    case 'M':
      return time.month;
    case 'D':
      return time.day;
    case 'd':
      return day_of_year(time);
    case 'F':
      return time.weekday;
    case 'W':
      return week_of_year(time);
    case 'w':
      return week_of_month(time);
    case 'X':
      return year_of_week(time, milliseconds);
    case 'x':
      return month_of_week(time, milliseconds);
    case 'H':
      return time.hour;
    case 'h':
      return std::fmod(time.hour, 12) == 0 ? 12 : std::fmod(time.hour, 12);
    case 'm':
      return time.minute;
    case 's':
      return time.second;
    default:
      return time.millisecond;
  }
}

std::string in_case(std::string_view text, Names names) {
  if (names == Names::upper) return to_upper(text);
  return names == Names::lower ? to_lower(text) : std::string(text);
}

class DateFormatter {
 public:
  DateFormatter(double milliseconds, std::string_view zone, Arena& arena) : arena_(arena) {
    if (!zone.empty()) {
      const double offset = leading_integer(zone);
      hours_ = std::floor(offset / 100);
      minutes_ = std::fmod(offset, 100);
    }
    milliseconds_ = milliseconds + (60 * hours_ + minutes_) * 60'000;
    time_ = civil_time(milliseconds_);
    milliseconds_ = std::trunc(milliseconds_);
  }

  Attempt<std::string> format(const DatePart& part) {
    switch (part.component) {
      case '\0':
        return part.literal;
      case 'Z':
      case 'z':
        return format_zone(part);
      case 'P':
        return in_case(time_.hour >= 12 ? "pm" : "am",
                       part.names == Names::upper ? Names::upper : Names::none);
      case 'C':
      case 'E':
        return std::string("ISO");
      case 'f':
        break;
      default:
        if (part.names != Names::none) return format_name(part);
    }
    double value = component_value(part.component, time_, milliseconds_);
    if (part.component == 'Y' && part.digits != -1) value = std::fmod(value, std::pow(10, part.digits));
    // Names of fractions of a second: the reference has none, and no number format either.
    if (!part.integer) return fail(arena_, "D3133", Value(arena_.copy(std::string_view(&part.component, 1))));
    return format_integer(value, *part.integer, arena_);
  }

 private:
  Attempt<std::string> format_name(const DatePart& part) {
    std::string_view name;
    if (part.component == 'M' || part.component == 'x') {
      name = month_name(component_value(part.component, time_, milliseconds_));
    } else if (part.component == 'F') {
      name = day_name(time_.weekday);
    } else {
      return fail(arena_, "D3133", Value(arena_.copy(std::string_view(&part.component, 1))));
    }
    std::string text = in_case(name, part.names);
    if (part.max_width && static_cast<double>(text.size()) > *part.max_width) {
      text.resize(static_cast<std::size_t>(std::max(*part.max_width, 0.0)));
    }
    return text;
  }

  Attempt<std::string> format_zone(const DatePart& part) {
    const double offset = hours_ * 100 + minutes_;
    std::string text = JSONATA_TRY(format_offset(*part.integer, offset));
    if (offset >= 0) text.insert(0, "+");
    if (part.component == 'z') text.insert(0, "GMT");
    return offset == 0 && part.second_presentation == 't' ? "Z" : text;
  }

  Attempt<std::string> format_offset(const IntegerFormat& format, double offset) {
    if (format.regular) return format_integer(offset, format, arena_);
    const double digits = format.mandatory_digits.value_or(0);
    if (digits == 3 || digits == 4) return format_integer(offset, format, arena_);
    if (digits != 1 && digits != 2) return fail(arena_, "D3134", Value(digits));
    std::string text = JSONATA_TRY(format_integer(hours_, format, arena_));
    if (minutes_ == 0) return text;
    const IntegerFormat two_digits = JSONATA_TRY(analyse_integer_picture("00", arena_));
    return text + ":" + JSONATA_TRY(format_integer(minutes_, two_digits, arena_));
  }

  Arena& arena_;
  double hours_ = 0;
  double minutes_ = 0;
  double milliseconds_ = 0;
  CivilTime time_{};
};

}  // namespace

std::string_view month_name(double month) {
  return month >= 1 && month <= 12 ? kMonths[static_cast<std::size_t>(month) - 1] : std::string_view("NaN");
}

std::string_view day_name(double weekday) {
  return weekday >= 1 && weekday <= 7 ? kDays[static_cast<std::size_t>(weekday) - 1]
                                      : std::string_view("NaN");
}

Attempt<std::vector<DatePart>> analyse_date_picture(std::string_view picture, Arena& arena) {
  return PictureAnalysis(picture, arena).run();
}

Attempt<std::string> format_date(double milliseconds, std::string_view picture, std::string_view zone,
                                 Arena& arena) {
  const std::vector<DatePart> parts = JSONATA_TRY(analyse_date_picture(picture, arena));
  DateFormatter formatter(milliseconds, zone, arena);
  std::string text;
  for (const DatePart& part : parts) text += JSONATA_TRY(formatter.format(part));
  return text;
}

}  // namespace lamplighter::jsonata
