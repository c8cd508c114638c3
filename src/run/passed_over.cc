#include "run/passed_over.h"

#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "run/progress.h"
#include "tasks/admission/lease.h"

namespace lamplighter::run {
namespace {

// Behind the report stand its mail and at most 16 looks at alarms.
constexpr std::size_t kEvents = 300;
constexpr int kPages = 3;  // of these, where they are long

std::optional<tasks::ReportAnswer> report_of(engine::Executions& executions,
                                             const engine::Execution& execution) {
  if (execution.status == engine::ExecutionStatus::running) return std::nullopt;
  if (execution.status == engine::ExecutionStatus::succeeded) {
    const auto output = parse_json(execution.output.value_or(""));
    auto report = output ? tasks::read_report_answer(*output) : tl::unexpected(output.error());
    return report ? std::optional(*std::move(report)) : std::nullopt;
  }
  engine::HistoryRequest request{execution.arn, kEvents, true, ""};
  for (int i = 0; i < kPages; ++i) {
    auto page = executions.history(request);
    if (!page) return std::nullopt;
    if (auto report = report_in(page->items)) return report;
    if (page->next.empty()) return std::nullopt;
    request.token = std::move(page->next);
  }
  return std::nullopt;
}

/// The execution that took the environment; "" where none did.
std::string superseder_of(const tasks::ReportedEnvironment& environment) {
  std::string found = environment.halted ? tasks::superseder_in(environment.reason) : "";
  for (const auto& phase : environment.phases) {
    for (const auto& note : phase.notes) {
      if (found.empty()) found = tasks::superseder_in(note);
    }
  }
  return found;
}

/// "dev, test skipped: …": those of which the same is said stand together.
void add_words(std::string& words, const std::map<std::string, std::string>& said, std::string_view how) {
  std::map<std::string, std::vector<std::string>> names;
  for (const auto& [environment, what] : said) names[what].push_back(environment);
  for (const auto& [what, environments] : names)
    words += fmt::format("{}{} {} {}", words.empty() ? "" : "; ", fmt::join(environments, ", "), how, what);
}

}  // namespace

PassedOver passed_over_in(const tasks::ReportAnswer& report) {
  PassedOver found;
  found.all_skipped = report.skipped();
  for (const auto& environment : report.environments) {
    if (environment.skipped) {
      found.skipped[environment.name] = environment.reason;
    } else if (auto superseder = superseder_of(environment); !superseder.empty()) {
      found.superseded[environment.name] = std::move(superseder);
    }
  }
  return found;
}

std::optional<PassedOver> passed_over_in(engine::Executions& executions, const engine::Execution& execution) {
  const auto report = report_of(executions, execution);
  return report ? std::optional(passed_over_in(*report)) : std::nullopt;
}

std::string words_of(const PassedOver& passed_over) {
  std::set<std::string> reasons;
  for (const auto& [environment, reason] : passed_over.skipped) reasons.insert(reason);
  if (passed_over.all_skipped && reasons.size() == 1) return "skipped: " + *reasons.begin();
  std::string words;
  add_words(words, passed_over.skipped, "skipped:");
  add_words(words, passed_over.superseded, "superseded by");
  return words;
}

}  // namespace lamplighter::run
