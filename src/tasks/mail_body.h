// A mail's plain text, collected line by line as long as there is room.
#pragma once

#include <cstddef>
#include <string>

namespace lamplighter::tasks {

class MailBody {
 public:
  explicit MailBody(std::size_t max_bytes);

  /// Names and reasons come from outside: none breaks a line or turns it round. Once a line has no room,
  /// those after it have none either.
  void line(const std::string& text = "");

  [[nodiscard]] bool is_cut() const { return left_out_ > 0; }
  /// The text; where it was cut its last line says so, with `where` the rest is.
  std::string text(const std::string& where) &&;

 private:
  std::size_t room_;
  std::string text_;
  std::size_t left_out_ = 0;  ///< lines
};

}  // namespace lamplighter::tasks
