#include "fleet/overlaps.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/plain_text.h"

namespace lamplighter::fleet {

void Overlaps::add(const std::string& phase, const std::string& scope, tasks::Tags tags, Place place) {
  all_.push_back({phase, scope, std::move(tags), place});
}

void Overlaps::check(Reader& reader) const {
  const auto key = [](const Found& found, const auto& tag) {
    return std::make_pair(found.scope, std::make_pair(tag.first, tag.second));
  };
  std::map<decltype(key(all_.front(), *all_.front().tags.begin())), std::vector<const Found*>> bearing;
  for (const Found& found : all_) {
    for (const auto& tag : found.tags) bearing[key(found, tag)].push_back(&found);
  }
  // Each set is looked for among those that bear its rarest tag.
  for (const Found& wide : all_) {
    const std::vector<const Found*>* rarest = nullptr;
    for (const auto& tag : wide.tags) {
      const auto& with = bearing.at(key(wide, tag));
      if (rarest == nullptr || with.size() < rarest->size()) rarest = &with;
    }
    for (const Found* narrow : *rarest) {
      if (narrow->phase == wide.phase || narrow->tags.size() <= wide.tags.size()) continue;
      if (!std::includes(narrow->tags.begin(), narrow->tags.end(), wide.tags.begin(), wide.tags.end()))
        continue;
      reader.error(
          narrow->place,
          fmt::format("found {} in {}, expected each server in one phase: {} has all with {} (line {}, "
                      "column {})",
                      describe(narrow->tags), narrow->phase, wide.phase, describe(wide.tags), wide.place.line,
                      wide.place.column));
    }
  }
}

std::string describe(const tasks::Tags& tags) {
  std::string text;
  for (const auto& [key, value] : tags) text += fmt::format("{}{}={}", text.empty() ? "" : ", ", key, value);
  return plain_line(text);
}

}  // namespace lamplighter::fleet
