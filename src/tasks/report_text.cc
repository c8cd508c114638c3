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

std::string_view already_word(Action action) {
  return action == Action::start ? "already running" : "already stopped";
}

/// Whether there was nothing to do: all servers were before as they are to be.
bool was_done(const ReportedPhase& phase, Action action) {
  const std::string_view wanted = action == Action::start ? "running" : "stopped";
  return phase.status == PhaseEnd::ready && !phase.servers.empty() &&
         std::all_of(phase.servers.begin(), phase.servers.end(),
                     [&](const auto& server) { return server.initial_state == wanted; });
}

bool was_done(const ReportedEnvironment& environment, Action action) {
  return !environment.halted && !environment.phases.empty() &&
         std::all_of(environment.phases.begin(), environment.phases.end(),
                     [&](const auto& phase) { return was_done(phase, action); });
}

/// "2 of 4 environments started (1 was already running), 1 skipped, 1 halted."
std::string verdict_on(const std::vector<ReportedEnvironment>& environments, Action action) {
  const auto count = [&](auto is) {
    return static_cast<std::size_t>(std::count_if(environments.begin(), environments.end(), is));
  };
  const std::size_t halted = count([](const auto& environment) { return environment.halted; });
  const std::size_t skipped = count([](const auto& environment) { return environment.skipped; });
  const std::size_t done = environments.size() - halted - skipped;
  const std::size_t before = count([&](const auto& environment) { return was_done(environment, action); });
  const bool all = before > 0 && before == done;
  return fmt::format("{} of {} {}{}{}{}.", done, count_of(environments.size(), "environment"),
                     all ? already_word(action) : done_word(action),
                     all || before == 0 ? ""
                                        : fmt::format(" ({} {} {})", before, before == 1 ? "was" : "were",
                                                      already_word(action)),
                     skipped > 0 ? fmt::format(", {} skipped", skipped) : "",
                     halted > 0 ? fmt::format(", {} halted", halted) : "");
}

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

/// "started in 9m41s, 8 servers"; "already running, 8 servers"; "HALTED in db, 1 of 2 servers started; not
/// touched: app".
std::string verdict_on(const ReportedEnvironment& environment, Action action) {
  if (environment.skipped) return "skipped: " + environment.reason;
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
  if (was_done(environment, action))
    return fmt::format("{}, {}", already_word(action), count_of(total, "server"));
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

/// Where a reader finds the servers that a report leaves out.
std::string where_all_are(const ReportPayload& task, bool in_lambda) {
  const auto execution = task.execution_name.empty() ? task.execution : task.execution_name;
  return fmt::format(
      "The execution keeps all of them: lamplighter history {} --report --json{}", execution,
      in_lambda ? " --cloud, with the fleet's file" : " (with the run's --state-dir, where it had one)");
}

/// Writes one report: whole, or without the servers of which nothing is to be said, which are elsewhere.
class Writer {
 public:
  Writer(const ReportPayload& task, const ReportAnswer& report, MailBody& body,
         const std::string& where_all_are)
      : task_(task),
        report_(report),
        body_(body),
        whole_(where_all_are.empty()),
        where_all_are_(where_all_are) {}

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
    body_.line(report_.subject);
    body_.line();
    body_.line(verdict_on(environments, report_.action));
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
    if (report_.skipped()) return;  // nobody looked at any
    body_.line();
    body_.line("SERVERS");
    if (!whole_) {
      body_.line();
      body_.line("  Only those of which something is to be said. " + where_all_are_);
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
    const bool before = was_done(phase, report_.action);
    body_.line(fmt::format("  {} {}: {}{}, {}", environment, phase.name,
                           before ? already_word(report_.action) : end_word(phase.status),
                           before ? "" : took(phase.started_at, phase.ended_at, " after "),
                           count_of(phase.servers_total, "server")));
    for (const auto& line : server_table(servers, report_.action)) body_.line(line);
  }

 private:
  const ReportPayload& task_;
  const ReportAnswer& report_;
  MailBody& body_;
  bool whole_;
  const std::string& where_all_are_;
};

}  // namespace

std::string body_of(const ReportPayload& task, const ReportAnswer& report, std::size_t max_bytes,
                    bool in_lambda) {
  const std::string nowhere;
  MailBody whole(max_bytes);
  Writer(task, report, whole, nowhere).write();
  if (!whole.is_cut()) return std::move(whole).text("");
  const auto elsewhere = where_all_are(task, in_lambda);
  MailBody shorter(max_bytes);
  Writer(task, report, shorter, elsewhere).write();
  return std::move(shorter).text(elsewhere);
}

}  // namespace lamplighter::tasks
