// The lease on an environment: which execution it belongs to. One item of the coordination table, so that
// every change of it is one conditional write.
//
// Each execution that takes it brings a new generation. A look reads the lease before it changes anything,
// and goes on only where its own generation stands; so whoever takes it over need not wait for an answer,
// only for what was under way: until the holder has left, or the longest task has passed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "coordination/table.h"
#include "tasks/protocol/action.h"

namespace lamplighter::tasks {

enum class LeaseState {
  held,      ///< its execution works on the environment
  reported,  ///< the report has looked: only alarms are left to be unmuted
  released,  ///< free
};

/// A word to an execution that it is to halt this environment.
struct Cancellation {
  std::string execution;
  std::string by;  ///< who said so

  friend bool operator==(const Cancellation&, const Cancellation&) = default;
};

/// An execution, as far as others are concerned.
struct Contender {
  std::string execution;  ///< its ARN
  Time started{};         ///< when it began: of two, the later is the newer
  Action action = Action::start;

  friend bool operator==(const Contender&, const Contender&) = default;
};

struct Lease {
  std::uint64_t generation = 0;  ///< 0: nobody has ever taken it
  Contender holder;
  Contender newest;  ///< of all that ever took it: what the environment is to be in the end
  LeaseState state = LeaseState::released;
  std::uint64_t beat = 0;  ///< grows with each renewal, which leaves the generation
  int holds = 0;           ///< seconds from the last beat, unless it is renewed
  std::uint64_t awaited =
      0;  ///< the generation that may still be acting: the holder doesn't act yet; 0: none
  std::string awaited_execution;  ///< its holder
  std::uint64_t left = 0;  ///< the latest generation whose holder said that it changes nothing any more
  std::vector<Cancellation> cancelled;  ///< the latest few

  friend bool operator==(const Lease&, const Lease&) = default;
};

/// Whether somebody who held it before may still be acting.
inline bool is_awaiting(const Lease& lease) { return lease.awaited > lease.left; }
/// "stop-20261127-2000 (since 2026-11-27T20:00:00.000Z)".
std::string called(const Contender& one);
/// The same, and "stops it".
std::string doing(const Contender& one);
/// "superseded by stop-20261127-2000 (since …)": why a run has an environment no longer.
std::string superseded_by(const Contender& one);
/// The execution's name of such words, in front of others or alone; "" for other words.
std::string superseder_in(std::string_view words);
/// Who told the execution to halt the environment; "" for nobody.
std::string cancelled_by(const Lease& lease, const std::string& execution);

/// A lease as it was read, and what its replacement must have seen.
struct LeaseItem {
  Lease lease;
  std::uint64_t version = 0;
};

/// The leases of a fleet's environments. Keeps a reference to the table.
class Leases {
 public:
  Leases(coordination::Table& table, std::string fleet) : table_(table), fleet_(std::move(fleet)) {}

  /// Errors: the table's; internal "InvalidLease" for what is no lease.
  Result<LeaseItem> read(const std::string& environment);
  /// False where somebody was faster.
  Result<bool> replace(const std::string& environment, std::uint64_t seen, const Lease& lease);

 private:
  [[nodiscard]] std::string key(const std::string& environment) const;

  coordination::Table& table_;
  std::string fleet_;
};

}  // namespace lamplighter::tasks
