// `lamplighter serve`: the daemon.
#include <memory>

#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "apps/cli/version.h"
#include "console/log_printer.h"
#include "console/report_error.h"
#include "run/daemon.h"
#include "run/retention.h"

namespace lamplighter::cli {
namespace {

struct ServeOptions {
  run::DaemonOptions daemon;
  std::string auth = "sigv4";
  std::string log_format = "text";
  std::string keep_executions;
  std::string keep_size;
};

/// With JSON whoever reads reads nothing else.
Result<int> serve(ServeOptions& options) {
  options.daemon.signed_only = options.auth != "none";
  options.daemon.retention = TRY(run::retention_of(options.keep_executions, options.keep_size));
  options.daemon.version = version();
  const SystemClock wall;
  const bool as_json = options.log_format == "json";
  console::LogPrinter log(as_json ? console::LogFormat::json : console::LogFormat::text, wall);
  const Status served = run::run_daemon(options.daemon, log);
  if (served) return run::ExitCode::success;
  if (!as_json) return tl::unexpected(served.error());
  log.write({LogEvent::daemon_failed, served.error().message});
  return console::exit_code_of(served.error().kind);
}

}  // namespace

void add_serve(CommandLine& line) {
  Verb verb = line.verb("serve", "Fire fleets' schedules, and serve the Step Functions API");
  verb.footer(
      "Examples:\n  lamplighter serve -f fleet.yaml\n  lamplighter serve --port 0 --auth none\n"
      "Sign requests with the key pair of `lamplighter credentials` (docs/api.md).");
  const auto options = std::make_shared<ServeOptions>();
  verb.option("-f,--file", options->daemon.fleet_files,
              "A fleet file whose schedules it fires; may be given several times")
      .called("FILE")
      .one_value_each();
  verb.option("--port", options->daemon.port, "Port; 0 picks a free one").shows_default().between(0, 65'535);
  verb.option("--address", options->daemon.address, "IP address to listen on").shows_default();
  verb.option("--auth", options->auth, "Who may use it: sigv4, or none (on loopback only)")
      .one_of({"sigv4", "none"})
      .shows_default();
  verb.option(
          "--socket", options->daemon.socket,
          "A Unix-domain socket for the members of this process's group, beside the state directory's own")
      .called("FILE");
  verb.option("--log-format", options->log_format, "What it says: text for people, json for programs")
      .one_of({"text", "json"})
      .shows_default();
  add_state_dir(verb, options->daemon.state_dir);
  verb.option("--keep-executions", options->keep_executions,
              "How long what has ended stays: 90d where nothing was ever said");
  verb.option("--keep-size", options->keep_size,
              "How much of it, the oldest go first: 1GiB where nothing was ever said");
  add_aws_options(verb, options->daemon.aws);
  verb.option("--speed", options->daemon.speed,
              "For an endpoint on this machine whose time runs so much faster")
      .between(0.001, 100'000);
  verb.runs([options] { return serve(*options); });
}

}  // namespace lamplighter::cli
