// The process that holds a state directory, as it tells others through its socket.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "json/json.h"
#include "run/access.h"

namespace lamplighter::run {

struct Holder {
  std::int64_t pid = 0;
  std::string verb;                 ///< "serve", "start", "stop", "resume"
  Access access;                    ///< its way to AWS
  Time now{};                       ///< on its clock, which may run at its access's speed
  std::set<std::string> left = {};  ///< ARNs of what runs and it doesn't carry on
};

json::object to_json(const Holder& holder);
/// nullopt for what is none.
std::optional<Holder> read_holder(const json::value& value);

/// The path at which a holder tells of itself.
inline constexpr const char* kHolderPath = "/holder";

/// The path at which the daemon tells of what its schedules missed.
inline constexpr const char* kMissedPath = "/missed";

/// Its socket.
std::filesystem::path socket_of(const std::filesystem::path& state_dir);

}  // namespace lamplighter::run
