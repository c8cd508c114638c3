#include "tasks/words.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"

namespace lamplighter::tasks {
namespace {

struct Clause {
  std::string words;
  std::vector<std::string> names;
};

std::vector<Clause> clauses_of(const Remarks& said_of) {
  std::vector<Clause> clauses;
  for (const auto& said : said_of) {
    auto clause =
        std::find_if(clauses.begin(), clauses.end(), [&](const auto& c) { return c.words == said.second; });
    if (clause == clauses.end()) clause = clauses.insert(clause, {said.second, {}});
    clause->names.push_back(said.first);
  }
  return clauses;
}

std::string list(const std::vector<std::string>& names, std::size_t max_names) {
  const auto shown = static_cast<std::ptrdiff_t>(std::min(names.size(), max_names));
  auto text = fmt::format("{}", fmt::join(names.begin(), names.begin() + shown, ", "));
  if (names.size() > max_names) text += fmt::format(" and {} more", names.size() - max_names);
  return text;
}

}  // namespace

std::vector<std::string> clauses(const Remarks& said_of, std::size_t max_names, std::size_t max_clauses) {
  const auto all = clauses_of(said_of);
  std::vector<std::string> texts;
  std::size_t told = 0;
  for (std::size_t i = 0; i < all.size() && i < max_clauses; ++i) {
    texts.push_back(fmt::format("{}: {}", list(all[i].names, max_names), all[i].words));
    told += all[i].names.size();
  }
  if (told < said_of.size()) texts.push_back("and " + count_of(said_of.size() - told, "more server"));
  return texts;
}

std::string tell(const Remarks& said_of, std::size_t max_names, std::size_t max_clauses) {
  return fmt::format("{}", fmt::join(clauses(said_of, max_names, max_clauses), "; "));
}

}  // namespace lamplighter::tasks
