// What a shell sources in order to complete the command line, written from its outline: verbs, options, an
// option's values where they are few, files and directories.
#pragma once

#include <string>

#include "apps/cli/outline.h"

namespace lamplighter::cli {

std::string bash_completion(const Outline& outline);
std::string zsh_completion(const Outline& outline);
std::string fish_completion(const Outline& outline);

}  // namespace lamplighter::cli
