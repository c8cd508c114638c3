#include "console/print_executions.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "console/print.h"
#include "console/words.h"
#include "run/started_by.h"
#include "run/watch.h"

namespace lamplighter::console {
namespace {

/// As wide as its longest text, up to a bound: one long name must not push the rest off the screen.
class Column {
 public:
  Column(std::string_view head, std::size_t most) : width_(head.size()), most_(most) {}
  void holds(std::string_view text) { width_ = std::min(most_, std::max(width_, text.size())); }
  [[nodiscard]] std::size_t width() const { return width_; }

 private:
  std::size_t width_;
  std::size_t most_;
};

bool is_left(const engine::Execution& execution, const run::Desk& desk) {
  return execution.status == engine::ExecutionStatus::running && !desk.is_worked_at(execution.arn);
}

/// Step Functions' word, but for one that did nothing.
std::string_view status_of(const run::Listed& one) {
  if (one.passed_over && one.passed_over->all_skipped) return "SKIPPED";
  return engine::to_string(one.execution.status);
}

/// What became of it; for one that runs on paper only, that.
std::string cause_of(const run::Listed& one, const run::Desk& desk) {
  if (is_left(one.execution, desk)) return "nobody carries it on";
  std::string cause = one.execution.cause.value_or(one.execution.error.value_or(""));
  if (!one.passed_over) return cause;
  auto others = *one.passed_over;
  std::erase_if(others.superseded,
                [&](const auto& taken) { return cause.find(taken.second) != std::string::npos; });
  const std::string words = words_of(others);
  return cause + (cause.empty() || words.empty() ? "" : "; ") + words;
}

}  // namespace

void print_executions(const std::vector<run::Listed>& listed, const run::Place& place,
                      const run::Desk& desk) {
  Column name("EXECUTION", 80);
  Column starter("STARTED BY", 40);
  for (const run::Listed& one : listed) {
    name.holds(one.execution.name);
    starter.holds(run::starter_of(one.execution));
  }
  const auto print_row = [&](const auto&... cells) {
    print_line(stdout, "{:<{}}  {:<9}  {:<19}  {:>7}  {:<{}}  {}", cells...);
  };
  print_row("EXECUTION", name.width(), "STATUS", "STARTED (UTC)", "TOOK", "STARTED BY", starter.width(),
            "CAUSE");
  for (const run::Listed& one : listed) {
    const engine::Execution& ran = one.execution;
    const std::string took = ran.ended ? elapsed(*ran.ended - ran.started) : "";
    print_row(ran.name, name.width(), status_of(one), format_time(ran.started).substr(0, 19), took,
              run::starter_of(ran), starter.width(), cause_of(one, desk));
  }
  const auto left = std::find_if(listed.begin(), listed.end(),
                                 [&](const run::Listed& one) { return is_left(one.execution, desk); });
  if (left == listed.end()) return;
  print_text(stdout, "\n");
  print_line(stdout, "What nobody carries on goes on with: {}",
             run::command_at(place, "resume", left->execution.name));
}

}  // namespace lamplighter::console
