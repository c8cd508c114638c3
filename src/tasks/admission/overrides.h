// The overrides of a fleet: one item of the coordination table, so that one consistent read tells all of
// them, and every change is one conditional write.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "coordination/table.h"
#include "tasks/admission/override.h"

namespace lamplighter::tasks {

inline constexpr std::size_t kMostOverrides = 200;  ///< in force
/// So long what has ended is kept, as far as there is room: it binds occurrences that are made up for (a day
/// later at most), and what schedules want at the end of a keep that was made before.
inline constexpr Duration kOverridesKept = kLongestOverride + std::chrono::hours{24};

/// Keeps a reference to the table. Errors: the table's; internal "InvalidOverrides" for an item that is none;
/// "OverridesContended", which passes.
class Overrides {
 public:
  Overrides(coordination::Table& table, std::string fleet) : table_(table), fleet_(std::move(fleet)) {}

  /// Oldest first; also those that have ended of late (is_in_force()).
  Result<std::vector<Override>> read();
  /// Gives it its id. Errors: as check(); bad_input "TooManyOverrides".
  Result<Override> add(Override made, Time now);
  /// It ends now; gives it as it was. Error: bad_input "UnknownOverride" for one that isn't in force.
  Result<Override> end(std::uint64_t id, Time now);
  /// Puts `changed` in the place of the one with its id. Errors: as check(); bad_input "UnknownOverride".
  Status replace(const Override& changed, Time now);

 private:
  struct List {
    std::uint64_t last = 0;  ///< the latest id
    std::vector<Override> all;
  };
  Result<std::pair<List, std::uint64_t>> read_list();
  /// `work` changes the list, as often as others change it meanwhile. What ended long ago is dropped before.
  Status change(Time now, const std::function<Status(List&)>& work);
  [[nodiscard]] std::string key() const;
  static Result<List> parse(const std::string& text);
  static std::string text_of(const List& list);

  coordination::Table& table_;
  std::string fleet_;
};

}  // namespace lamplighter::tasks
