#include "scheduler/occurrence_name.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/hash.h"

namespace lamplighter::scheduler {
namespace {

constexpr std::size_t kLongestSlug = 48;

/// Letters, digits, and a hyphen for each run of others.
std::string slug_of(const std::string& name) {
  std::string slug;
  for (const char c : name) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (kept) slug += c;
    if (!kept && !slug.empty() && slug.back() != '-') slug += '-';
  }
  slug.resize(std::min(slug.size(), kLongestSlug));
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug.empty() ? "schedule" : slug;
}

}  // namespace

std::string occurrence_name(const std::string& fleet, const std::string& schedule, Time due) {
  return fmt::format("{}-{:08x}-{:%Y%m%dT%H%M%SZ}", slug_of(schedule), fnv1a(fleet + "/" + schedule),
                     std::chrono::floor<std::chrono::seconds>(due));
}

}  // namespace lamplighter::scheduler
