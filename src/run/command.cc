#include "run/command.h"

#include <fmt/format.h>

#include "base/shell_quoted.h"
#include "run/aws_variables.h"

namespace lamplighter::run {
namespace {

/// The parts of a command line, one after the other.
class Words {
 public:
  explicit Words(const Host& host) : host_(host) {}

  void variable(const std::string& name, const std::string& option) {
    const auto value = option.empty() ? host_.variable(name) : std::nullopt;
    if (value) word(fmt::format("{}={}", name, shell_quoted(*value)));
  }
  void variables(const std::vector<std::string>& names, const std::string& option) {
    for (const std::string& name : names) variable(name, option);
  }
  void word(const std::string& text) { text_ += (text_.empty() ? "" : " ") + text; }
  void option(const char* name, const std::string& value) {
    if (value.empty()) return;
    const bool is_dashed = value.size() > 1 && value.front() == '-';  // would be read as an option
    word(fmt::format("{}{}{}", name, is_dashed ? "=" : " ", shell_quoted(value)));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Host& host_;
  std::string text_;
};

}  // namespace

std::string command_text(const Command& command, const Host& host) {
  Words words(host);
  if (command.aws) {
    words.variables(profile_variables(), command.aws->profile);
    words.variables(endpoint_variables(), command.aws->endpoint_url);
  }
  words.variable("XDG_STATE_HOME", command.state_dir);
  words.word("lamplighter");
  words.word(command.verb);
  for (const std::string& argument : command.arguments) words.word(shell_quoted(argument));
  words.option("--file", command.file);
  words.option("--region", command.region);
  if (command.aws) {
    words.option("--profile", command.aws->profile);
    words.option("--endpoint-url", command.aws->endpoint_url);
  }
  words.option("--state-dir", command.state_dir);
  if (command.speed != 1) words.option("--speed", fmt::format("{}", command.speed));
  if (command.file == "-") words.word("< FLEET_FILE");  // it came from standard input
  return words.text();
}

}  // namespace lamplighter::run
