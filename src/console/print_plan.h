// What a start or stop would do, printed.
#pragma once

#include <string>
#include <vector>

#include "run/preview.h"

namespace lamplighter::console {

/// `command` does it.
void print_plan(const run::Plan& plan, const std::string& command);

}  // namespace lamplighter::console
