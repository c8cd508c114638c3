// What a compiled machine does, read back from its definition: which environments, which phases in which
// order, what each asks its handler for. The plan and the live view stand on it, so they show what runs and
// not what a fleet file said at another time.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/alarm_match.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/survey.h"

namespace lamplighter::machine {

struct PhaseShape {
  std::string name;
  std::string task_state;    ///< "Start dev db servers"
  std::string settle_state;  ///< "Let dev db servers settle"; "" where there is none
  std::int64_t settle_seconds = 0;
};

struct EnvironmentShape {
  tasks::DescribedEnvironment described;
  std::string admit_state;         ///< "Admit dev"
  std::vector<PhaseShape> phases;  ///< in the order in which the action works on them

  [[nodiscard]] const std::string& name() const { return described.name; }
  [[nodiscard]] const std::string& region() const { return described.region; }
};

struct Shape {
  tasks::Action action = tasks::Action::start;
  std::string fleet;
  std::string topic;
  std::string topic_region;
  std::vector<tasks::TopicAt> more_topics;
  std::string timezone;  ///< of the report's readers; "" for UTC
  tasks::AlarmMatch alarms = tasks::AlarmMatch::dimension;
  tasks::Coordination coordination{};
  std::vector<EnvironmentShape> environments;

  /// Of the environments only those called `names`; all where none is named.
  [[nodiscard]] Shape only(const std::vector<std::string>& names) const;
};

/// Error: bad_input "NotCompiled" for a definition that compile() did not make.
Result<Shape> read_shape(const json::value& definition);

}  // namespace lamplighter::machine
