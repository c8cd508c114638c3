#include "aws/credentials/ini.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::aws {
namespace {

constexpr std::size_t kMaxLines = 10'000;
constexpr std::string_view kBlank = " \t\r";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

/// Without a comment that stands after white space.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool starts = value[i] == '#' || value[i] == ';';
    if (starts && kBlank.find(value[i - 1]) != std::string_view::npos) return trim(value.substr(0, i));
  }
  return value;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// Reads line by line; knows the section and the property that a line belongs to.
class Reader {
 public:
  explicit Reader(std::string_view file) : file_(file) {}

  Status read(std::string_view line) {
    ++line_;
    if (line_ > kMaxLines) return refuse("expected at most 10000 lines");
    const auto text = trim(line);
    if (text.empty() || text.front() == '#' || text.front() == ';') return {};
    if (text.front() == '[') return open_section(text);
    if (kBlank.find(line.front()) != std::string_view::npos && !property_.empty()) return go_on(text);
    return set_property(text);
  }

  std::vector<IniSection> take() { return std::move(sections_); }

 private:
  Status open_section(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return refuse("expected a \"]\" that ends the section's name");
    const auto name = trim(text.substr(1, end - 1));
    if (name.empty()) return refuse("expected a section name between the brackets");
    sections_.push_back({std::string(name), {}, {}});
    property_.clear();
    return {};
  }

  Status set_property(std::string_view text) {
    if (sections_.empty()) return refuse("expected a [section] before the first property");
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return refuse("expected \"key = value\"");
    property_ = lower_case(trim(text.substr(0, equals)));
    sections_.back().values[property_] = without_comment(trim(text.substr(equals + 1)));
    return {};
  }

  /// An indented line: a nested property where the one above has no value, else the value's next line.
  Status go_on(std::string_view text) {
    auto& section = sections_.back();
    auto& value = section.values[property_];
    if (!value.empty()) {
      value += '\n';
      value += text;
      return {};
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return refuse("expected \"key = value\"");
    section.nested[property_][lower_case(trim(text.substr(0, equals)))] =
        without_comment(trim(text.substr(equals + 1)));
    return {};
  }

  [[nodiscard]] Status refuse(std::string_view what) const {
    return fail(ErrorKind::bad_input, "InvalidAwsConfig", fmt::format("{}:{}: {}", file_, line_, what));
  }

  std::string_view file_;
  std::size_t line_ = 0;
  std::vector<IniSection> sections_;
  std::string property_;
};

}  // namespace

Result<std::vector<IniSection>> parse_ini(std::string_view text, std::string_view file) {
  Reader reader(file);
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    if (!line.empty()) {
      CHECK_OK(reader.read(line));
    } else {
      CHECK_OK(reader.read("#"));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

}  // namespace lamplighter::aws
