// The environment's variables by which AWS is reached: none of them is a secret.
#pragma once

#include <string>
#include <vector>

namespace lamplighter::run {

/// Whose configuration holds, and where that is: AWS_PROFILE, AWS_CONFIG_FILE, ….
const std::vector<std::string>& profile_variables();
/// Where AWS's endpoints are: AWS_ENDPOINT_URL, and one for each service that is called.
const std::vector<std::string>& endpoint_variables();

}  // namespace lamplighter::run
