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

/// What became of it; for one that runs on paper only, that.
std::string cause_of(const engine::Execution& execution, const run::Desk& desk) {
  if (is_left(execution, desk)) return "nobody carries it on";
  return execution.cause.value_or(execution.error.value_or(""));
}

}  // namespace

void print_executions(const std::vector<engine::Execution>& executions, const run::Place& place,
                      const run::Desk& desk) {
  Column name("EXECUTION", 80);
  Column starter("STARTED BY", 40);
  for (const engine::Execution& one : executions) {
    name.holds(one.name);
    starter.holds(run::starter_of(one));
  }
  const auto print_row = [&](const auto&... cells) {
    print_line(stdout, "{:<{}}  {:<9}  {:<19}  {:>7}  {:<{}}  {}", cells...);
  };
  print_row("EXECUTION", name.width(), "STATUS", "STARTED (UTC)", "TOOK", "STARTED BY", starter.width(),
            "CAUSE");
  for (const engine::Execution& one : executions) {
    const std::string took = one.ended ? elapsed(*one.ended - one.started) : "";
    print_row(one.name, name.width(), engine::to_string(one.status), format_time(one.started).substr(0, 19),
              took, run::starter_of(one), starter.width(), cause_of(one, desk));
  }
  const auto left = std::find_if(executions.begin(), executions.end(),
                                 [&](const engine::Execution& one) { return is_left(one, desk); });
  if (left == executions.end()) return;
  print_text(stdout, "\n");
  print_line(stdout, "What nobody carries on goes on with: {}", run::command_at(place, "resume", left->name));
}

}  // namespace lamplighter::console
