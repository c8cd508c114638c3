#include "jsonata/syntax/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "json/number_text.h"
#include "jsonata/functions/text.h"

namespace lamplighter::jsonata {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v'; }

// The characters that end a name.
bool is_sign(char c) {
  return c != '\0' && std::string_view(".[]{}(),@#;:?+-*/%|=<>^&!~").find(c) != std::string_view::npos;
}

constexpr std::array kDoubleSigns{sign_of('.', '.'), sign_of(':', '='), sign_of('!', '='), sign_of('>', '='),
                                  sign_of('<', '='), sign_of('*', '*'), sign_of('~', '>')};

std::string_view simple_escape(char c) {
  switch (c) {
    case '"':
      return "\"";
    case '\\':
      return "\\";
    case '/':
      return "/";
    case 'b':
      return "\b";
    case 'f':
      return "\f";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    default:
      return {};
  }
}

// Appends a UTF-16 unit; a low surrogate joins the high one that stands before it.
void append_unit(std::string& text, char32_t unit) {
  if (is_low_surrogate(unit) && text.size() >= 3 && text[text.size() - 3] == '\xED') {
    std::size_t position = text.size() - 3;
    const char32_t high = next_code_point(text, position);
    if (is_high_surrogate(high)) {
      text.resize(text.size() - 3);
      unit = 0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00);
    }
  }
  append_code_point(text, unit);
}

}  // namespace

Token Lexer::make(TokenType type, std::string_view text) const {
  Token token;
  token.type = type;
  token.text = text;
  token.position = position_;
  return token;
}

tl::unexpected<Failure*> Lexer::fail_here(const char* code, std::string_view token) {
  Failure failure;
  failure.code = code;
  failure.position = position_;
  failure.token = token;
  failure.has_token = !token.empty();
  return fail(arena_, failure);
}

Attempt<Token> Lexer::next(bool infix) {
  JSONATA_CHECK(skip_space_and_comments());
  if (position_ >= text_.size()) return make(TokenType::end, "(end)");
  const char c = text_[position_];
  if (c == '/' && !infix) return scan_regex();
  if (is_sign(c)) {
    // A minus is never part of a number here: it is found as a sign first.
    return scan_sign();
  }
  if (c == '"' || c == '\'') return scan_string(c);
  if (c >= '0' && c <= '9') return scan_number();
  if (c == '`') return scan_quoted_name();
  return scan_name();
}

Done Lexer::skip_space_and_comments() {
  for (;;) {
    while (position_ < text_.size() && is_space(text_[position_])) ++position_;
    if (at(position_) != '/' || at(position_ + 1) != '*') return {};
    const std::size_t end = text_.find("*/", position_ + 2);
    if (end == std::string_view::npos) return fail_here("S0106");
    position_ = end + 2;
  }
}

Token Lexer::scan_sign() {
  const Sign both = sign_of(text_[position_], at(position_ + 1));
  const bool is_double = std::find(kDoubleSigns.begin(), kDoubleSigns.end(), both) != kDoubleSigns.end();
  const std::string_view text = text_.substr(position_, is_double ? 2 : 1);
  position_ += text.size();
  Token token = make(TokenType::sign, text);
  token.sign = is_double ? both : sign_of(text[0]);
  return token;
}

Attempt<Token> Lexer::scan_regex() {
  const std::size_t start = ++position_;
  int depth = 0;
  const auto escaped = [this, start](std::size_t i) {
    std::size_t count = 0;
    while (i > count + start && text_[i - count - 1] == '\\') ++count;
    return count % 2 == 1;
  };
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == '/' && depth == 0 && !escaped(position_)) {
      if (position_ == start) return fail_here("S0301");
      const std::string_view pattern = text_.substr(start, position_ - start);
      const std::size_t flags = ++position_;
      while (at(position_) == 'i' || at(position_) == 'm') ++position_;
      Token token = make(TokenType::regex, pattern);
      token.flags = text_.substr(flags, position_ - flags);
      return token;
    }
    const bool after_backslash = text_[position_ - 1] == '\\';
    if ((c == '(' || c == '[' || c == '{') && !after_backslash) ++depth;
    if ((c == ')' || c == ']' || c == '}') && !after_backslash) --depth;
  }
  return fail_here("S0302");
}

