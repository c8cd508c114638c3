// A terminal as the live view needs it: its size, what it can show, and a picture that is redrawn in place.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace lamplighter::console {

struct Screen {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool color = true;  ///< off with NO_COLOR (no-color.org) and on dumb terminals
  bool utf8 = true;
};

enum class Style { plain, bold, dim, green, yellow, red, cyan };

/// One line of a picture, which knows how wide it is on the screen.
class Line {
 public:
  explicit Line(const Screen& screen) : screen_(&screen) {}
  /// Adds as much of `text` as fits into `max_width` columns in all, with an ellipsis where it is cut.
  Line& add(const std::string& text, Style style = Style::plain, std::size_t max_width = 10'000);
  /// Adds spaces up to `width`.
  Line& pad(std::size_t width);
  Line& append(const Line& other);
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Screen* screen_;
  std::string text_;
  std::size_t width_ = 0;
};

/// How many characters `text` (UTF-8) has.
std::size_t width_of(const std::string& text);

/// Breaks `text` between words into lines of at most `width`; at most `max_lines`, the last one cut.
std::vector<std::string> wrap(const std::string& text, std::size_t width, std::size_t max_lines);

/// True where `file` is a terminal that can move its cursor.
bool is_live_terminal(std::FILE* file);

/// The picture on a terminal. Owns the cursor between the first draw() and finish().
class Terminal {
 public:
  explicit Terminal(std::FILE* file);
  ~Terminal() { finish(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// The size as it is now: it may change at any time.
  [[nodiscard]] Screen screen() const;
  /// Puts `lines` where the last picture was, in one write, so that nothing flickers.
  void draw(const std::vector<Line>& lines);
  /// Leaves the picture standing and gives the cursor back.
  void finish();

 private:
  [[nodiscard]] std::size_t rows_taken(std::size_t columns) const;
  std::FILE* file_;
  std::vector<std::size_t> widths_;  ///< of the lines on the screen
  bool drawing_ = false;
};

}  // namespace lamplighter::console
