// Asking before something is stopped.
#pragma once

#include "machine/shape.h"

namespace lamplighter::console {

/// A stop on a terminal asks once; true for everything else.
bool confirm(const machine::Shape& shape);

}  // namespace lamplighter::console
