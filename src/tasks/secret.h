// A secret, fetched from where it stands.
#pragma once

#include <string>

#include "tasks/protocol/secret_source.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// The variable's, the file's or the parameter's value, without the blanks around it. Never stored, and in no
/// error: those name the place. Errors: bad_input "NoSecret" where there is none, or it can't be read; aws as
/// Ssm::get_parameter.
Result<std::string> fetch_secret(const Context& context, const SecretSource& source,
                                 const std::string& region);

}  // namespace lamplighter::tasks
