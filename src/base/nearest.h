// "Did you mean …": the known word nearest to what was found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lamplighter {

/// Insertions, deletions, changes and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` in any case, if it is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// ` (did you mean "timeout"?)`, or nothing where no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace lamplighter
