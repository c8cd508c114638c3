#include "tasks/report_phase.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "tasks/reconcile.h"
#include "tasks/refusal.h"
#include "tasks/state_reason.h"

namespace lamplighter::tasks {
namespace {

/// What the run knew of the phase; nullptr where it was not worked on.
const PhaseAnswer* find_phase(const BranchEnd& end, const std::string& name) {
  const auto found = std::find_if(end.phases.begin(), end.phases.end(),
                                  [&](const auto& phase) { return phase.name == name; });
  return found == end.phases.end() ? nullptr : &*found;
}

/// What the run knew of its servers, by id.
using Stories = std::map<std::string, ServerAnswer>;

Stories stories_of(const BranchEnd& end, const std::string& phase_name, const PhaseAnswer* known) {
  Stories stories;
  if (known != nullptr) {
    for (const auto& [reason, ids] : known->reasons) {
      for (const auto& id : ids) stories[id].reason = reason;
    }
    for (const auto& server : known->servers) stories[server.id] = server;
  }
  if (const auto members = end.members.find(phase_name); members != end.members.end()) {
    for (const auto& [state, ids] : members->second.first_states) {
      for (const auto& id : ids) stories[id].initial_state = state;
    }
  }
  stories.erase("");
  return stories;
}

/// "is stopped (Client.UserInitiatedShutdown: User initiated …)".
std::string how_it_is(const SeenServer& seen, Action action) {
  if (action == Action::start && seen.state() == "running") {
    const auto said = [](const std::string& status) { return status.empty() ? "not reported" : status; };
    const bool volumes = seen.attached_ebs_status == "impaired";
    return fmt::format("runs, but its status checks have not passed (instance {}, system {}{})",
                       said(seen.instance_status), said(seen.system_status),
                       volumes ? ", attached volumes impaired" : "");
  }
  const auto why = action == Action::start ? state_reason(seen.server.instance) : "";
  return shorten_reason(why.empty() ? "is " + seen.state() : fmt::format("is {} ({})", seen.state(), why));
}

/// The name of a phase's only server, where that is all that selects it; "" else: ids alone are carried.
std::string only_name(const Selector& servers) {
  const bool is_alone = servers.names.size() == 1 && servers.ids.empty() && servers.tags.empty();
  return is_alone ? servers.names.front() : "";
}

/// Composes one phase.
class PhaseReport {
 public:
  PhaseReport(Action action, const DescribedPhase& phase, const BranchEnd& end)
      : action_(action),
        known_(find_phase(end, phase.name)),
        stories_(stories_of(end, phase.name, known_)),
        only_name_(only_name(phase.servers)) {
    reported_.name = phase.name;
    const bool halted_here = end.halted && end.phase == phase.name;
    if (known_ != nullptr) {
      reported_.status = known_->status == PhaseStatus::ready ? PhaseEnd::ready : PhaseEnd::failed;
      reported_.reason = known_->reason;
      reported_.started_at = known_->started_at;
      reported_.ended_at = known_->ended_at;
    } else if (halted_here) {
      reported_.status = PhaseEnd::failed;
    }
    if (halted_here && reported_.reason.empty()) reported_.reason = end.reason;
    was_ready_ = reported_.status == PhaseEnd::ready;
  }

  void take(const PhaseSight& sight) {
    for (const auto& seen : sight.servers) add(seen);
    for (const auto& missing : sight.missing) {
      reported_.servers.push_back(
          {missing.name, missing.id, story_of(missing.id).initial_state, "", "", "", missing.reason});
    }
    reported_.notes = sight.notes;
    if (was_ready_ && reported_.servers_ready < reported_.servers.size()) reported_.status = PhaseEnd::failed;
  }

  /// What the run knew last, without a look.
  void take_known() {
    for (auto [id, server] : stories_) {
      server.id = id;
      if (server.name.empty()) server.name = only_name_.empty() ? id : only_name_;
      reported_.servers.push_back(std::move(server));
    }
    reported_.servers_ready = was_ready_          ? reported_.servers.size()
                              : known_ != nullptr ? known_->servers_ready
                                                  : 0;
  }

  /// Where EC2 can't be asked.
  void take(const Error& error) {
    const auto reason = fmt::format("could not be looked at again ({})", error.code);
    take_known();
    reported_.servers_ready = 0;
    for (auto& server : reported_.servers) {
      if (server.reason.empty()) server.reason = reason;
    }
    if (reported_.reason.empty()) reported_.reason = reason + ": " + describe(error);
    if (was_ready_) reported_.status = PhaseEnd::failed;
  }

  ReportedPhase done() && {
    reported_.servers_total = reported_.servers.size();
    return std::move(reported_);
  }

 private:
  [[nodiscard]] ServerAnswer story_of(const std::string& id) const {
    const auto found = stories_.find(id);
    return found == stories_.end() ? ServerAnswer() : found->second;
  }

  void add(const SeenServer& seen) {
    const bool ready = decide(action_, seen).step == Step::none;
    const auto story = story_of(seen.id());
    const bool untouched = reported_.status == PhaseEnd::not_touched;
    reported_.servers_ready += ready ? 1 : 0;
    reported_.servers.push_back(
        {seen.server.name, seen.id(),
         story.initial_state.empty() && untouched ? seen.state() : story.initial_state, seen.state(),
         seen.instance_status, seen.system_status, ready || untouched ? "" : reason_of(seen, story)});
  }

  [[nodiscard]] std::string reason_of(const SeenServer& seen, const ServerAnswer& story) const {
    if (was_ready_) {
      const bool started = action_ == Action::start;
      return fmt::format("was {}, but {}", started ? "ready" : "stopped", how_it_is(seen, action_));
    }
    return story.reason.empty() ? how_it_is(seen, action_) : story.reason;
  }

  Action action_;
  const PhaseAnswer* known_;
  Stories stories_;
  std::string only_name_;
  ReportedPhase reported_;
  bool was_ready_ = false;  ///< at its branch's end
};

}  // namespace

ReportedPhase report_phase(Action action, const DescribedPhase& phase, const BranchEnd& end,
                           const Result<PhaseSight>& sight) {
  PhaseReport report(action, phase, end);
  if (sight) {
    report.take(*sight);
  } else {
    report.take(sight.error());
  }
  return std::move(report).done();
}

ReportedPhase report_known(Action action, const DescribedPhase& phase, const BranchEnd& end) {
  PhaseReport report(action, phase, end);
  report.take_known();
  return std::move(report).done();
}

}  // namespace lamplighter::tasks
