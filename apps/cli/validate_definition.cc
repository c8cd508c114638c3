// `lamplighter validate-definition FILE`: every problem of a state machine definition, as
// ValidateStateMachineDefinition gives them.
#include "api/stepfunctions/diagnostics.h"
#include "apps/cli/verbs.h"
#include "asl/parse.h"
#include "base/read_input.h"
#include "console/print.h"
#include "run/exit_code.h"

namespace lamplighter::cli {
namespace {

// One past the parser's limit, so that a longer file is refused by it and never read whole.
constexpr std::size_t kMaxBytes = (std::size_t{1} << 20) + 1;

Result<int> validate(const std::string& path) {
  const auto diagnostics = asl::parse(TRY(read_input(path, kMaxBytes))).diagnostics;
  console::print_json(api::to_json(diagnostics, {}));
  return asl::has_errors(diagnostics) ? run::ExitCode::bad_input : run::ExitCode::success;
}

}  // namespace

void add_validate_definition(CommandLine& line) {
  Verb verb = line.verb("validate-definition", "Check a state machine definition (ASL, JSONata)");
  verb.footer(
      "Example:\n  lamplighter compile start -f fleet.yaml | lamplighter validate-definition -\n"
      "Exits with 2 where there is an error.");
  const auto path = std::make_shared<std::string>();
  verb.option("FILE", *path, "The definition; - for standard input").called("FILE").required();
  verb.runs([path] { return validate(*path); });
}

}  // namespace lamplighter::cli
