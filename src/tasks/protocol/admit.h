// The task `admit`, which opens an environment's branch: what it is asked and what it answers, written and
// read (docs/tasks.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "json/json.h"
#include "tasks/protocol/action.h"
#include "tasks/protocol/environment.h"
#include "tasks/protocol/lease.h"
#include "tasks/protocol/membership.h"
#include "tasks/protocol/occurrence.h"

namespace lamplighter::tasks {

inline constexpr std::string_view kAdmit = "admit";

/// How long, at least, a lease has been seen as it is: the waits between looks, added up. No clock is asked:
/// what is waited for takes no less than that.
struct SeenLease {
  std::uint64_t generation = 0;
  std::uint64_t beat = 0;
  int seconds = 0;
  int waited = 0;  ///< in all, however often the lease changed

  friend bool operator==(const SeenLease&, const SeenLease&) = default;
};

struct AdmitPayload {
  Action action = Action::start;
  std::string fleet;
  DescribedEnvironment environment;
  std::string execution;
  Coordination coordination{};
  OnConflict on_conflict = OnConflict::takeover;
  Time started{};                          ///< when the execution began
  SeenLease claim{};                       ///< what the look before answered
  std::optional<Occurrence> occurrence{};  ///< nullopt: somebody started it
  bool despite_keeps = false;              ///< who said --override

  friend bool operator==(const AdmitPayload&, const AdmitPayload&) = default;
};

enum class Admission {
  run,
  waiting,  ///< another execution has the environment, or may still be acting on it
  skipped,  ///< a calendar or a person has decided so
  halted
};

struct AdmitAnswer {
  Admission status = Admission::halted;
  std::string phase;  ///< that is in the way; "" for none
  std::string reason;
  Memberships members{};
  int wait_seconds = 1;  ///< before the next look; of a waiting one
  SeenLease claim{};     ///< for that look
  BranchLease lease{};   ///< of one that runs

  friend bool operator==(const AdmitAnswer&, const AdmitAnswer&) = default;
};

json::object to_json(const AdmitPayload& payload);
json::object to_json(const AdmitAnswer& answer);

/// Error: bad_input kInvalidPayload, kInvalidAnswer.
Result<AdmitPayload> read_admit_payload(const json::value& payload);
Result<AdmitAnswer> read_admit_answer(const json::value& answer);

}  // namespace lamplighter::tasks
