#include "tasks/report_text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/words.h"
#include "tasks/mail_body.h"
#include "tasks/moment.h"
#include "tasks/report_remarks.h"
#include "tasks/server_table.h"

namespace lamplighter::tasks {
namespace {

std::string_view done_word(Action action) { return action == Action::start ? "started" : "stopped"; }

/// "" where it is not known when the phase began or ended.
std::string took(const std::optional<Time>& started, const std::optional<Time>& ended,
                 std::string_view before) {
  return started && ended ? fmt::format("{}{}", before, readable(*ended - *started)) : std::string();
}

std::string not_touched(const ReportedEnvironment& environment) {
  std::vector<std::string_view> names;
  for (const auto& phase : environment.phases) {
    if (phase.status == PhaseEnd::not_touched) names.push_back(phase.name);
  }
  return names.empty() ? "" : fmt::format("; not touched: {}", fmt::join(names, ", "));
}

/// "started in 9m41s, 8 servers"; "HALTED in db, 1 of 2 servers started; not touched: app".
std::string verdict_on(const ReportedEnvironment& environment, Action action) {
  const auto& phases = environment.phases;
  std::size_t ready = 0;
  std::size_t total = 0;
  for (const auto& phase : phases) {
    ready += phase.servers_ready;
    total += phase.servers_total;
  }
  if (environment.halted) {
    return fmt::format("HALTED{}{}, {} of {} {}{}", environment.phase.empty() ? "" : " in ",
                       environment.phase, ready, count_of(total, "server"), done_word(action),
                       not_touched(environment));
  }
  const auto time = phases.empty() ? "" : took(phases.front().started_at, phases.back().ended_at, " in ");
  return fmt::format("{}{}, {}", done_word(action), time, count_of(total, "server"));
}

/// "12 disabled", "20 follow by 2026-11-24 06:15:00 UTC, each once it is OK".
std::string alarms_in_words(const ReportedAlarms& alarms, Action action, const std::string& timezone) {
  std::vector<std::string> parts;
  if (action == Action::stop || alarms.disabled > 0)
    parts.push_back(fmt::format("{} disabled", alarms.disabled));
  if (alarms.enabled > 0) parts.push_back(fmt::format("{} enabled", alarms.enabled));
  if (alarms.follow_by) {
    parts.push_back(fmt::format("{} follow by {}, each once it is OK", alarms.follow,
                                readable(*alarms.follow_by, timezone)));
  } else if (alarms.follow > 0) {
    parts.push_back(fmt::format("{} {} voice back at once", alarms.follow,
                                alarms.follow == 1 ? "gets its" : "get their"));
  }
  return parts.empty() ? "none were muted" : fmt::format("{}", fmt::join(parts, ", "));
}

/// Writes one report; `whole`: with the servers of which nothing is to be said.
class Writer {
 public:
  Writer(const ReportPayload& task, const ReportAnswer& report, MailBody& body, bool whole)
      : task_(task), report_(report), body_(body), whole_(whole) {}

  void write() {
    write_environments();
    write_remarks();
    write_run();
    write_tables();
  }

 private:
  void heading(std::string_view text) {
    body_.line();
    body_.line(std::string(text));
    body_.line();
  }

  void write_environments() {
    const auto& environments = report_.environments;
    const auto halted = static_cast<std::size_t>(
        std::count_if(environments.begin(), environments.end(), [](const auto& e) { return e.halted; }));
    body_.line(report_.subject);
    body_.line();
    body_.line(fmt::format("{} of {} {}{}.", environments.size() - halted,
                           count_of(environments.size(), "environment"), done_word(report_.action),
                           halted > 0 ? fmt::format(", {} halted", halted) : ""));
    body_.line();
    std::size_t width = 0;
    for (const auto& environment : environments) width = std::max(width, environment.name.size());
    for (const auto& environment : environments) {
      body_.line(
          fmt::format("  {:<{}}  {}", environment.name, width, verdict_on(environment, report_.action)));
    }
  }

  void write_remarks() {
    const auto remarks = remarks_of(report_);
    if (remarks.empty()) return;
    heading(report_.aborted() ? "NEEDS ATTENTION" : "WORTH KNOWING");
    for (const auto& [about, sentences] : remarks) {
      body_.line(fmt::format("  {}", about));
      for (const auto& sentence : sentences) body_.line(fmt::format("    {}", sentence));
    }
  }

  void write_run() {
    heading("THIS RUN");
    if (!task_.execution_name.empty()) body_.line("  Execution  " + task_.execution_name);
    body_.line("  Began      " + readable(report_.started_at, task_.timezone));
    body_.line("  Ended      " + readable(report_.ended_at, task_.timezone));
    body_.line("  Took       " + readable(report_.ended_at - report_.started_at));
    body_.line("  Alarms     " + alarms_in_words(report_.alarms, report_.action, task_.timezone));
  }

  void write_tables() {
    body_.line();
    body_.line("SERVERS");
    if (!whole_) {
      body_.line();
      body_.line("  Only those of which something is to be said. " + where_all_are(task_));
    }
    for (const auto& environment : report_.environments) {
      for (const auto& phase : environment.phases) write_phase(environment.name, phase);
    }
  }

  [[nodiscard]] std::string_view end_word(PhaseEnd end) const {
    return end == PhaseEnd::ready ? done_word(report_.action) : to_string(end);
  }

  void write_phase(const std::string& environment, const ReportedPhase& phase) {
    auto servers = phase.servers;
    if (!whole_) std::erase_if(servers, [](const auto& server) { return server.reason.empty(); });
    if (servers.empty() && !whole_) return;
    body_.line();
    body_.line(fmt::format("  {} {}: {}{}, {}", environment, phase.name, end_word(phase.status),
                           took(phase.started_at, phase.ended_at, " after "),
                           count_of(phase.servers_total, "server")));
    for (const auto& line : server_table(servers, report_.action)) body_.line(line);
  }

 public:
  static std::string where_all_are(const ReportPayload& task) {
    return fmt::format("The execution keeps all of them: lamplighter history {} --report --json",
                       task.execution_name.empty() ? task.execution : task.execution_name);
  }

 private:
  const ReportPayload& task_;
  const ReportAnswer& report_;
  MailBody& body_;
  bool whole_;
};

}  // namespace

std::string body_of(const ReportPayload& task, const ReportAnswer& report, std::size_t max_bytes) {
  MailBody whole(max_bytes);
  Writer(task, report, whole, true).write();
  if (!whole.is_cut()) return std::move(whole).text("");
  MailBody shorter(max_bytes);
  Writer(task, report, shorter, false).write();
  return std::move(shorter).text(Writer::where_all_are(task));
}

}  // namespace lamplighter::tasks
