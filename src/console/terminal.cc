#include "console/terminal.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/plain_text.h"

namespace lamplighter::console {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string_view value = variable(name);
    if (value.empty()) continue;
    return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
  }
  return false;
}

std::string_view escape(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::bold:
      return "\x1b[1m";
    case Style::dim:
      return "\x1b[2m";
    case Style::green:
      return "\x1b[32m";
    case Style::yellow:
      return "\x1b[33m";
    case Style::red:
      return "\x1b[31m";
    case Style::cyan:
      return "\x1b[36m";
  }
  return "";
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// The first `width` characters.
std::string first(const std::string& text, std::size_t width) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (begins_character(text[i]) && seen++ == width) return text.substr(0, i);
  }
  return text;
}

}  // namespace

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

std::vector<std::string> wrap(const std::string& text, std::size_t width, std::size_t max_lines) {
  std::vector<std::string> lines;
  std::string rest = text;
  while (!rest.empty()) {
    if (width_of(rest) <= width || lines.size() + 1 == max_lines) {
      lines.push_back(rest);
      break;
    }
    const std::string head = first(rest, width);
    const std::size_t space = head.rfind(' ');
    const std::size_t cut = space == std::string::npos || space == 0 ? head.size() : space;
    lines.push_back(rest.substr(0, cut));
    rest.erase(0, std::min(rest.size(), rest.find_first_not_of(' ', cut)));
  }
  return lines;
}

Line& Line::add(const std::string& raw, Style style, std::size_t max_width) {
  std::string text = plain_line(raw);
  const std::size_t room = max_width > width_ ? max_width - width_ : 0;
  if (width_of(text) > room) {
    const std::string ellipsis = screen_->utf8 ? "…" : ".";
    text = room == 0 ? "" : first(text, room - 1) + ellipsis;
  }
  width_ += width_of(text);
  const bool styled = screen_->color && style != Style::plain && !text.empty();
  text_ += styled ? fmt::format("{}{}\x1b[0m", escape(style), text) : text;
  return *this;
}

Line& Line::pad(std::size_t width) {
  if (width > width_) text_.append(width - width_, ' ');
  width_ = std::max(width_, width);
  return *this;
}

Line& Line::append(const Line& other) {
  text_ += other.text_;
  width_ += other.width_;
  return *this;
}

bool is_live_terminal(std::FILE* file) {
  return isatty(fileno(file)) == 1 && variable("TERM") != "dumb" && !variable("TERM").empty();
}

Terminal::Terminal(std::FILE* file) : file_(file) {}

Screen Terminal::screen() const {
  Screen screen;
  winsize size{};
  if (ioctl(fileno(file_), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    screen.columns = size.ws_col;
    screen.rows = size.ws_row;
  }
  screen.color = variable("NO_COLOR").empty();
  screen.utf8 = speaks_utf8();
  return screen;
}

/// Lines that were drawn on a wider screen are broken by now.
std::size_t Terminal::rows_taken(std::size_t columns) const {
  std::size_t rows = 0;
  for (const std::size_t width : widths_) rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
  return rows;
}

void Terminal::draw(const std::vector<Line>& lines) {
  std::string out = drawing_ ? "" : "\x1b[?25l";  // hides the cursor
  drawing_ = true;
  const std::size_t up = rows_taken(screen().columns);
  if (up > 0) out += fmt::format("\x1b[{}A", up);
  out += '\r';
  widths_.clear();
  for (const Line& line : lines) {
    out += line.text();
    out += "\x1b[K\r\n";
    widths_.push_back(line.width());
  }
  out += "\x1b[J";  // what a taller picture left below
  std::fwrite(out.data(), 1, out.size(), file_);
  std::fflush(file_);
}

void Terminal::finish() {
  if (!drawing_) return;
  drawing_ = false;
  std::fputs("\x1b[?25h", file_);
  std::fflush(file_);
  widths_.clear();
}

}  // namespace lamplighter::console
