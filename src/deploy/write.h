// The files of a deployment, in their directory.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "deploy/synth.h"

namespace lamplighter::deploy {

/// Writes them, and removes what an earlier synth wrote and this one does not: definitions of sets and
/// policies of roles that are gone. Nothing else in the directory is touched. Error: internal "WriteFailed".
Status write(const Files& files, const std::filesystem::path& directory);

}  // namespace lamplighter::deploy
