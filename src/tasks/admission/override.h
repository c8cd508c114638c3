// An override: a person's decision about environments or schedules, which ends by itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"

namespace lamplighter {
class Reader;
}

namespace lamplighter::tasks {

struct Override {
  enum class Kind {
    keep,  ///< environments stay running, or stopped
    skip,  ///< occurrences of a schedule are left out
    pause  ///< those of all
  };
  std::uint64_t id = 0;  ///< given by the table
  Kind kind = Kind::keep;
  std::vector<std::string> environments{};  ///< of a keep
  Action wanted = Action::start;            ///< of a keep: `start` for running, `stop` for stopped
  std::string schedule{};                   ///< of a skip
  std::optional<Time> occurrence{};         ///< of a skip: only the one that is due then
  Time until{};                             ///< it ends then
  std::string timezone = "UTC";             ///< on whose clock `until` was said
  std::string by{};
  std::string why{};  ///< "" where nothing was said
  Time made{};
  bool undone =
      false;  ///< of a keep: at its end the opposite is done, unless an occurrence within it says otherwise

  friend bool operator==(const Override&, const Override&) = default;
};

/// No override lasts longer.
inline constexpr Duration kLongestOverride = std::chrono::hours{24 * 31};
inline constexpr std::size_t kLongestWhy = 200;  // bytes

std::string_view to_string(Override::Kind kind);
/// "running", "stopped": of a keep.
std::string_view kept_word(Action wanted);
bool is_in_force(const Override& one, Time now);

/// "22:00 (Europe/Berlin)", with the date where it isn't that of `now` there.
std::string moment_words(Time moment, const std::string& timezone, Time now);
/// What it is about: "dev, test"; "\"evenings\", due 20:00 (Europe/Berlin)"; "all schedules".
std::string about(const Override& one, Time now);
/// "kept running until 22:00 (Europe/Berlin) by ada: release"; "skipped once by ada"; "paused until …".
std::string words_of(const Override& one, Time now);

/// What may be made at `now`. Error: bad_input "InvalidOverride" that says what was found and expected.
Status check(const Override& one, Time now);

json::object to_json(const Override& one);
/// Errors: as Reader's.
Result<Override> read_override(const Reader& fields);

}  // namespace lamplighter::tasks
