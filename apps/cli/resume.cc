// lamplighter resume: goes on with what was running when the last process ended.
#include "run/resume.h"

#include <memory>

#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/choose.h"
#include "console/print.h"
#include "console/print_outcome.h"
#include "console/report_error.h"
#include "console/view.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

struct ResumeVerb {
  run::ResumeOrder order;
  bool json = false;
};

Result<int> resume(const ResumeVerb& options) {
  const auto code = TRY(run::resume(
      options.order, [&] { return console::make_view(options.json); },
      [&](const run::Outcome& outcome) { return console::print(outcome, options.json); }));
  if (!code) fmt::print("Nothing was running.\n");
  return code.value_or(run::ExitCode::success);
}

}  // namespace

void add_resume(CommandLine& line) {
  Verb verb =
      line.verb("resume", "Go on with what was running when the last process ended, as it was started");
  const auto options = std::make_shared<ResumeVerb>();
  options->order.trouble = console::report_trouble;
  options->order.tell = [](const std::string& text) { console::print_text(stderr, text + "\n"); };
  if (console::can_ask()) options->order.choose = console::choose;
  verb.option("execution", options->order.execution, "Which; where none is named, the one that there is")
      .called("ID");
  verb.flag("--all", options->order.all, "Of several, all");
  add_aws_options(verb, options->order.aws);
  verb.option("--speed", options->order.speed, "Instead of what start or stop was given")
      .between(0.001, 100'000);
  add_state_dir(verb, options->order.state_dir);
  verb.flag("--json", options->json, "End with one JSON object an execution on standard output");
  verb.footer(
      "Examples:\n  lamplighter resume\n  lamplighter resume start-20261124-060000-x7ab\n  lamplighter "
      "resume --all");
  verb.runs([options] { return resume(*options); });
}

}  // namespace lamplighter::cli
