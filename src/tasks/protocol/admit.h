// The task `admit`, which opens an environment's branch: what it is asked and what it answers, written and
// read (docs/tasks.md).
#pragma once

#include <string>

#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/membership.h"

namespace lamplighter::tasks {

inline constexpr std::string_view kAdmit = "admit";

struct AdmitPayload {
  Action action = Action::start;
  std::string fleet;
  DescribedEnvironment environment;
  std::string execution;

  friend bool operator==(const AdmitPayload&, const AdmitPayload&) = default;
};

struct AdmitAnswer {
  bool admitted = false;  ///< else it is halted
  std::string phase;      ///< that is in the way; "" for none
  std::string reason;
  Memberships members;

  friend bool operator==(const AdmitAnswer&, const AdmitAnswer&) = default;
};

json::object to_json(const AdmitPayload& payload);
json::object to_json(const AdmitAnswer& answer);

/// Error: bad_input kInvalidPayload, kInvalidAnswer.
Result<AdmitPayload> read_admit_payload(const json::value& payload);
Result<AdmitAnswer> read_admit_answer(const json::value& answer);

}  // namespace lamplighter::tasks
