#include "tasks/report_remarks.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

using Sentences = std::vector<std::string>;

constexpr std::size_t kNames = 20;
constexpr std::size_t kClauses = 20;  // of one phase
constexpr std::size_t kPlaces = 10;

/// Each server's reason, once for all that have it.
Sentences reasons_of(const ReportedPhase& phase) {
  Remarks remarks;
  for (const auto& server : phase.servers) {
    if (!server.reason.empty()) remarks.emplace_back(server.name, server.reason);
  }
  return clauses(remarks, kNames, kClauses);
}

/// Whether the servers' own reasons say it already: a phase's reason is made of them.
bool is_told_by_servers(const std::string& reason, const ReportedEnvironment& environment) {
  const auto tells = [&](const ServerAnswer& server) {
    return !server.reason.empty() && reason.find(server.reason) != std::string::npos;
  };
  return std::any_of(environment.phases.begin(), environment.phases.end(), [&](const ReportedPhase& phase) {
    return std::any_of(phase.servers.begin(), phase.servers.end(), tells);
  });
}

/// Collects sentences; who has the same ones shares them.
class Collector {
 public:
  void add(const std::string& about, Sentences sentences) {
    if (sentences.empty()) return;
    const auto same =
        std::find_if(said_.begin(), said_.end(), [&](const auto& said) { return said.second == sentences; });
    if (same != said_.end()) {
      same->first.push_back(about);
    } else {
      said_.push_back({{about}, std::move(sentences)});
    }
  }

  std::vector<AboutAndSentences> take() && {
    std::vector<AboutAndSentences> remarks;
    for (auto& [about, sentences] : said_) {
      const auto shown = static_cast<std::ptrdiff_t>(std::min(about.size(), kPlaces));
      auto text = fmt::format("{}", fmt::join(about.begin(), about.begin() + shown, ", "));
      if (about.size() > kPlaces) text += fmt::format(" and {} more", about.size() - kPlaces);
      remarks.emplace_back(std::move(text), std::move(sentences));
    }
    return remarks;
  }

 private:
  std::vector<std::pair<std::vector<std::string>, Sentences>> said_;
};

Sentences sentences_of(const ReportedEnvironment& environment, const ReportedPhase& phase, bool is_halting) {
  Sentences sentences;
  const auto& reason = is_halting ? environment.reason : phase.reason;
  if (!reason.empty() && !is_told_by_servers(reason, environment)) sentences.push_back(reason);
  const auto servers = reasons_of(phase);
  sentences.insert(sentences.end(), servers.begin(), servers.end());
  sentences.insert(sentences.end(), phase.notes.begin(), phase.notes.end());
  return sentences;
}

void add_environment(Collector& collector, const ReportedEnvironment& environment) {
  const auto halts = [&](const ReportedPhase& phase) {
    return environment.halted && phase.name == environment.phase;
  };
  const auto& phases = environment.phases;
  if (environment.halted && std::none_of(phases.begin(), phases.end(), halts)) {
    collector.add(environment.name, {environment.reason});
  }
  for (const auto& phase : phases) {
    collector.add(environment.name + " " + phase.name, sentences_of(environment, phase, halts(phase)));
  }
}

}  // namespace

std::vector<AboutAndSentences> remarks_of(const ReportAnswer& report) {
  Collector collector;
  for (const auto& environment : report.environments) add_environment(collector, environment);
  collector.add("alarms", report.alarms.troubles);
  collector.add("before the run", report.warnings);
  return std::move(collector).take();
}

}  // namespace lamplighter::tasks
