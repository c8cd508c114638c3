#include "apps/cli/version.h"

#include <commit.h>  // cmake/commit.cmake makes it

namespace lamplighter::cli {

std::string version_number() { return LAMPLIGHTER_VERSION; }

std::string version() {
  const std::string commit = LAMPLIGHTER_COMMIT;
  return commit.empty() ? version_number() : version_number() + " (" + commit + ")";
}

}  // namespace lamplighter::cli
