// `lamplighter serve`: the Step Functions API over the embedded engine.
#include <chrono>

#include <fmt/format.h>

#include "api/stepfunctions/step_functions.h"
#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/report_error.h"
#include "http/http_server.h"
#include "run/cloud_access.h"
#include "run/executions.h"
#include "run/exit_code.h"
#include "run/leave.h"

namespace lamplighter::cli {
namespace {

constexpr std::uint16_t kDefaultPort = 8083;
/// Starts that come together share a commit: a worker waits for each.
constexpr std::size_t kWorkers = 8;
/// What answers under way are given at the end; with the engine's patience it stays under 5 s.
constexpr std::chrono::milliseconds kTimeToAnswer{1'500};

struct ServeOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = kDefaultPort;
  std::string auth = "sigv4";
  std::string state_dir;
  run::AwsOptions aws;
};

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

/// The key pair that requests must be signed with; none for --auth none, which only loopback may have.
Result<api::StepFunctionsOptions> authentication(const ServeOptions& options,
                                                 const std::filesystem::path& state_dir) {
  if (options.auth == "sigv4") {
    return api::StepFunctionsOptions{TRY(api::load_or_make_key_pair(state_dir))};
  }
  if (is_loopback(options.address)) return api::StepFunctionsOptions{};
  return fail(
      ErrorKind::bad_input, "AuthenticationRequired",
      fmt::format("--auth none is possible on a loopback address only; found --address {}", options.address));
}

void announce(const ServeOptions& options, const engine::Engine& engine, const std::string& url) {
  if (options.auth == "none")
    fmt::print("Authentication is off: any program on this machine may use the API.\n");
  fmt::print("Step Functions API at {} (state in {})\n", url, engine.options().state_dir.string());
  std::fflush(stdout);
}

Status serve(const ServeOptions& options) {
  const run::EndSignals end;
  SystemClock clock;
  const auto access = TRY(run::CloudAccess::make(options.aws, clock));
  engine::Options engine_options;
  engine_options.state_dir = TRY(run::state_directory(options.state_dir));
  engine_options.trouble = console::report_trouble;
  const auto authenticated = TRY(authentication(options, engine_options.state_dir));
  const auto engine = TRY(engine::Engine::open(engine_options, clock, access->runner()));
  CHECK_OK(engine->resume());
  const api::StepFunctions api(*engine, clock, authenticated);
  http::HttpOptions http;
  http.address = options.address;
  http.port = options.port;
  http.workers = kWorkers;
  http.stop_timeout = kTimeToAnswer;
  const auto listening = TRY(http::HttpServer::start(
      http, [&](const http::Request& request) { return api.handle(request); },
      [&](const http::Request& header) { return api.refuse(header); }));
  announce(options, *engine, listening->url());
  end.wait();
  listening->stop();
  run::close_engine(*engine, run::ExitCode::success);
  return {};
}

}  // namespace

void add_serve(CommandLine& line) {
  Verb verb = line.verb("serve", "Serve the Step Functions API over the embedded engine");
  verb.footer(
      "Examples:\n  lamplighter serve\n  lamplighter serve --port 0 --auth none\n"
      "Sign requests with the key pair of `lamplighter credentials` (docs/api.md).");
  const auto options = std::make_shared<ServeOptions>();
  verb.option("--port", options->port, "Port; 0 picks a free one").shows_default();
  verb.option("--address", options->address, "IP address to listen on").shows_default();
  verb.option("--auth", options->auth, "Who may use it: sigv4, or none (on loopback only)")
      .one_of({"sigv4", "none"})
      .shows_default();
  add_state_dir(verb, options->state_dir);
  add_aws_options(verb, options->aws);
  verb.runs([options] { return serve(*options); });
}

}  // namespace lamplighter::cli
