#include "console/print_overrides.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "console/print.h"
#include "console/report_error.h"

namespace lamplighter::console {
namespace {

using tasks::Override;

/// "; for dev 3 counts": of several keeps of an environment the latest does.
std::string who_counts(const run::OverrideList& list, const Override& one) {
  std::string words;
  const auto later = run::kept_by_later(list, one);
  for (const auto& [environment, id] : later) words += fmt::format("; for {} {} counts", environment, id);
  return words;
}

void warn(const run::Overruled& done) {
  if (!done.warning.empty()) report_trouble("warning: " + done.warning);
}

}  // namespace

void print_made(const run::Overruled& done, std::FILE* out) {
  const Override& made = done.made;
  print_line(out, "{}: {}", about(made, made.made), done.words);
  if (!done.at_end.empty() && done.warning.empty()) {
    print_line(out, "At its end {} {} {}.", fmt::join(done.at_end, ", "),
               done.at_end.size() == 1 ? "is" : "are",
               made.wanted == tasks::Action::start ? "stopped" : "started");
  }
  print_line(out, "To end it before: {}", done.end_command);
  warn(done);
}

void print_ended(const run::Overruled& done) {
  print_line(stdout, "{}: {}: ended. Environments stay as they are.", about(done.made, done.made.made),
             done.words);
  warn(done);
}

void print_overrides(const run::OverrideList& list) {
  if (list.in_force.empty()) return print_line(stdout, "No overrides are in force.");
  std::size_t width = 0;
  for (const auto& one : list.in_force) width = std::max(width, about(one, list.now).size());
  for (const auto& one : list.in_force) {
    print_line(stdout, "{:>3}  {:<{}}  {}{}", one.id, about(one, list.now), width, words_of(one, list.now),
               who_counts(list, one));
  }
}

json::array to_json(const run::OverrideList& list) {
  json::array all;
  for (const auto& one : list.in_force) {
    auto shown = tasks::to_json(one);
    if (one.kind == Override::Kind::keep) {
      const auto later = run::kept_by_later(list, one);
      json::array counts;
      for (const auto& name : one.environments) {
        if (!later.contains(name)) counts.emplace_back(name);
      }
      shown["counts_for"] = std::move(counts);
    }
    all.emplace_back(std::move(shown));
  }
  return all;
}

}  // namespace lamplighter::console
