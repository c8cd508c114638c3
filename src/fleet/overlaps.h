// Servers that two phases find, as far as the file alone shows it. Internal to the fleet parser.
#pragma once

#include <string>
#include <vector>

#include "fleet/reader.h"
#include "tasks/protocol/selector.h"

namespace lamplighter::fleet {

/// Gathers what finds servers by tags (a name is the tag Name), and says where one finds all that another
/// does.
class Overlaps {
 public:
  /// `phase`: "dev/db". `scope`: the region and the role, outside of which the same tags are other servers'.
  void add(const std::string& phase, const std::string& scope, tasks::Tags tags, Place place);

  /// An error for each set of tags whose servers another phase has by fewer tags: it would find some, or
  /// halt.
  void check(Reader& reader) const;

 private:
  struct Found {
    std::string phase;
    std::string scope;
    tasks::Tags tags;
    Place place;
  };
  std::vector<Found> all_;
};

/// "Environment=dev, Tier=db".
std::string describe(const tasks::Tags& tags);

}  // namespace lamplighter::fleet
