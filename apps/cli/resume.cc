// lamplighter resume: goes on with what was running when the last process ended.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print_outcome.h"
#include "console/report_error.h"
#include "console/view.h"
#include "run/cloud_access.h"
#include "run/executions.h"
#include "run/outcome.h"
#include "run/run.h"

namespace lamplighter::cli {
namespace {

struct ResumeVerb {
  std::string execution;  ///< its name or ARN; "" for all
  run::AwsOptions aws;
  double speed = 1;
  bool json = false;
  std::string state_dir;
};

/// One execution that goes on, with its own picture. Lives as long as the engine tells it events.
struct Followed {
  std::string arn;
  std::unique_ptr<run::Progress> progress;
  engine::Subscription subscription;
};

Result<Followed> follow_from_start(engine::Engine& engine, const engine::Execution& execution) {
  const std::string text = TRY(engine.execution_definition(execution.arn));
  const machine::Shape shape = TRY(machine::read_shape(TRY(parse_json(text))));
  Followed followed{execution.arn, std::make_unique<run::Progress>(shape, execution.name), {}};
  CHECK_OK(run::catch_up(engine, execution.arn, *followed.progress));
  followed.subscription = run::follow(engine, execution.name, *followed.progress);
  return followed;
}

Result<std::vector<engine::Execution>> to_resume(engine::Engine& engine, const std::string& wanted) {
  if (wanted.empty()) return run::all_executions(engine, engine::ExecutionStatus::running);
  engine::Execution execution = TRY(run::find_execution(engine, wanted));
  if (execution.status != engine::ExecutionStatus::running) {
    return fail(ErrorKind::bad_input, "NotRunning",
                fmt::format("{} has ended ({}): see lamplighter history {}", execution.name,
                            engine::to_string(execution.status), execution.name));
  }
  return std::vector{std::move(execution)};
}

/// Gives the worst of the exit codes.
Result<int> watch_all(engine::Engine& engine, std::vector<Followed>& followed, const ResumeVerb& options,
                      aws::Session& session, const Clock& clock) {
  int code = run::ExitCode::success;
  for (Followed& one : followed) {
    const auto view = console::make_view(options.json);
    const run::RunEnd end = TRY(run::watch(engine, one.arn, *one.progress, *view, clock));
    if (end.interrupted) {
      fmt::print(stderr, "lamplighter: stopped waiting; the same command goes on with it\n");
      return run::kInterrupted;
    }
    code =
        std::max(code, console::print(run::outcome_of(end, *one.progress, session.counts()), options.json));
  }
  return code;
}

Result<int> resume(const ResumeVerb& options) {
  SystemClock clock(options.speed);
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  engine::Options engine_options;
  engine_options.state_dir = TRY(run::state_directory(options.state_dir));
  const auto engine = TRY(engine::Engine::open(engine_options, clock, access->runner()));
  const std::vector<engine::Execution> executions = TRY(to_resume(*engine, options.execution));
  if (executions.empty()) {
    fmt::print("Nothing was running.\n");
    return run::ExitCode::success;
  }
  std::vector<Followed> followed;
  for (const engine::Execution& execution : executions) {
    auto one = follow_from_start(*engine, execution);
    // A machine of another's making (through `serve`) goes on too, without a picture.
    if (one) followed.push_back(*std::move(one));
    CHECK_OK(engine->resume(execution.arn));
  }
  return watch_all(*engine, followed, options, access->session(), clock);
}

}  // namespace

void add_resume(CLI::App& app, int& exit_code) {
  auto* verb =
      app.add_subcommand("resume", "Go on with executions that were running when the last process ended");
  auto options = std::make_shared<ResumeVerb>();
  verb->add_option("execution", options->execution, "Which; all where none is named")->type_name("ID");
  add_aws_options(*verb, options->aws);
  verb->add_option("--speed", options->speed, "As it was given to start or stop")
      ->check(CLI::Range(0.001, 100'000.0));
  add_state_dir(*verb, options->state_dir);
  verb->add_flag("--json", options->json, "End with one JSON object an execution on standard output");
  verb->footer("Examples:\n  lamplighter resume\n  lamplighter resume start-20261124-060000-x7ab");
  verb->callback([options, &exit_code] {
    const auto code = resume(*options);
    exit_code = code ? *code : console::report_error(code.error());
  });
}

}  // namespace lamplighter::cli
