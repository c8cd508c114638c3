// lamplighter(1), written from the command line's outline: what `--help` says of each verb.
#pragma once

#include <string>

#include "apps/cli/outline.h"

namespace lamplighter::cli {

/// In the macros of man(7).
std::string manual_page(const Outline& outline, const std::string& version);

}  // namespace lamplighter::cli
