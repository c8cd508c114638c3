// A secret in a file of the state directory, made on first use: whoever may read that directory has it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace lamplighter::api {

/// The file's text; where it is missing it is made (mode 0600, in a directory that is made 0700) with what
/// `make` gives. Two processes that come first at once agree on one. Error: bad_input "UnsafeKeyFile" (others
/// may read it), "InvalidKeyFile" (it is no file); internal "KeyFile" (the disk).
Result<std::string> load_or_make_secret(const std::filesystem::path& file,
                                        const std::function<Result<std::string>()>& make);

/// So many random bytes in base64; a multiple of 3 has no padding. Error: internal "KeyFile".
Result<std::string> random_base64(std::size_t bytes);

}  // namespace lamplighter::api
