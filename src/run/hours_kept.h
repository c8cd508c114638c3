// The hours that a state directory keeps, whoever works in it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "hours/by_month.h"
#include "hours/store.h"

namespace lamplighter::run {

struct HoursWanted {
  std::string state_dir;                  ///< as state_directory() takes it
  std::vector<std::string> environments;  ///< by name; none for all
  std::size_t days = 7;                   ///< today and those before
  std::optional<std::size_t> months;      ///< instead: so many, each in one row
};

/// By fleet, environment and day; where nobody works in the directory, what has ended is counted first (in a
/// copy, where it can't be written to). Errors: as open_to_look() and engine::ReadOnlyCopy; the store's;
/// bad_input "NoHours" for an environment that has none.
Result<std::vector<hours::Row>> hours_kept(const HoursWanted& wanted);

}  // namespace lamplighter::run
