// `lamplighter credentials`: the API's key pair, for an AWS SDK's credential_process.
#include "api/auth/key_pair.h"
#include "apps/cli/options.h"
#include "apps/cli/verbs.h"
#include "console/print.h"
#include "run/executions.h"

namespace lamplighter::cli {
namespace {

Status print_credentials(const std::string& state_dir) {
  const auto keys = TRY(api::load_or_make_key_pair(TRY(run::state_directory(state_dir))));
  console::print_json(api::credential_process_form(keys));
  return {};
}

}  // namespace

void add_credentials(CommandLine& line) {
  Verb verb = line.verb("credentials", "Print the key pair for `lamplighter serve`");
  verb.footer(
      "Example, in ~/.aws/config:\n  [profile lamplighter]\n  region = us-east-1\n"
      "  endpoint_url = http://127.0.0.1:8083\n  credential_process = lamplighter credentials");
  const auto state_dir = std::make_shared<std::string>();
  add_state_dir(verb, *state_dir);
  verb.runs([state_dir] { return print_credentials(*state_dir); });
}

}  // namespace lamplighter::cli
