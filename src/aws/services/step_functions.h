// The Step Functions API, version 2016-11-23: state machines and their executions. The same calls reach AWS
// and `lamplighter serve`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/client/caller.h"
#include "base/clock.h"

namespace lamplighter::aws {

/// Calls of one region and role. Keeps a reference to `caller`; cheap to make. Errors: the caller's, with the
/// API's exception names, and "InvalidResponse".
class StepFunctions {
 public:
  StepFunctions(Caller& caller, Target target) : caller_(caller), target_(std::move(target)) {}

  struct Machine {
    std::string arn;
    std::string name;
    std::string definition;  ///< left empty in lists, as the role
    std::string role_arn;
    Time created{};
  };

  struct Execution {
    std::string arn;
    std::string machine_arn;
    std::string name;
    std::string status;  ///< "RUNNING", …
    Time started{};
    std::optional<Time> ended;
    std::string input;                  ///< JSON text; left empty in lists
    std::optional<std::string> output;  ///< as the input
    std::optional<std::string> error;   ///< in lists only where `lamplighter serve` answers, as the cause
    std::optional<std::string> cause;
    json::object started_by;  ///< only of `lamplighter serve`
  };

  /// A page of a list; `next` is "" at the end.
  template <class T>
  struct Page {
    std::vector<T> items;
    std::string next;
  };

  Result<Page<Machine>> list_machines(std::size_t max, const std::string& token);
  Result<Machine> describe_machine(const std::string& arn);
  /// Gives its ARN.
  Result<std::string> create_machine(const std::string& name, const std::string& definition,
                                     const std::string& role_arn);
  Status update_machine(const std::string& arn, const std::optional<std::string>& definition,
                        const std::optional<std::string>& role_arn);

  /// Gives its ARN.
  Result<std::string> start(const std::string& machine_arn, const std::string& name,
                            const std::string& input);
  Result<Execution> describe(const std::string& arn);
  /// Newest first; `status` is "" for all.
  Result<Page<Execution>> list(const std::string& machine_arn, std::string_view status, std::size_t max,
                               const std::string& token);
  /// Gives the time of its end.
  Result<Time> stop(const std::string& arn, const std::string& error, const std::string& cause);
  /// The definition that it runs, as text.
  Result<std::string> definition_of(const std::string& arn);
  /// The events as the API gives them, in order, or the latest first.
  Result<Page<json::value>> history(const std::string& arn, std::size_t max, bool reverse,
                                    const std::string& token);

 private:
  Result<json::value> call(std::string_view action, const json::object& body);

  Caller& caller_;
  Target target_;
};

}  // namespace lamplighter::aws
