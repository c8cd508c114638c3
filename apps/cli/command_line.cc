#include "apps/cli/command_line.h"

#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "console/print.h"
#include "console/report_error.h"

namespace lamplighter::cli {
namespace {

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> verbs;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    verbs.push_back(verb->get_name());
  }
  return verbs;
}

std::vector<std::string> options_of(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// The values that one_of() allows, which CLI11 keeps as a part of the type's name: "TEXT:{asl,mermaid}".
std::vector<std::string> choices_of(const std::string& type) {
  const auto begin = type.find('{');
  const auto end = type.find('}', begin);
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

OptionOutline outline_of(const CLI::Option& option) {
  OptionOutline outline;
  for (const std::string& name : option.get_snames()) outline.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) outline.names.push_back("--" + name);
  const std::string type = option.get_type_name();
  if (option.get_items_expected_min() > 0 || option.get_positional())
    outline.value = type.substr(0, type.find(':'));
  outline.choices = choices_of(type);
  outline.usual = option.get_default_str();
  outline.help = option.get_description();
  outline.required = option.get_required();
  outline.repeats = option.get_expected_max() > 1;
  return outline;
}

VerbOutline outline_of(const CLI::App& verb) {
  VerbOutline outline{verb.get_name(), verb.get_description(), verb.get_footer(), {}};
  for (const CLI::Option* option : verb.get_options()) outline.options.push_back(outline_of(*option));
  return outline;
}

/// CLI11 takes an unknown verb for a stray argument and asks for a verb.
std::string unknown_verb(const CLI::App& app, const std::string& found) {
  const auto verbs = verbs_of(app);
  return fmt::format("found the verb \"{}\"{}, expected one of {}", found, did_you_mean(found, verbs),
                     fmt::join(verbs, ", "));
}

/// What a verb needs and was not given: "until WHEN (until when, or for how long)"; "" for nothing.
std::string missing_argument(const CLI::App& verb) {
  for (const CLI::Option* option : verb.get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    // What no word was found for is called by the library after its type.
    const bool is_called = option->get_positional() && !option->get_type_name().starts_with("TEXT");
    return fmt::format("{} ({})", is_called ? option->get_type_name() : option->get_name(),
                       option->get_description());
  }
  return "";
}

/// What is wrong with a verb's arguments, in words that name the one that is.
std::string wrong_arguments(const CLI::App& verb, const CLI::ParseError& error) {
  const auto extras = verb.remaining();
  const auto option = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& text) { return text.starts_with("-"); });
  if (option != extras.end()) {
    const std::string name = option->substr(0, option->find('='));
    return fmt::format("found the unknown option {}{}", name, did_you_mean(name, options_of(verb)));
  }
  if (!extras.empty()) return fmt::format("found the argument \"{}\", expected no more", extras.front());
  if (error.get_name() == "RequiredError") {
    if (const auto missing = missing_argument(verb); !missing.empty()) return "expected " + missing;
  }
  return error.what();
}

/// The error and whose help to read.
std::string usage_error(const CLI::App& app, const std::string& first, const CLI::ParseError& error) {
  const auto called = app.get_subcommands();
  if (!called.empty()) {
    const CLI::App& verb = *called.front();
    return fmt::format("{}; see lamplighter {} --help", wrong_arguments(verb, error), verb.get_name());
  }
  const std::string what = first.starts_with("-") ? wrong_arguments(app, error) : unknown_verb(app, first);
  return what + "; see lamplighter --help";
}

}  // namespace

Option& Option::required() {
  option_->required();
  return *this;
}
Option& Option::one_of(std::vector<std::string> values) {
  option_->check(CLI::IsMember(std::move(values)));
  return *this;
}
Option& Option::between(double low, double high) {
  // CLI::Range takes "nan", which is neither below nor above.
  option_->check([low, high](const std::string& text) -> std::string {
    double value = 0;
    const bool is_number = CLI::detail::lexical_cast(text, value);
    if (is_number && value >= low && value <= high) return "";
    return fmt::format("found {}, expected a number from {} to {}", text, low, high);
  });
  return *this;
}
Option& Option::shows_default() {
  option_->capture_default_str();
  return *this;
}
Option& Option::called(const std::string& name) {
  option_->type_name(name);
  return *this;
}
Option& Option::one_value_each() {
  option_->allow_extra_args(false);
  return *this;
}
Option& Option::excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option Verb::option(const std::string& names, std::string& value, const std::string& help) {
  return Option(app_->add_option(names, value, help));
}
Option Verb::option(const std::string& names, std::vector<std::string>& values, const std::string& help) {
  return Option(app_->add_option(names, values, help));
}
Option Verb::option(const std::string& names, double& value, const std::string& help) {
  return Option(app_->add_option(names, value, help));
}
Option Verb::option(const std::string& names, std::uint64_t& value, const std::string& help) {
  return Option(app_->add_option(names, value, help));
}
Option Verb::option(const std::string& names, std::uint16_t& value, const std::string& help) {
  return Option(app_->add_option(names, value, help));
}
Option Verb::flag(const std::string& names, bool& value, const std::string& help) {
  return Option(app_->add_flag(names, value, help));
}
Option Verb::flag(const std::string& names, std::string& value, const std::string& help) {
  return Option(app_->add_flag(names, value, help));
}

Verb& Verb::footer(const std::string& text) {
  app_->footer(text);
  return *this;
}

void Verb::runs(std::function<Result<int>()> work) {
  app_->callback([work = std::move(work), exit_code = exit_code_] {
    const auto code = work();
    *exit_code = code ? *code : console::report_error(code.error());
  });
}

void Verb::runs(std::function<Status()> work) {
  runs([work = std::move(work)]() -> Result<int> {
    CHECK_OK(work());
    return run::ExitCode::success;
  });
}

CommandLine::CommandLine(const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description, "lamplighter")) {
  app_->require_subcommand(1);
  app_->set_version_flag("--version", version);
  app_->footer("lamplighter VERB --help shows a verb's options and examples.");
}

CommandLine::~CommandLine() = default;

Verb CommandLine::verb(const std::string& name, const std::string& description) {
  return {app_->add_subcommand(name, description), &exit_code_};
}

Outline CommandLine::outline() const {
  Outline outline{outline_of(*app_), {}};
  for (const CLI::App* verb : app_->get_subcommands([](const CLI::App*) { return true; })) {
    outline.verbs.push_back(outline_of(*verb));
  }
  return outline;
}

int CommandLine::run(int argc, char** argv) {
  const std::string first = argc > 1 ? argv[1] : "help";
  try {
    if (first == "help") {  // "help start" is start's
      const auto verbs = verbs_of(*app_);
      const bool of_verb = argc > 2 && std::find(verbs.begin(), verbs.end(), argv[2]) != verbs.end();
      fmt::print("{}", of_verb ? app_->get_subcommand(argv[2])->help(app_->get_name()) : app_->help());
      return run::ExitCode::success;
    }
    app_->parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app_->exit(help);
  } catch (const CLI::ParseError& error) {
    console::print_line(stderr, "lamplighter: {}", usage_error(*app_, first, error));
    return run::ExitCode::bad_input;
  }
  return exit_code_;
}

}  // namespace lamplighter::cli
