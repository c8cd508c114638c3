// The leases that a run holds after its branches' ends: which of them it still has, until it gives them back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tasks/admission/tenure.h"
#include "tasks/fleet_leases.h"
#include "tasks/protocol/lease.h"

namespace lamplighter::tasks {

/// Refers to the context. For one thread.
class RunLeases {
 public:
  RunLeases(const Context& context, const Coordination& coordination, const std::string& fleet,
            const std::string& execution, Generations held);

  /// Reads them, and leaves those that another execution has taken. What can't be read counts as lost by
  /// nobody: see unclear().
  void make_sure();
  /// Who has the environment now: "superseded by …"; "" where the run still has it, or needs none.
  [[nodiscard]] std::string lost(const std::string& environment) const;
  /// Whether nobody can say whose it is; why.
  [[nodiscard]] std::string unclear(const std::string& environment) const;
  /// Those that it still has: reported, or released. An error leaves a lease as it is: it ends by itself.
  void give_back(LeaseState state);
  /// False where runs agree on nothing.
  [[nodiscard]] bool are_used() const { return used_; }
  [[nodiscard]] const Generations& held() const { return held_; }

 private:
  [[nodiscard]] Tenure tenure(const std::string& environment, std::uint64_t generation) const {
    return {environment, holder_, generation};
  }

  FleetLeases leases_;
  bool used_;
  std::string holder_;
  Generations held_;
  std::map<std::string, std::string> lost_;
  std::map<std::string, std::string> unclear_;
};

}  // namespace lamplighter::tasks
