// What a person sees while a run goes on.
#pragma once

#include <memory>

#include "run/observer.h"

namespace lamplighter::console {

/// Redraws a picture in place on a terminal, prints a line for each step elsewhere. On standard output, or
/// on standard error where standard output is for JSON.
std::unique_ptr<run::Observer> make_view(bool json);

}  // namespace lamplighter::console
