// The function's log: a line of JSON for each thing done, as CloudWatch Logs Insights reads them, with words
// for people in its `message`.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "aws/client/caller.h"
#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "lambda_runtime/runtime_api.h"

namespace lamplighter::lambda_runtime {

/// Writes lines {timestamp, level, message, requestId, trace, execution, …}. Keeps references to both. For
/// the loop's thread alone.
class Log {
 public:
  Log(std::ostream& out, Clock& clock) : out_(out), clock_(clock) {}

  /// From now on lines belong to this event. `execution`: of the state machine; "" where there is none.
  void begin(const Invocation& invocation, std::string execution);

  void info(std::string_view message, const json::object& fields = {}) { write("INFO", message, fields); }
  void error(std::string_view message, const json::object& fields = {}) { write("ERROR", message, fields); }
  /// A plain line, for people who read along.
  void text(std::string_view line);

 private:
  void write(std::string_view level, std::string_view message, const json::object& fields);

  std::ostream& out_;
  Clock& clock_;
  std::string request_id_;
  std::string trace_id_;
  std::string execution_;
};

/// Passes calls on and logs each: what was called, where, how long it took, how it ended, and the instances
/// or alarms that it was about. Never a parameter that could hold more. Keeps references to all three;
/// `clock` measures how long (Clock::steady).
class LoggedCaller final : public aws::Caller {
 public:
  LoggedCaller(aws::Caller& inner, Log& log, Clock& clock) : inner_(inner), log_(log), clock_(clock) {}

  Result<std::string> call(const aws::Target& target, std::string_view service, std::string_view action,
                           const aws::Parameters& parameters) override;
  Result<std::string> call_json(const aws::Target& target, std::string_view service, std::string_view action,
                                const json::object& body) override;
  [[nodiscard]] aws::CallCounts counts() const override { return inner_.counts(); }

 private:
  template <class Call>
  Result<std::string> logged(const aws::Target& target, std::string_view service, std::string_view action,
                             json::array about, Call call);

  aws::Caller& inner_;
  Log& log_;
  Clock& clock_;
};

}  // namespace lamplighter::lambda_runtime