Attempt<Token> Lexer::scan_string(char quote) {
  const std::size_t start = ++position_;
  const std::size_t plain_end = text_.find_first_of(quote == '"' ? "\"\\" : "'\\", start);
  if (plain_end != std::string_view::npos && text_[plain_end] == quote) {
    position_ = plain_end + 1;
    return make(TokenType::string, text_.substr(start, plain_end - start));
  }
  std::string text;
  for (; position_ < text_.size(); ++position_) {
    const char c = text_[position_];
    if (c == quote) {
      ++position_;
      return make(TokenType::string, arena_.copy(text));
    }
    if (c == '\\') {
      ++position_;
      JSONATA_CHECK(scan_escape(text));
    } else {
      text.push_back(c);
    }
  }
  return fail_here("S0101");
}

// Leaves the position on the last character of the escape.
Done Lexer::scan_escape(std::string& text) {
  const char c = at(position_);
  if (const std::string_view plain = simple_escape(c); !plain.empty()) {
    text.append(plain);
    return {};
  }
  if (c != 'u') return fail_here("S0103", text_.substr(std::min(position_, text_.size()), 1));
  const std::string_view digits = text_.substr(position_ + 1, 4);
  unsigned unit = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (digits.size() != 4 || result.ptr != digits.data() + 4) return fail_here("S0104");
  append_unit(text, unit);
  position_ += 4;
  return {};
}

Attempt<Token> Lexer::scan_number() {
  const std::size_t start = position_;
  const auto digits = [this] {
    while (at(position_) >= '0' && at(position_) <= '9') ++position_;
  };
  const auto digit_at = [this](std::size_t i) { return at(i) >= '0' && at(i) <= '9'; };
  if (text_[position_] == '0') {
    ++position_;
  } else {
    digits();
  }
  if (at(position_) == '.' && digit_at(position_ + 1)) {
    ++position_;
    digits();
  }
  if (at(position_) == 'e' || at(position_) == 'E') {
    const std::size_t sign = at(position_ + 1) == '+' || at(position_ + 1) == '-' ? 2 : 1;
    if (digit_at(position_ + sign)) {
      position_ += sign;
      digits();
    }
  }
  const std::string_view text = text_.substr(start, position_ - start);
  const double number = text_to_number(text).value_or(0);
  if (!std::isfinite(number)) {
    position_ = start;
    return fail_here("S0102", text);
  }
  Token token = make(TokenType::number, text);
  token.value = Value(number);
  return token;
}

Attempt<Token> Lexer::scan_quoted_name() {
  const std::size_t end = text_.find('`', position_ + 1);
  if (end == std::string_view::npos) {
    position_ = text_.size();
    return fail_here("S0105");
  }
  const std::string_view name = text_.substr(position_ + 1, end - position_ - 1);
  position_ = end + 1;
  return make(TokenType::name, name);
}

Token Lexer::scan_name() {
  const std::size_t start = position_;
  while (position_ < text_.size() && !is_space(text_[position_]) && !is_sign(text_[position_])) ++position_;
  const std::string_view name = text_.substr(start, position_ - start);
  if (name[0] == '$') return make(TokenType::variable, name.substr(1));
  const auto literal = [&](Value value) {
    Token token = make(TokenType::literal, name);
    token.value = value;
    return token;
  };
  const auto word = [&](Sign sign) {
    Token token = make(TokenType::sign, name);
    token.sign = sign;
    return token;
  };
  if (name == "true") return literal(Value(true));
  if (name == "false") return literal(Value(false));
  if (name == "null") return literal(Value::null());
  if (name == "and") return word(kAnd);
  if (name == "or") return word(kOr);
  if (name == "in") return word(kIn);
  return make(TokenType::name, name);
}

}  // namespace lamplighter::jsonata
