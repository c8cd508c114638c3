#include "jsonata/functions/regex_translate.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace lamplighter::jsonata {
namespace {

using Translated = tl::expected<TranslatedRegex, std::string>;

// JavaScript's classes; PCRE2's own know other characters. Without the brackets.
constexpr std::u16string_view kDigits = u"0-9";
constexpr std::u16string_view kWord = u"A-Za-z0-9_";
constexpr std::u16string_view kSpace =
    u"\\x09-\\x0D\\x20\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}\\x{"
    u"FEFF}";
constexpr std::u16string_view kNotDigits = u"\\x00-\\x2F\\x3A-\\x{FFFF}";
constexpr std::u16string_view kNotWord = u"\\x00-\\x2F\\x3A-\\x40\\x5B-\\x5E\\x60\\x7B-\\x{FFFF}";
constexpr std::u16string_view kNotSpace =
    u"\\x00-\\x08\\x0E-\\x1F\\x21-\\x{9F}\\x{A1}-\\x{167F}\\x{1681}-\\x{1FFF}\\x{200B}-\\x{2027}\\x{202A}-"
    u"\\x{202E}"
    u"\\x{2030}-\\x{205E}\\x{2060}-\\x{2FFF}\\x{3001}-\\x{FEFE}\\x{FF00}-\\x{FFFF}";
constexpr std::u16string_view kLineEnds = u"\\n\\r\\x{2028}\\x{2029}";

bool is_digit(char16_t c) { return c >= u'0' && c <= u'9'; }
bool is_letter(char16_t c) { return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z'); }

std::optional<unsigned> hex_value(std::u16string_view digits) {
  unsigned value = 0;
  for (const char16_t c : digits) {
    const unsigned digit = is_digit(c)              ? c - u'0'
                           : c >= u'a' && c <= u'f' ? c - u'a' + 10U
                           : c >= u'A' && c <= u'F' ? c - u'A' + 10U
                                                    : 16U;
    if (digit == 16) return std::nullopt;
    value = value * 16 + digit;
  }
  return value;
}

std::u16string as_hex(unsigned unit) {
  std::u16string text = u"\\x{";
  for (int shift = 12; shift >= 0; shift -= 4)
    text.push_back(u"0123456789ABCDEF"[(unit >> static_cast<unsigned>(shift)) & 0xFU]);
  return text + u"}";
}

class Translator {
 public:
  Translator(std::u16string_view pattern, bool lines) : in_(pattern), lines_(lines) { count_groups(); }

  Translated translate() {
    while (position_ < in_.size() && error_.empty()) one();
    if (error_.empty() && !open_.empty()) error_ = "a group is not closed";
    if (!error_.empty()) return tl::unexpected(error_);
    return std::move(out_);
  }

 private:
  // What the last piece was: a quantifier may follow only an atom.
  enum class Last { nothing, atom, quantifier, assertion };

  [[nodiscard]] bool starts_with(std::u16string_view text) const {
    return in_.substr(position_, text.size()) == text;
  }
  [[nodiscard]] char16_t peek(std::size_t ahead = 0) const {
    return position_ + ahead < in_.size() ? in_[position_ + ahead] : u'\0';
  }
  void put(std::u16string_view text) { out_.pattern.append(text); }

  void put_unit(unsigned unit) {
    if (unit >= 0x80) out_.beyond_ascii = true;
    put(as_hex(unit));
  }

  void atom(std::u16string_view text) {
    put(text);
    last_ = Last::atom;
  }

  void assertion(std::u16string_view text) {
    put(text);
    last_ = Last::assertion;
  }

  void count_groups() {
    bool in_class = false;
    for (std::size_t i = 0; i < in_.size(); ++i) {
      if (in_[i] == u'\\') {
        ++i;
      } else if (in_[i] == u'[') {
        in_class = true;
      } else if (in_[i] == u']') {
        in_class = false;
      } else if (in_[i] == u'(' && !in_class) {
        const std::u16string_view rest = in_.substr(i + 1);
        const bool named =
            rest.substr(0, 2) == u"?<" && rest.substr(2, 1) != u"=" && rest.substr(2, 1) != u"!";
        if (rest.substr(0, 1) != u"?" || named) ++group_count_;
        has_names_ = has_names_ || named;
      }
    }
  }

  void one() {
    const char16_t c = in_[position_];
    switch (c) {
      case u'\\':
        return escape();
      case u'[':
        return character_class();
      case u'(':
        return open_group();
      case u')':
        return close_group();
      case u'|':
        put(u"|");
        last_ = Last::nothing;
        break;
      case u'.':
        atom(u"[^");
        put(kLineEnds);
        put(u"]");
        break;
      case u'^':
        if (lines_) {
          assertion(u"(?:^|(?<=[");
          put(kLineEnds);
          put(u"]))");
        } else {
          assertion(u"^");
        }
        break;
      case u'$':
        if (lines_) {
          assertion(u"(?=[");
          put(kLineEnds);
          put(u"]|$)");
        } else {
          assertion(u"$");
        }
        break;
      case u'*':
      case u'+':
      case u'?':
        return quantifier(std::u16string(1, c));
      case u'{':
        return braces();
      default:
        literal(c);
        break;
    }
    ++position_;
  }

  void literal(char16_t c) {
    if (is_letter(c) || is_digit(c)) {
      put(std::u16string_view(&c, 1));
    } else {
      put_unit(c);
    }
    last_ = Last::atom;
  }

  void quantifier(const std::u16string& text) {
    if (last_ != Last::atom) {
      error_ = "nothing to repeat";
      return;
    }
    put(text);
    position_ += text.size();
    if (peek() == u'?') {
      put(u"?");
      ++position_;
    }
    last_ = Last::quantifier;
  }

  // {n}, {n,} and {n,m} repeat; any other brace is a brace.
  void braces() {
    std::size_t i = position_ + 1;
    const std::size_t low = i;
    while (i < in_.size() && is_digit(in_[i])) ++i;
    bool quantifies = i > low;
    if (quantifies && i < in_.size() && in_[i] == u',') {
      ++i;
      while (i < in_.size() && is_digit(in_[i])) ++i;
    }
    quantifies = quantifies && i < in_.size() && in_[i] == u'}';
    if (!quantifies) {
      literal(u'{');
      ++position_;
      return;
    }
    quantifier(std::u16string(in_.substr(position_, i + 1 - position_)));
  }

  void open_group() {
    static constexpr std::u16string_view kPlain[] = {u"(?:", u"(?=", u"(?!", u"(?<=", u"(?<!"};
    last_ = Last::nothing;
    for (const std::u16string_view start : kPlain) {
      if (!starts_with(start)) continue;
      open_.push_back(start == u"(?:" || start == u"(?=" || start == u"(?!");  // a lookahead may be repeated
      put(start);
      position_ += start.size();
      return;
    }
    open_.push_back(true);
    if (peek(1) != u'?') {
      put(u"(");
      ++position_;
      return;
    }
    if (!starts_with(u"(?<")) {
      error_ = "invalid group";
      return;
    }
    const std::size_t end = in_.find(u'>', position_);
    const std::u16string_view name =
        end == std::u16string_view::npos ? u"" : in_.substr(position_ + 3, end - position_ - 3);
    if (!is_name(name)) {
      error_ = "invalid name of a group";
      return;
    }
    put(in_.substr(position_, end + 1 - position_));
    position_ = end + 1;
  }

  static bool is_name(std::u16string_view name) {
    return !name.empty() && name.size() <= 32 && !is_digit(name[0]) &&
           std::all_of(name.begin(), name.end(),
                       [](char16_t c) { return is_letter(c) || is_digit(c) || c == u'_'; });
  }

  void close_group() {
    if (open_.empty()) {
      error_ = "a group is closed that was not opened";
      return;
    }
    put(u")");
    last_ = open_.back() ? Last::atom : Last::assertion;
    open_.pop_back();
    ++position_;
  }

  void escape() {
    const char16_t c = peek(1);
    if (position_ + 1 >= in_.size()) {
      error_ = "\\ at end of pattern";
      return;
    }
    position_ += 2;
    switch (c) {
      case u'd':
        return bracketed(kDigits, false);
      case u'D':
        return bracketed(kDigits, true);
      case u'w':
        return bracketed(kWord, false);
      case u'W':
        return bracketed(kWord, true);
      case u's':
        return bracketed(kSpace, false);
      case u'S':
        return bracketed(kSpace, true);
      case u'b':
        return assertion(u"(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))");
      case u'B':
        return assertion(u"(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))");
      case u'k':
        if (has_names_) return named_reference();
        break;
      default:
        break;
    }
    if (c >= u'1' && c <= u'9' && back_reference()) return;
    put_unit(escaped_unit(c));
    last_ = Last::atom;
  }

  void bracketed(std::u16string_view members, bool negated) {
    put(negated ? u"[^" : u"[");
    put(members);
    put(u"]");
    last_ = Last::atom;
  }

  // \1 to \99 where there are so many groups. Stands behind the first digit.
  bool back_reference() {
    std::size_t end = position_;
    while (end < in_.size() && is_digit(in_[end]) && end - position_ < 2) ++end;
    for (; end >= position_; --end) {
      std::size_t number = 0;
      for (std::size_t i = position_ - 1; i < end; ++i) number = number * 10 + (in_[i] - u'0');
      if (number > group_count_) continue;
      put(u"\\g{");
      put(in_.substr(position_ - 1, end - position_ + 1));
      put(u"}");
      position_ = end;
      last_ = Last::atom;
      return true;
    }
    return false;
  }

  void named_reference() {
    const std::size_t end = in_.find(u'>', position_);
    if (peek() != u'<' || end == std::u16string_view::npos ||
        !is_name(in_.substr(position_ + 1, end - position_ - 1))) {
      error_ = "invalid named reference";
      return;
    }
    put(u"\\k");
    put(in_.substr(position_, end + 1 - position_));
    position_ = end + 1;
    last_ = Last::atom;
  }

  // The unit that \c stands for; the position is behind c, and moves behind what belongs to it.
  unsigned escaped_unit(char16_t c) {
    switch (c) {
      case u'n':
        return '\n';
      case u'r':
        return '\r';
      case u't':
        return '\t';
      case u'v':
        return '\v';
      case u'f':
        return '\f';
      case u'c':
        if (is_letter(peek())) return in_[position_++] & 0x1FU;
        --position_;  // a backslash, then c
        return '\\';
      case u'x':
        return hex_escape(2, c);
      case u'u':
        return hex_escape(4, c);
      default:
        break;
    }
    if (c < u'0' || c > u'7') return c;
    unsigned unit = c - u'0';  // octal
    for (int i = 0; i < 2 && peek() >= u'0' && peek() <= u'7' && unit * 8 + (peek() - u'0') <= 0xFF; ++i) {
      unit = unit * 8 + (in_[position_++] - u'0');
    }
    return unit;
  }

  unsigned hex_escape(std::size_t count, char16_t otherwise) {
    const auto digits = in_.substr(position_, count);
    const auto value = digits.size() == count ? hex_value(digits) : std::nullopt;
    if (!value) return otherwise;
    position_ += count;
    return *value;
  }

  // --- […] ------------------------------------------------------------------------------------------------
  void character_class() {
    ++position_;
    const bool negated = peek() == u'^' && position_ < in_.size();
    if (negated) ++position_;
    if (peek() == u']') {  // [] matches nothing, [^] anything
      ++position_;
      return atom(negated ? u"[\\x00-\\x{FFFF}]" : u"(?!)");
    }
    put(negated ? u"[^" : u"[");
    while (position_ < in_.size() && in_[position_] != u']' && error_.empty()) class_member();
    if (position_ >= in_.size()) {
      error_ = "a class is not closed";
      return;
    }
    ++position_;
    atom(u"]");
  }

  void class_member() {
    const std::optional<unsigned> low = class_unit();
    if (peek() != u'-' || peek(1) == u']' || position_ + 1 >= in_.size()) {
      if (low) put_unit(*low);
      return;
    }
    ++position_;
    const std::optional<unsigned> high = class_unit();
    if (low && high && *low > *high) {
      error_ = "a range in a class is out of order";
      return;
    }
    if (low) put_unit(*low);
    put(low && high ? u"-" : u"\\x2D");  // beside a class like \d the hyphen is a hyphen
    if (high) put_unit(*high);
  }

  // One character of a class; nothing where it was a class like \d, which is written at once.
  std::optional<unsigned> class_unit() {
    const char16_t c = in_[position_++];
    if (c != u'\\' || position_ >= in_.size()) return c;
    const char16_t escaped = in_[position_++];
    switch (escaped) {
      case u'd':
        return put(kDigits), std::nullopt;
      case u'D':
        return put(kNotDigits), std::nullopt;
      case u'w':
        return put(kWord), std::nullopt;
      case u'W':
        return put(kNotWord), std::nullopt;
      case u's':
        return put(kSpace), std::nullopt;
      case u'S':
        return put(kNotSpace), std::nullopt;
      case u'b':
        return '\b';
      default:
        return escaped_unit(escaped);
    }
  }

  std::u16string_view in_;
  bool lines_;
  TranslatedRegex out_;
  std::size_t position_ = 0;
  std::size_t group_count_ = 0;
  bool has_names_ = false;
  std::vector<bool> open_;  // whether the group may be repeated
  Last last_ = Last::nothing;
  std::string error_;
};

}  // namespace

tl::expected<TranslatedRegex, std::string> translate_regex(std::u16string_view pattern, bool lines) {
  return Translator(pattern, lines).translate();
}

}  // namespace lamplighter::jsonata
