// `bootstrap`, the Lambda function's program: puts the parts together and serves events for as long as Lambda
// lets it. Connections and credentials outlive an event.
#include <iostream>

#include "apps/lambda/classic_fleet.h"
#include "apps/lambda/events.h"
#include "aws/client/session.h"
#include "base/clock.h"
#include "base/plain_text.h"
#include "base/standard_streams.h"
#include "http/curl_transport.h"
#include "lambda_runtime/invocation_transport.h"
#include "lambda_runtime/loop.h"
#include "tasks/outside.h"

using namespace lamplighter;  // NOLINT(google-build-using-namespace)

namespace {

/// Lambda stops an environment between two events, and a phase's looks need not be one environment's: what
/// they share is the wall clock, which Lambda keeps right.
class LambdaClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override { return clock_.now(); }
  void sleep(Duration duration) override { clock_.sleep(duration); }

 private:
  SystemClock clock_;
};

/// The ways out: one to AWS, bounded by the event's deadline, beside it one to webhooks, and one to the
/// Runtime API.
struct Network {
  explicit Network(const Host& host) : curl(http::CurlOptions{http::find_ca_bundle(host)}) {}

  LambdaClock clock;
  SystemClock elapsed;  ///< for what one call takes
  http::CurlTransport curl;
  http::CurlTransport runtime;
  lambda_runtime::InvocationTransport to_aws{curl, clock};
};

Status run(const Host& host, Network& network, lambda_runtime::RuntimeApi& api) {
  aws::SessionOptions options;
  options.seed = static_cast<std::uint64_t>(network.clock.now().time_since_epoch().count());
  const auto session = TRY(aws::Session::make(options, host, network.to_aws, network.clock));
  lambda_runtime::Log log(std::cout, network.clock);
  lambda_runtime::LoggedCaller caller(*session, log, network.elapsed);
  const tasks::Outside outside{network.curl, host};
  cli::Events events({.caller = caller, .clock = network.clock, .outside = &outside},
                     TRY(cli::load_classic_fleet(host)), log);
  return tl::unexpected(lambda_runtime::serve(api, [&](const lambda_runtime::Invocation& invocation) {
    network.to_aws.begin(invocation);
    return events.handle(invocation);
  }));
}

}  // namespace

int main() {
  open_standard_descriptors();
  const SystemHost host;
  const auto address = host.variable("AWS_LAMBDA_RUNTIME_API");
  if (!address) {
    std::cerr << "bootstrap: AWS_LAMBDA_RUNTIME_API is not set: this program is run by AWS Lambda\n";
    return 2;
  }
  Network network(host);
  lambda_runtime::RuntimeApi api(network.runtime, *address);
  const auto error = run(host, network, api).error();
  std::cerr << "bootstrap: " << plain_line(error.code + ": " + error.message) << '\n';
  (void)api.report_init(error);  // refused once events have been served; then there is nobody to tell
  return 1;
}
