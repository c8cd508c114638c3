#include "tasks/report_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/duration.h"
#include "base/plain_text.h"
#include "base/words.h"
#include "tasks/words.h"

namespace lamplighter::tasks {
namespace {

constexpr std::size_t kLastLineBytes = 100;  // what is kept free for "… and 12 more servers"

/// Collects lines as long as they fit.
class Body {
 public:
  explicit Body(std::size_t max_bytes) : room_(max_bytes - std::min(max_bytes, kLastLineBytes)) {}

  void line(const std::string& text = "") { add(text); }
  void server_line(const std::string& text) { servers_left_out_ += add(text) ? 0 : 1; }

  std::string text() && {
    if (servers_left_out_ > 0) {
      text_ += fmt::format("\n(Cut here: {} left out.)\n", count_of(servers_left_out_, "more server"));
    }
    return std::move(text_);
  }

 private:
  /// Names and reasons come from outside: none breaks a line or turns it round.
  bool add(const std::string& line) {
    const std::string text = plain_line(line);
    full_ = full_ || text_.size() + text.size() + 1 > room_;
    if (full_) return false;
    text_ += text;
    text_ += '\n';
    return true;
  }

  std::size_t room_;
  bool full_ = false;
  std::string text_;
  std::size_t servers_left_out_ = 0;
};

std::string took(Duration duration) {
  return format_duration(std::chrono::floor<std::chrono::seconds>(duration));
}

std::string readable(Time time) {
  auto text = format_time(time);  // 2026-11-24T06:00:00.000Z
  text[text.find('T')] = ' ';
  return text.substr(0, text.find('.')) + " UTC";
}

/// "" where it is not known when the phase began or ended.
std::string took(const std::optional<Time>& started, const std::optional<Time>& ended,
                 std::string_view before) {
  return started && ended ? fmt::format("{}{}", before, took(*ended - *started)) : std::string();
}

std::string_view done_word(Action action) { return action == Action::start ? "started" : "stopped"; }

std::vector<std::string> not_touched(const ReportedEnvironment& environment) {
  std::vector<std::string> names;
  for (const auto& phase : environment.phases) {
    if (phase.status == PhaseEnd::not_touched) names.push_back(phase.name);
  }
  return names;
}

void write_head(Body& body, const ReportPayload& task, const ReportAnswer& report) {
  const auto halted = static_cast<std::size_t>(std::count_if(
      report.environments.begin(), report.environments.end(), [](const auto& e) { return e.halted; }));
  const auto total = report.environments.size();
  body.line(subject_of(report.action, report.aborted()));
  body.line();
  body.line(fmt::format("{}: {} of {} {}{}.", task.fleet, total - halted, count_of(total, "environment"),
                        done_word(report.action), halted > 0 ? fmt::format(", {} halted", halted) : ""));
  body.line();
  if (!task.execution_name.empty()) body.line("Execution  " + task.execution_name);
  body.line("Began      " + readable(report.started_at));
  body.line(fmt::format("Ended      {}, after {}", readable(report.ended_at),
                        took(report.ended_at - report.started_at)));
  body.line(fmt::format("Alarms     {} disabled, {} enabled", report.alarms.disabled, report.alarms.enabled));
  for (const auto& trouble : report.alarms.troubles) body.line("           " + trouble);
}

void write_halted(Body& body, const ReportedEnvironment& environment) {
  body.line();
  body.line(fmt::format("HALTED: {}{}", environment.name,
                        environment.phase.empty() ? "" : ", in phase " + environment.phase));
  body.line("  Why          " + environment.reason);
  const auto phases = not_touched(environment);
  body.line(
      fmt::format("  Not touched  {}", phases.empty() ? "-" : fmt::format("{}", fmt::join(phases, ", "))));
}

using Row = std::array<std::string, 6>;

Row row_of(const ServerAnswer& server) {
  Row row{server.name,         server.id, server.initial_state, server.state, server.instance_status,
          server.system_status};
  for (auto& cell : row) {
    if (cell.empty()) cell = "-";
  }
  return row;
}

std::string columns(const Row& row, const std::array<std::size_t, 6>& widths, std::size_t count,
                    const std::string& reason) {
  std::string text = "   ";
  for (std::size_t i = 0; i < count; ++i) text += fmt::format(" {:<{}} ", row[i], widths[i]);
  text += " " + reason;
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

/// Status checks are columns after a start only.
void write_servers(Body& body, const std::vector<ServerAnswer>& servers, Action action) {
  if (servers.empty()) return;
  const Row titles{"Server", "Id", "Before", "Now", "Instance", "System"};
  const std::size_t count = action == Action::start ? titles.size() : titles.size() - 2;
  std::array<std::size_t, 6> widths{};
  for (std::size_t i = 0; i < count; ++i) {
    widths[i] = titles[i].size();
    for (const auto& server : servers) widths[i] = std::max(widths[i], row_of(server)[i].size());
  }
  body.line(columns(titles, widths, count, ""));
  for (const auto& server : servers) body.server_line(columns(row_of(server), widths, count, server.reason));
}

void write_environment(Body& body, const ReportedEnvironment& environment, Action action) {
  body.line();
  const auto& phases = environment.phases;
  const auto time = phases.empty() ? "" : took(phases.front().started_at, phases.back().ended_at, " in ");
  body.line(environment.halted ? environment.name + ": HALTED"
                               : fmt::format("{}: {}{}", environment.name, done_word(action), time));
  for (const auto& phase : phases) {
    body.line(fmt::format("  {}: {}{}, {}", phase.name, to_string(phase.status),
                          took(phase.started_at, phase.ended_at, " after "),
                          count_of(phase.servers_total, "server")));
    if (phase.status != PhaseEnd::failed && !phase.reason.empty()) body.line("    " + phase.reason);
    write_servers(body, phase.servers, action);
  }
}

}  // namespace

std::string body_of(const ReportPayload& task, const ReportAnswer& report, std::size_t max_bytes) {
  Body body(max_bytes);
  write_head(body, task, report);
  for (const auto& environment : report.environments) {
    if (environment.halted) write_halted(body, environment);
  }
  for (const auto& environment : report.environments) write_environment(body, environment, report.action);
  return std::move(body).text();
}

}  // namespace lamplighter::tasks
