#include "scheduler/occurrence_name.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/aws_name.h"
#include "base/hash.h"

namespace lamplighter::scheduler {
namespace {

/// The schedule's name as far as an execution's may hold it; a command line takes it for no option.
std::string slug_of(const std::string& schedule) {
  constexpr std::size_t kLongest = 48;
  std::string slug = aws_name(schedule, kLongest);
  slug.erase(0, slug.find_first_not_of('-'));
  return slug.empty() ? "schedule" : slug;
}

}  // namespace

std::string occurrence_name(const std::string& fleet, const std::string& schedule, Time due) {
  return fmt::format("{}-{:08x}-{:%Y%m%dT%H%M%SZ}", slug_of(schedule), fnv1a(fleet + "/" + schedule),
                     std::chrono::floor<std::chrono::seconds>(due));
}

}  // namespace lamplighter::scheduler
