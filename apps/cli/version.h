// Which Lamplighter this is.
#pragma once

#include <string>

namespace lamplighter::cli {

/// "0.1.0"
std::string version_number();

/// "0.1.0 (8d56e7f)": with the commit that it was built from, where that is known.
std::string version();

}  // namespace lamplighter::cli
