// How far a run is, as its history tells it: the model behind the live view and the plain lines. It knows
// the machine's states by its shape (machine/shape.h) and reads nothing but events, so a resumed run, a
// simulated one and a real one look the same.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/core/event.h"
#include "json/json.h"
#include "machine/shape.h"
#include "tasks/protocol/branch_end.h"
#include "tasks/protocol/notify.h"
#include "tasks/protocol/report_answer.h"

namespace lamplighter::run {

struct PhaseProgress {
  enum class Status { to_come, working, settling, ready, failed, not_touched };
  std::string name;
  Status status = Status::to_come;
  std::int64_t ready = 0;
  std::int64_t total = 0;               ///< 0 until the first look
  bool unchanged = false;               ///< ready, and all was as it was to be before
  std::vector<std::string> left_alone;  ///< servers that are another's to start and stop, and whose
  std::string waiting_for;
  std::string reason;
  std::optional<Time> started;
  std::optional<Time> ended;       ///< ready or failed
  Duration timeout{0};             ///< from `started` on; then it fails
  std::optional<Time> settled_at;  ///< when settling will be over
};

struct EnvironmentProgress {
  enum class Status { running, ready, skipped, halted };
  std::string name;
  Status status = Status::running;
  std::string reason;       ///< why it halted, or was skipped
  std::string waiting_for;  ///< before its phases: what keeps it from beginning
  std::optional<Time> waiting_since;
  std::vector<PhaseProgress> phases;
  std::optional<Time> ended;

  [[nodiscard]] std::size_t phases_done() const;
  [[nodiscard]] bool unchanged() const;                ///< ready, and there was nothing to do
  [[nodiscard]] const PhaseProgress* current() const;  ///< working, settling or failed; nullptr for none
};

/// How far the alarms are, after the report.
struct UnmuteProgress {
  std::vector<std::string> left;      ///< that were muted when they were last seen; some of many
  std::vector<std::string> troubles;  ///< of the last look
  std::map<std::string, int> later;   ///< how many stay muted for later executions, by their names
  int enabled = 0;                    ///< that have their voice by now
  bool looked = false;                ///< at all of them, at least once
  bool over = false;                  ///< nobody looks again
};

/// One moment of a run, to be shown.
struct RunProgress {
  tasks::Action action = tasks::Action::start;
  std::string fleet;
  std::string execution;
  std::vector<EnvironmentProgress> environments;
  Time started{};
  std::optional<Time> ended;      ///< its report is out, and its mail sent; or the execution has ended
  bool reporting = false;         ///< the report is being made, or sent
  std::string reporting_trouble;  ///< why it has to be tried again
  std::string failure;            ///< the execution's error and cause
};

/// Safe to use from several threads: the engine's tells it events, a view asks.
class Progress {
 public:
  Progress(const machine::Shape& shape, std::string execution);

  /// Events in their order; one that was told before is passed over.
  void apply(const std::vector<engine::Event>& events);

  [[nodiscard]] RunProgress now() const;
  [[nodiscard]] const machine::Shape& shape() const { return shape_; }
  /// nullopt before the report was sent.
  [[nodiscard]] std::optional<tasks::ReportAnswer> report() const;
  /// nullopt until the report and its mail are done, and in machines that leave alarms as they are.
  [[nodiscard]] std::optional<UnmuteProgress> unmuting() const;
  /// What became of each message about the report, in the order of its recipients; none where nobody was to
  /// be told, or before.
  [[nodiscard]] std::vector<tasks::Notified> notified() const;
  /// How each branch ended: what the report was to be made of.
  [[nodiscard]] std::vector<tasks::BranchEnd> branch_ends() const;
  /// The error that kept the report from being sent; "" where none did.
  [[nodiscard]] std::string report_failure() const;

 private:
  struct Place {
    std::size_t environment = 0;
    std::size_t phase = 0;
    enum class Role { task, settle } role = Role::task;
  };

  void apply_one(const engine::Event& event);
  void entered(const engine::Event& event, const std::string& name);
  void exited(const engine::Event& event, const std::string& name);
  void admitted(const engine::Event& event, EnvironmentProgress& environment);
  void looked(const engine::Event& event, PhaseProgress& phase, const json::value& output);
  void branch_ended(const engine::Event& event, const json::value& output);
  void unmuted(const json::value& output);
  void failed(const engine::Event& event);
  void ended(const engine::Event& event);
  [[nodiscard]] PhaseProgress* phase_of_strand(std::uint32_t strand);

  machine::Shape shape_;
  mutable std::mutex mutex_;
  std::map<std::string, Place> places_;            ///< by the names of task and settle states
  std::map<std::string, std::size_t> admissions_;  ///< environments, by the names of their admit states
  std::map<std::string, std::int64_t> settle_seconds_;
  std::map<std::uint32_t, Place> strands_;  ///< which phase a branch is in
  RunProgress run_;
  std::optional<tasks::ReportAnswer> report_;
  std::vector<tasks::Notified> notified_;
  std::optional<UnmuteProgress> unmuting_;
  std::vector<tasks::BranchEnd> branch_ends_;
  std::string last_error_;
  std::int64_t last_id_ = 0;
};

/// When the report of a history was out and its mail sent: the run's end, as people and benchmarks have it;
/// nullopt where no loop follows, and the execution's end is that.
std::optional<Time> reported_at(const std::vector<engine::Event>& events);

/// The report's answer among them, in whatever order they come; nullopt for none.
std::optional<tasks::ReportAnswer> report_in(const std::vector<engine::Event>& events);

}  // namespace lamplighter::run
