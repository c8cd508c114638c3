#include "tasks/report_room.h"

#include <algorithm>

#include "base/cut.h"
#include "base/limits.h"
#include "tasks/report_text.h"

namespace lamplighter::tasks {
namespace {

// What the machine adds (how the mail went), and then some.
constexpr std::size_t kAnswerBytes = 240'000;
static_assert(kAnswerBytes < limits::kPayloadBytes);
constexpr std::size_t kLeastBodyBytes = 20'000;
constexpr std::size_t kShortReason = 200;
constexpr std::size_t kFewNotes = 3;

template <class Work>
void for_each_phase(ReportAnswer& report, Work work) {
  for (auto& environment : report.environments) {
    for (auto& phase : environment.phases) work(phase);
  }
}

void leave_out(ReportedPhase& phase, const ServerAnswer& server) {
  auto& groups = phase.left_out;
  const auto is_like = [&](const LeftOut& group) {
    return group.state == server.state && group.instance_status == server.instance_status &&
           group.system_status == server.system_status;
  };
  auto group = std::find_if(groups.begin(), groups.end(), is_like);
  if (group == groups.end())
    group = groups.insert(group, {server.state, server.instance_status, server.system_status, {}});
  group->ids.push_back(server.id);
}

std::size_t bytes_of(const ReportAnswer& report) { return json_text(to_json(report)).size(); }

/// The answer without any server's row.
std::size_t bare_bytes(ReportAnswer report) {
  for_each_phase(report, [](ReportedPhase& phase) {
    for (const auto& server : phase.servers) leave_out(phase, server);
    phase.servers.clear();
  });
  return bytes_of(report);
}

/// Reasons of many environments may be more than all their servers.
void shorten_reasons(ReportAnswer& report) {
  for (auto& environment : report.environments) {
    environment.reason = cut_middle(std::move(environment.reason), kShortReason);
  }
  for_each_phase(report, [](ReportedPhase& phase) {
    phase.reason = cut_middle(std::move(phase.reason), kShortReason);
    phase.notes.resize(std::min(phase.notes.size(), kFewNotes));
  });
  for (auto& trouble : report.alarms.troubles) trouble = cut_middle(std::move(trouble), kShortReason);
}

/// Leaves out the rows that `room` bytes can't hold.
void leave_rows(ReportAnswer& report, std::size_t room) {
  for (const bool with_reason : {true, false}) {
    for_each_phase(report, [&](ReportedPhase& phase) {
      std::erase_if(phase.servers, [&](const ServerAnswer& server) {
        if (server.reason.empty() == with_reason || server.id.empty()) return false;
        const std::size_t bytes = json_text(to_json(server)).size();
        if (bytes <= room) {
          room -= bytes;
          return false;
        }
        leave_out(phase, server);
        return true;
      });
    });
  }
}

}  // namespace

void fit(const ReportPayload& task, ReportAnswer& report, bool in_lambda) {
  std::size_t bare = bare_bytes(report);
  const auto left = [&] { return kAnswerBytes - std::min(kAnswerBytes, bare); };
  const ReportAnswer whole = report;
  if (left() < kMailBytes) {
    shorten_reasons(report);
    bare = bare_bytes(report);
  }
  report.body = body_of(task, whole, std::clamp(left(), kLeastBodyBytes, kMailBytes), in_lambda);
  const std::size_t body = json_text(json::value(report.body)).size();
  leave_rows(report, left() - std::min(left(), body));
}

}  // namespace lamplighter::tasks
