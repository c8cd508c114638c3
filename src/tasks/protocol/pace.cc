#include "tasks/protocol/pace.h"

#include <algorithm>

#include "json/reader.h"

namespace lamplighter::tasks {
namespace {

constexpr std::int64_t kMaxWaitSeconds = 24LL * 3600;

}  // namespace

json::object to_json(const Pace& pace) { return {{"min", pace.min}, {"max", pace.max}}; }

Result<Pace> read_pace(const Reader& fields) {
  const auto wait = TRY(fields.object("wait"));
  Pace pace;
  pace.min = static_cast<int>(TRY(wait.whole_number("min", 1, kMaxWaitSeconds)));
  pace.max = static_cast<int>(TRY(wait.whole_number("max", pace.min, kMaxWaitSeconds)));
  return pace;
}

int next_wait(const Pace& pace, int elapsed_seconds, int timeout_seconds) {
  const int wanted = std::clamp(elapsed_seconds / 30, pace.min, std::max(pace.min, pace.max));
  return std::max(1, std::min(wanted, timeout_seconds - elapsed_seconds));
}

int most_looks(const Pace& pace, int timeout_seconds) {
  int looks = 1;
  for (int elapsed = 0; elapsed < timeout_seconds; ++looks) {
    elapsed += next_wait(pace, elapsed, timeout_seconds);
  }
  return looks;
}

}  // namespace lamplighter::tasks
