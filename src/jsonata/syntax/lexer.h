// Text of an expression to tokens.
#pragma once

#include <cstdint>
#include <string_view>

#include "jsonata/failure.h"

namespace lamplighter::jsonata {

enum class TokenType : std::uint8_t { end, name, variable, string, number, literal, regex, sign };

/// Which sign: its one or two characters as a number; words have numbers of their own.
using Sign = std::uint16_t;
constexpr Sign sign_of(char first, char second = '\0') {
  return static_cast<Sign>(static_cast<unsigned char>(first) << 8U | static_cast<unsigned char>(second));
}
constexpr Sign kNoSign = 0;
constexpr Sign kAnd = 1;
constexpr Sign kOr = 2;
constexpr Sign kIn = 3;

struct Token {
  TokenType type = TokenType::end;
  Sign sign = kNoSign;
  std::string_view text;     ///< name, sign or string; the pattern of a regex
  std::string_view flags;    ///< of a regex
  Value value;               ///< of a number or literal
  std::size_t position = 0;  ///< byte offset behind the token
};

class Lexer {
 public:
  Lexer(std::string_view text, Arena& arena) : text_(text), arena_(arena) {}

  /// The next token. Behind an operand (`infix`) a slash divides, else it starts a regex.
  Attempt<Token> next(bool infix);

 private:
  Done skip_space_and_comments();
  Attempt<Token> scan_regex();
  Attempt<Token> scan_string(char quote);
  Done scan_escape(std::string& text);
  Attempt<Token> scan_number();
  Attempt<Token> scan_quoted_name();
  Token scan_name();
  Token scan_sign();

  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  [[nodiscard]] Token make(TokenType type, std::string_view text) const;
  tl::unexpected<Failure*> fail_here(const char* code, std::string_view token = {});

  std::string_view text_;
  Arena& arena_;
  std::size_t position_ = 0;
};

}  // namespace lamplighter::jsonata
