// The command line's parser behind a small door. CLI11 costs each file that includes it ten seconds: only
// command_line.cc does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/cli/outline.h"
#include "base/result.h"

// NOLINTBEGIN(readability-identifier-naming): the library's own names
namespace CLI {
class App;
class Option;
}  // namespace CLI
// NOLINTEND(readability-identifier-naming)

namespace lamplighter::cli {

/// An option or argument that was added, to be said more about.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option& required();
  Option& one_of(std::vector<std::string> values);
  Option& between(double low, double high);
  /// Its value so far stands in the help.
  Option& shows_default();
  /// What its value is called in the help: "ID".
  Option& called(const std::string& name);
  /// Of a list: one value each time that it is given.
  Option& one_value_each();
  Option& excludes(const Option& other);

 private:
  CLI::Option* option_;
};

/// One verb with its options. What options refer to must live until the command line was run.
class Verb {
 public:
  /// Both are the command line's.
  Verb(CLI::App* app, int* exit_code) : app_(app), exit_code_(exit_code) {}
  /// `names` as "-f,--file"; without dashes it is an argument.
  Option option(const std::string& names, std::string& value, const std::string& help);
  Option option(const std::string& names, std::vector<std::string>& values, const std::string& help);
  Option option(const std::string& names, double& value, const std::string& help);
  Option option(const std::string& names, std::uint64_t& value, const std::string& help);
  Option option(const std::string& names, std::uint16_t& value, const std::string& help);
  Option flag(const std::string& names, bool& value, const std::string& help);
  /// May stand alone or with a value: "--simulate{60}" is 60 where it stands alone.
  Option flag(const std::string& names, std::string& value, const std::string& help);
  /// Examples, and what else the help ends with.
  Verb& footer(const std::string& text);
  /// What the verb does; its exit code. An error is reported and becomes the exit code of its kind.
  void runs(std::function<Result<int>()> work);
  void runs(std::function<Status()> work);

 private:
  CLI::App* app_;
  int* exit_code_;
};

class CommandLine {
 public:
  CommandLine(const std::string& description, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Verb verb(const std::string& name, const std::string& description);
  /// All that was added so far.
  [[nodiscard]] Outline outline() const;
  /// Reads the arguments and runs the verb that they name. Gives the exit code; 2 for arguments that are
  /// wrong.
  int run(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> app_;
  int exit_code_ = 0;
};

}  // namespace lamplighter::cli
