#include "apps/cli/manual_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace lamplighter::cli {
namespace {

constexpr std::string_view kEnd = R"(.SH EXIT STATUS
.TP
0
All went well.
.TP
1
An environment halted, or what was asked for failed.
.TP
2
The input is bad: arguments, a file, a state directory.
.TP
3
AWS could not be reached or refused, or alarms were left muted.
.SH ENVIRONMENT
.TP
.B LAMPLIGHTER_SOCKET
The socket of the daemon to ask, instead of the state directory's own.
.TP
.B LAMPLIGHTER_RUNTIME_DIR
Where the packaged daemon's socket is, instead of /run/lamplighter.
.TP
.B AWS_PROFILE\fR, \fBAWS_REGION\fR, \fBAWS_ENDPOINT_URL\fR, \fBAWS_CA_BUNDLE\fR, …
As for AWS's own tools.
.SH FILES
.TP
.I /etc/lamplighter/fleet.yaml
The fleet that the packaged daemon runs.
.TP
.I /run/lamplighter/socket
Its socket, for the members of the group lamplighter.
.TP
.I ~/.local/state/lamplighter
The usual state directory.
)";

/// Text, which roff takes for nothing else. A line may not begin with a dot or an apostrophe.
std::string escaped(std::string_view text) {
  std::string result;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) result += R"(\&)";
    at_start = c == '\n';
    if (c == '\\')
      result += R"(\e)";
    else if (c == '-')
      result += R"(\-)";
    else
      result += c;
  }
  return result;
}

std::string title_of(const OptionOutline& option) {
  std::string title;
  for (const std::string& name : option.names)
    title += fmt::format("{}\\fB{}\\fR", title.empty() ? "" : ", ", escaped(name));
  if (option.takes_value())
    title += fmt::format("{}\\fI{}\\fR", title.empty() ? "" : " ", escaped(option.value));
  return title;
}

/// " (asl, mermaid; usually asl)"; "" where nothing is to be said.
std::string values_of(const OptionOutline& option) {
  std::string values = escaped(fmt::format("{}", fmt::join(option.choices, ", ")));
  if (!option.usual.empty())
    values += fmt::format("{}usually {}", values.empty() ? "" : "; ", escaped(option.usual));
  return values.empty() ? "" : " (" + values + ")";
}

std::string paragraph_of(const OptionOutline& option) {
  return fmt::format(".TP\n{}\n{}{}\n", title_of(option), escaped(option.help), values_of(option));
}

bool is_help(const OptionOutline& option) { return !option.is_argument() && option.names.front() == "-h"; }

std::string synopsis_of(const VerbOutline& verb) {
  std::string text = fmt::format("\\fBlamplighter {}\\fR [\\fIoptions\\fR]", escaped(verb.name));
  for (const OptionOutline& option : verb.options) {
    if (!option.is_argument()) continue;
    const auto argument = fmt::format("\\fI{}\\fR{}", escaped(option.value), option.repeats ? "..." : "");
    text += option.required ? " " + argument : " [" + argument + "]";
  }
  return text;
}

std::string section_of(const VerbOutline& verb) {
  std::string text =
      fmt::format(".SS {}\n{}\n.PP\n{}.\n", escaped(verb.name), synopsis_of(verb), escaped(verb.description));
  for (const OptionOutline& option : verb.options) {
    if (!is_help(option)) text += paragraph_of(option);
  }
  if (!verb.footer.empty()) text += fmt::format(".PP\n.nf\n{}\n.fi\n", escaped(verb.footer));
  return text;
}

}  // namespace

std::string manual_page(const Outline& outline, const std::string& version) {
  std::string text = fmt::format(
      ".TH LAMPLIGHTER 1 \"\" \"lamplighter {}\" \"User Commands\"\n.SH NAME\nlamplighter \\- start and stop "
      "whole "
      "environments on AWS, in order\n.SH SYNOPSIS\n\\fBlamplighter\\fR \\fIverb\\fR [\\fIoptions\\fR] "
      "[\\fIarguments\\fR]\n.SH DESCRIPTION\n{}\n",
      escaped(version), escaped(outline.program.description));
  for (const OptionOutline& option : outline.program.options) text += paragraph_of(option);
  text += ".SH VERBS\n";
  for (const VerbOutline& verb : outline.verbs) text += section_of(verb);
  text += kEnd;
  return text;
}

}  // namespace lamplighter::cli
