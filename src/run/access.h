// How a run reached AWS, as its execution's input remembers it: whoever goes on with it must reach the same,
// and not what another shell's variables or another profile lead to. No secret is among it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/host.h"
#include "base/result.h"
#include "json/json.h"
#include "machine/shape.h"
#include "run/accounts.h"
#include "run/cloud_access.h"

namespace lamplighter::run {

struct Access {
  std::string profile;   ///< whose credentials; "" where none was named
  std::string endpoint;  ///< --endpoint-url; "" where none was given
  std::string region;    ///< for calls that belong to no environment; "" for none
  double speed = 1;      ///< as RealRun's
  std::map<std::string, std::string> variables = {};  ///< of the shell, that say where AWS is
  std::map<std::string, std::string> accounts = {};   ///< by environment; without those that could not be
                                                      ///< asked; a schedule's run has the fleet file's alone
};

/// The input's member.
inline constexpr const char* kAccess = "access";

json::object to_json(const Access& access);
/// Of an execution's input; nullopt where that has none (it was started through the API, or long ago).
std::optional<Access> read_access(const json::value& input);

/// What is to be remembered of a run that starts now.
Access access_of(const AwsOptions& options, double speed, const Host& host, const machine::Shape& shape,
                 const Accounts& accounts);

/// The options with which `execution` goes on: what is remembered, and of `given` another profile, since one
/// may be renamed and the accounts are checked. Error: bad_input "OtherAccess" for another endpoint, or
/// another profile where no account is remembered.
Result<AwsOptions> options_to_go_on(const std::string& execution, const Access& remembered,
                                    const AwsOptions& given);

/// Whether `one` has another profile or endpoint than `other`.
bool leads_elsewhere(const Access& one, const Access& other);

/// That whoever asks for `given` means what `held`, a holder's access, reaches: what was not said, by option
/// or variable, is as the holder has it. Error: bad_input "OtherAccess" naming the first that differs.
Status check_same_way(const Access& given, const Access& held, const std::string& holder);

/// What is remembered of the accounts.
ExpectedAccounts accounts_in(const Access& remembered, const machine::Shape& shape);

}  // namespace lamplighter::run
