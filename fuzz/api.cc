// The Step Functions API's requests: any bytes as a call's name, body and Authorization header, over an
// engine that answers with what it was asked.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "api/auth/door.h"
#include "api/auth/sigv4.h"
#include "api/stepfunctions/step_functions.h"
#include "fuzz/echo_engine.h"
#include "fuzz/take_line.h"

using namespace lamplighter;  // NOLINT(google-build-using-namespace)

/// Input: the call's name, the Authorization header and the body, a line each (the body to the end).
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static EchoEngine engine;
  static ManualClock clock;
  static const api::Door door(std::nullopt, clock);
  static const api::StepFunctions api(engine, door);
  std::string_view text(reinterpret_cast<const char*>(data), size);
  http::Request request{"POST", "/", {{"Host", "localhost"}}, ""};
  request.headers.emplace_back("X-Amz-Target", "AWSStepFunctions." + std::string(take_line(text)));
  request.headers.emplace_back("X-Amz-Date", "19700101T000000Z");
  request.headers.emplace_back("Authorization", take_line(text));
  request.body = text;
  const auto response = api.handle(request);
  if (!parse_json(response.body).value().is_object()) std::abort();
  if (api::verify_signature(request, {"A", "S"}, "states", clock.now())) std::abort();
  return 0;
}
