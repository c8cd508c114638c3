// The leases of a task's fleet, and the table that they are in, where its `coordination` says that they lie.
#pragma once

#include <optional>
#include <string>

#include "coordination/dynamodb_table.h"
#include "tasks/admission/holders.h"
#include "tasks/admission/lease.h"
#include "tasks/protocol/execution_name.h"
#include "tasks/protocol/lease.h"
#include "tasks/task.h"

namespace lamplighter::tasks {

/// Refers to the context. For one thread, at one place.
class FleetLeases final : public Holders {
 public:
  FleetLeases(const Context& context, const Coordination& coordination, const std::string& fleet);

  FleetLeases(const FleetLeases&) = delete;
  FleetLeases& operator=(const FleetLeases&) = delete;

  /// nullptr where runs agree on nothing.
  [[nodiscard]] Leases* get() { return leases_ ? &*leases_ : nullptr; }
  [[nodiscard]] coordination::Table* table() { return table_; }
  /// What the leases call one of the engine's executions.
  [[nodiscard]] std::string holder(const std::string& execution) const {
    return holder_name(execution, engine_);
  }
  [[nodiscard]] Standing standing(const std::string& holder, const std::string& environment) const override;

 private:
  const Holders* holders_;
  std::string engine_;  ///< "" where its executions are alone
  std::optional<coordination::DynamoDbTable> elsewhere_;
  coordination::Table* table_ = nullptr;
  std::optional<Leases> leases_;
};

}  // namespace lamplighter::tasks
