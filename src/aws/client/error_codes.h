// The one table of AWS's error codes: whose matter an error is. Retries, batches and the state machine's
// Retry lists all read it.
#pragma once

#include <string_view>
#include <vector>

namespace lamplighter::aws {

enum class Concern {
  nobody,    ///< throttled, out of reach, out of order: the same call may pass in a moment
  everyone,  ///< nobody's call passes until a person acts, such as without credentials
  resource,  ///< what the call was about: others may pass without it. Also codes that are not known.
};

struct ErrorCode {
  std::string_view code;
  Concern concern = Concern::resource;
  /// Not permitted, or not possible: asking again is no use.
  bool lasting = false;
  /// The answer did not come: such a retry takes more from the quota.
  bool timeout = false;
  /// A task may end with it: every Task's Retry names it, so that these are kept few.
  bool ends_tasks = false;
  /// The credentials have ended: whoever gave them can give new ones.
  bool expired = false;
  /// The service wants to be called less often.
  bool throttled = false;
};

/// The code's row; for one that is not known, a row of its own: of a resource, not lasting.
ErrorCode find_error_code(std::string_view code);
bool is_known_error_code(std::string_view code);

/// The codes with which a task may end because of the services that it calls, where another try may pass.
std::vector<std::string_view> passing_error_codes();

}  // namespace lamplighter::aws
