#include "run/real_run.h"

#include <fmt/format.h>

#include "run/after_report.h"
#include "run/command.h"
#include "run/embedded_run.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/hours_keeper.h"
#include "run/interrupt.h"
#include "run/leave.h"
#include "run/prepare.h"
#include "run/stay.h"
#include "run/teller.h"

namespace lamplighter::run {
namespace {

std::string resume_command(const RealRun& options, const std::string& execution) {
  const Command resume{.verb = "resume",
                       .arguments = {execution},  // which remembers how it reached AWS
                       .state_dir = options.state_dir};
  return command_text(resume, SystemHost());
}

std::string unmute_command(const RealRun& options, const machine::Shape& shape) {
  Command unmute{
      .verb = "alarms", .file = options.fleet_file, .region = options.fleet_region, .aws = options.aws};
  for (const auto& environment : shape.environments) unmute.arguments.push_back(environment.name());
  unmute.arguments.emplace_back("--unmute");
  return command_text(unmute, SystemHost());
}

}  // namespace

Result<int> run_for_real(RunOrder order, const RealRun& options, Observer& view, const Report& report) {
  CHECK_OK(check_speed(options.aws, options.speed));
  SystemClock clock(options.speed);
  Teller teller(options.trouble);
  AwsOptions aws = options.aws;
  aws.waiting = [&](const std::string& text) { teller.tell(text, Notice::Lasts::a_while); };
  const auto access = TRY(CloudAccess::make(aws, clock));
  const auto accounts = TRY(prepare(order, access->session(), options.aws, options.speed));
  if (options.confirmed &&
      !options.confirmed(
          overview_of(access->session(), access->session().credentials_name(), order.shape, accounts))) {
    return fail(ErrorKind::bad_input, "Usage", "nothing was stopped");
  }
  // By its clock it would begin later than what others begin after it.
  if (options.speed != 1) order.input["began"] = format_time(SystemClock().now());
  const Interrupt interrupt;
  engine::Options engine_options;
  engine_options.state_dir = TRY(state_directory(options.state_dir));
  engine_options.trouble = [&](const std::string& text) { teller.tell(text, Notice::Lasts::to_the_end); };
  engine_options.well_again = engine_options.trouble;
  engine_options.region = order.shape.environments.front().region();
  const auto engine = TRY(access->open_engine(engine_options, clock));
  tell_uncounted(count_hours(*engine, clock), options.trouble);  // before the engine prunes
  const auto socket =
      open_holder_socket(*engine, clock, std::string(tasks::to_string(order.action)),
                         access_of(options.aws, options.speed, SystemHost(), {}, {}), *access, teller);
  Progress progress(order.shape, order.execution);
  RunEnd end = TRY([&] {
    const Teller::Showing showing(teller, view);
    return run_embedded(*engine, order, progress, view, clock);
  }());
  end = TRY(stay_for_others(socket.get(), *engine, std::move(end), progress, teller));
  Outcome outcome = outcome_of(end, progress, &access->session());
  const std::string resume = resume_command(options, order.execution);
  if (end.interrupted) {
    outcome.trouble = fmt::format("stopped waiting; {} is on disk as far as it got. It goes on with:\n  {}",
                                  order.execution, resume);
  }
  int code = report(outcome);
  if (end.reported) {
    const AfterReport after{resume, unmute_command(options, order.shape), options.tell};
    const int alarms = TRY(stay_for_alarms(*engine, end.execution.arn, progress, after));
    if (code == ExitCode::success) code = alarms;
  }
  if (!end.interrupted) wait_for_others(socket.get(), {end.execution.arn}, Interrupt::requested(), teller);
  tell_uncounted(count_hours(*engine, clock), options.trouble);
  close_engine(*engine, code);
  return code;
}

}  // namespace lamplighter::run
